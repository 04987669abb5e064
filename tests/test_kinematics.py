import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose

from teleop.kinematics import closest_points, cross, gaps, jacobian, jacobian_change
from teleop.messages import Array
from teleop.se3 import difference
from tests.safety_arms import Ranged, tools
from tests.safety_scripts import HOME_Q

ARMS = Ranged()
STEP = 1e-6


def turned(joint: int, arm: int | None = None) -> Array:
    q = np.array(HOME_Q)
    q[slice(None) if arm is None else arm, joint] += STEP
    return q


@pytest.mark.parametrize("joint", range(6))
def test_the_jacobian_tells_how_the_tool_moves(joint: int):
    columns = jacobian(ARMS.at(HOME_Q), tools(HOME_Q)[0])
    moved = difference(*tools(turned(joint)), *tools(HOME_Q)) / STEP
    assert_allclose(columns[:, :, joint], moved, atol=1e-5)


@pytest.mark.parametrize("joint", range(6))
def test_the_change_of_the_jacobian_is_its_derivative(joint: int):
    here = jacobian(ARMS.at(HOME_Q), tools(HOME_Q)[0])
    there = jacobian(ARMS.at(turned(joint)), tools(turned(joint))[0])
    change = jacobian_change(ARMS.at(HOME_Q), np.swapaxes(here, 1, 2))[:, joint]
    assert_allclose(np.swapaxes(change, 1, 2), (there - here) / STEP, atol=1e-5)


@pytest.mark.parametrize("arm", [0, 1])
@pytest.mark.parametrize("joint", range(6))
def test_the_rate_of_a_gap_tells_how_fast_a_joint_closes_it(arm: int, joint: int):
    here, there = gaps(ARMS.at(HOME_Q), 0.2), gaps(ARMS.at(turned(joint, arm)), 0.2)
    assert here is not None and there is not None
    closed = (here.distance - there.distance) / STEP
    assert_allclose(here.rate[arm, :, joint], closed, atol=1e-4)


def test_arms_that_are_far_from_each_other_have_no_gaps_to_watch():
    assert gaps(ARMS.at(HOME_Q), 0.01) is None


def test_the_vector_product_is_numpys():
    a, b = np.random.default_rng(0).normal(size=(2, 4, 5, 3))
    assert_allclose(cross(a, b), np.cross(a, b))


points = hnp.arrays(np.float64, (4, 1, 3), elements=st.floats(-1.0, 1.0))


@settings(max_examples=50, deadline=None)
@given(points)
def test_no_other_points_of_two_segments_lie_closer(ends: Array):
    a, b, c, d = ends
    on_first, on_second = closest_points(a, b, c, d)
    found = np.linalg.norm(on_first - on_second)
    share = np.linspace(0.0, 1.0, 41)[:, None]
    first, second = a + share * (b - a), c + share * (d - c)
    least = np.linalg.norm(first[:, None] - second[None], axis=2).min()
    assert found <= least + 1e-6


def test_the_closest_points_of_a_segment_without_length_are_found_too():
    a, c = np.zeros((1, 3)), np.array([[1.0, -1.0, 0.0]])
    first, second = closest_points(a, a, c, c + np.array([0.0, 2.0, 0.0]))
    assert_allclose(first, 0.0)
    assert_allclose(second, [[1.0, 0.0, 0.0]])
