from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from teleop.messages import Array, frozen_array
from teleop.safety_numbers import usable
from teleop.safety_vectors import Hits
from tests.control_parts import START, UPRIGHT, make_action, make_state

TWIST = frozen_array(np.full((2, 6), 0.01))
COMMANDED = START + 0.001


def judged(
    robot_of_left: dict[str, Array], twist: Array = TWIST, *, jointed: bool = False
) -> tuple[Array, Array, Array, tuple[str, ...]]:
    """What is left of the twist, the measured positions and wrenches, and the names."""
    robot, hits = replace(make_state(wrench=np.ones((2, 6))), **robot_of_left), Hits()
    out, _, seen = usable(
        COMMANDED, np.array(UPRIGHT), make_action(twist, 0.5), robot, jointed, hits
    )
    return out, seen.position, seen.wrench, hits.names()


def spoiled(values: Array, bad: float, at: tuple[int, int] = (0, 1)) -> Array:
    changed = np.array(values)
    changed[at] = bad
    return changed


def test_ordinary_numbers_pass_as_they_are():
    out, position, _, names = judged({})
    assert_array_equal(out, TWIST)
    assert_allclose(position, START)
    assert names == ()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e308, -1e7])
def test_a_request_that_is_absurd_asks_for_nothing(bad: float):
    out, position, _, names = judged({}, spoiled(TWIST, bad))
    assert_array_equal(out[0], 0.0)
    assert_array_equal(out[1], 0.01)
    assert_allclose(position, START)
    assert names == ("left.not_finite",)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e308])
def test_an_unknown_pose_is_taken_to_be_the_commanded_one_and_the_force_stays_known(bad: float):
    out, position, wrench, names = judged({"position": spoiled(START, bad)})
    assert_array_equal(out[0], 0.0)
    assert_allclose(position[0], COMMANDED[0])
    assert_array_equal(wrench, 1.0)
    assert names == ("left.not_finite",)


@pytest.mark.parametrize("bad", [np.nan, 1e7])
def test_an_unknown_force_leaves_the_pose_known_so_that_the_leash_still_holds(bad: float):
    out, position, wrench, names = judged({"wrench": spoiled(np.ones((2, 6)), bad)})
    assert_array_equal(out[0], 0.0)
    assert_allclose(position, START)
    assert_array_equal(wrench[0], 0.0)
    assert names == ("left.not_finite",)


@pytest.mark.parametrize("quaternion", [[0.0, 0, 0, 0], [2.0, 0, 0, 0], [1e200, 0, 0, 0]])
def test_a_quaternion_that_is_not_of_unit_length_is_no_attitude(quaternion: list[float]):
    out, _, _, names = judged({"quaternion": frozen_array([quaternion, [1.0, 0, 0, 0]])})
    assert_array_equal(out[0], 0.0)
    assert names == ("left.not_finite",)


def test_an_arm_without_joint_angles_stops_both_where_they_matter_and_none_where_they_do_not():
    lost = {"q": spoiled(np.zeros((2, 6)), np.nan)}
    out, _, _, names = judged(lost, jointed=True)
    assert_array_equal(out, 0.0)
    assert names == ("left.not_finite", "right.not_finite")
    assert_array_equal(judged(lost)[0], TWIST)
