import numpy as np
import pytest
from numpy.testing import assert_allclose

from teleop.config import SafetyLimits
from teleop.errors import ConfigError
from teleop.messages import Array, frozen_array
from teleop.safety import Filtered, SafetyState, filter_motion
from tests.control_parts import START, ZERO, make_action, make_state
from tests.safety_scripts import DT, halves

LIMITS = SafetyLimits()


def feeling(*wrench: float) -> Array:
    """Of the left arm; nothing at the right one."""
    return frozen_array([wrench, (0.0,) * 6])


def run(
    wrench: Array, twist: Array = ZERO, ticks: int = 40, state: SafetyState | None = None
) -> list[Filtered]:
    """Ask for `twist` while the arms follow without error and feel `wrench`."""
    state = state or SafetyState.at_rest(make_state(), (0.0, 0.0))
    done: list[Filtered] = []
    for _ in range(ticks):
        robot = make_state(position=state.position, quaternion=state.quaternion, wrench=wrench)
        done.append(filter_motion(state, make_action(twist), robot, (False, False), DT, LIMITS))
        state = done[-1].state
    return done


def test_between_the_soft_and_the_hard_figure_an_arm_neither_pushes_nor_backs_off():
    pushed = run(feeling(-40.0, 0, 0, 0, 0, 0), frozen_array([[0.05, 0, 0, 0, 0, 0]] * 2))
    assert_allclose(pushed[-1].target.position[0], START[0], atol=1e-9)
    assert "left.force" in pushed[-1].limits_hit
    assert "left.retreat" not in pushed[-1].limits_hit
    assert pushed[-1].twist[1, 0] == pytest.approx(0.05)


def test_above_the_hard_figure_an_arm_backs_off_slowly_along_the_force_and_only_that_arm():
    done = run(feeling(-60.0, 0, 0, 0, 0, 0))
    assert "left.retreat" in done[-1].limits_hit
    speeds = halves(np.array(done[-1].twist))
    assert speeds[0, 0] == pytest.approx(LIMITS.retreat_speed)
    assert done[-1].twist[0, 0] == pytest.approx(-LIMITS.retreat_speed)
    assert_allclose(done[-1].target.position[1], START[1])
    steps = np.diff([f.twist[0, 0] for f in done])
    assert np.abs(steps).max() <= LIMITS.linear_acceleration * DT


def test_backing_off_ends_after_a_short_way_even_if_the_sensor_stays_stuck():
    done = run(feeling(0, 0, 90.0, 0, 0, 0), ticks=400)
    way = float(done[-1].target.position[0, 2] - START[0, 2])
    assert LIMITS.retreat_m <= way <= LIMITS.retreat_m + 0.002
    assert_allclose(done[-1].twist[0], 0.0, atol=1e-9)


def test_after_the_force_has_gone_an_arm_may_back_off_again():
    spent = run(feeling(0, 0, 90.0, 0, 0, 0), ticks=400)[-1].state
    still = run(feeling(0, 0, 30.0, 0, 0, 0), ticks=1, state=spent)[-1].state
    assert still.retreated[0] >= LIMITS.retreat_m  # 30 N is not gone yet
    calm = run(feeling(0, 0, 10.0, 0, 0, 0), ticks=1, state=still)[-1].state
    assert calm.retreated[0] == 0.0
    assert run(feeling(0, 0, 90.0, 0, 0, 0), ticks=20, state=calm)[-1].twist[0, 2] > 0.01


def test_who_pushes_against_a_hard_force_is_not_faster_than_asked_and_goes_back():
    asked = frozen_array([[0.1, 0.03, 0, 0, 0, 0]] * 2)
    done = run(feeling(-60.0, 0, 0, 0, 0, 0), asked)
    assert done[-1].twist[0, 0] == pytest.approx(-LIMITS.retreat_speed)
    assert done[-1].twist[0, 1] == pytest.approx(0.03)
    assert max(halves(np.array(f.twist))[0, 0] for f in done) <= 0.1045


def test_a_twist_against_a_high_torque_is_removed_and_one_with_it_is_not():
    asked = frozen_array([[0, 0, 0, 0, 0, 0.3]] * 2)
    against = run(feeling(0, 0, 0, 0, 0, -6.0), asked)[-1]
    assert_allclose(against.twist[0], 0.0, atol=1e-9)
    assert "left.torque" in against.limits_hit
    along = run(feeling(0, 0, 0, 0, 0, 6.0), asked)[-1]
    assert along.twist[0, 5] == pytest.approx(0.3)


def test_an_arm_backs_off_no_further_than_the_wall():
    low = START[0, 0] + LIMITS.workspace_low[0]
    state = SafetyState.at_rest(make_state(position=START + np.array([-0.295, 0, 0])), (0, 0))
    done = run(feeling(-60.0, 0, 0, 0, 0, 0), ticks=200, state=state)
    assert low < 0.0
    assert done[-1].target.position[0, 0] >= LIMITS.workspace_low[0]


def test_the_hard_figure_may_not_lie_below_the_soft_one():
    with pytest.raises(ConfigError, match="hard_force"):
        SafetyLimits(soft_force=30.0, hard_force=20.0)
