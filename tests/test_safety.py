from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from teleop.config import SafetyLimits
from teleop.errors import ConfigError
from teleop.messages import Array, RobotState, ToolTarget, frozen_array
from teleop.safety import Filtered, SafetyState, filter_motion
from teleop.se3 import difference, from_rotvec, length
from tests.control_parts import START, UPRIGHT, make_action, make_state

DT = 0.01
LIMITS = SafetyLimits()
# Jerk hardly matters: what the other limits do shows within a tick.
BRISK = replace(LIMITS, linear_jerk=10_000.0, angular_jerk=50_000.0)
NONE = (False, False)
REST = SafetyState.at_rest(make_state(), frozen_array([0.2, 0.8]))


def x_twist(speed: float) -> Array:
    return frozen_array([[speed, 0, 0, 0, 0, 0]] * 2)


def run(
    state: SafetyState,
    twist: Array,
    ticks: int,
    robot: RobotState | None = None,
    limits: SafetyLimits = LIMITS,
) -> tuple[Filtered, list[Filtered]]:
    """Ask for `twist` again and again; without `robot` the arms track without error."""
    done: list[Filtered] = []
    for _ in range(ticks):
        measured = robot or make_state(position=state.position, quaternion=state.quaternion)
        filtered = filter_motion(state, make_action(twist), measured, NONE, DT, limits)
        state = filtered.state
        done.append(filtered)
    return done[-1], done


def test_a_small_request_passes_unchanged_once_it_is_ramped_in():
    last, _ = run(REST, x_twist(0.05), 10)
    assert_allclose(last.twist, x_twist(0.05))
    assert last.limits_hit == ()


def test_the_speed_is_limited_as_a_vector_and_named():
    asked = frozen_array([[0.3, 0.4, 0.0, 0, 0, 5.0]] * 2)
    last, _ = run(REST, asked, 40)
    assert_allclose(last.twist[0], [0.09, 0.12, 0, 0, 0, 0.8])
    assert last.limits_hit == ("left.speed", "right.speed")


def test_the_acceleration_is_limited_and_named():
    last, done = run(REST, x_twist(0.1), 3, limits=BRISK)
    assert_allclose([f.twist[0, 0] for f in done], [0.015, 0.03, 0.045], rtol=0.01)
    assert "left.acceleration" in last.limits_hit


def test_a_stuck_arm_is_led_by_the_leash_and_no_further():
    last, done = run(REST, x_twist(0.1), 60, robot=make_state())
    assert last.target.position[0, 0] - START[0, 0] == pytest.approx(LIMITS.leash_m)
    assert {"left.leash", "right.leash"} <= set(last.limits_hit)
    assert_allclose(last.twist, 0.0, atol=1e-9)
    # What is told as executed adds up to where the target is.
    total = sum(f.twist[0, 0] * DT for f in done)
    assert total == pytest.approx(LIMITS.leash_m)


def test_a_stuck_arm_is_led_by_the_leash_in_rotation_too():
    asked = frozen_array([[0, 0, 0, 0, 0.5, 0]] * 2)
    last, _ = run(REST, asked, 100, robot=make_state())
    lead = difference(last.target.position, last.target.quaternion, START, UPRIGHT)
    assert_allclose(lead[0], [0, 0, 0, 0, LIMITS.leash_rad, 0], atol=1e-9)


def test_a_leashed_arm_still_slides_sideways():
    pressed, _ = run(REST, x_twist(0.1), 60, robot=make_state())
    asked = frozen_array([[0.1, 0.03, 0, 0, 0, 0]] * 2)
    _, done = run(pressed.state, asked, 8, robot=make_state())
    assert sum(f.twist[0, 1] * DT for f in done) > 0.001


def test_an_arm_that_is_pushed_off_is_followed_at_the_speed_limit_and_left_at_rest():
    pushed = make_state(position=START + np.array([0.05, 0, 0]))
    last, done = run(REST, x_twist(0.0), 60, robot=pushed)
    assert max(float(length(f.twist[0, :3])[0]) for f in done) <= LIMITS.linear_speed * 1.0001
    lead = float(length(last.target.position[0] - pushed.position[0])[0])
    assert lead == pytest.approx(LIMITS.leash_m)
    assert_allclose(last.state.twist, 0.0)


def test_the_box_stops_the_target_at_its_wall():
    state = SafetyState.at_rest(
        make_state(position=START + np.array([0.29, 0, 0])), frozen_array([0, 0])
    )
    last, _ = run(state, x_twist(0.15), 200)
    assert last.target.position[1, 0] == pytest.approx(LIMITS.workspace_high[0])
    assert "right.workspace" in last.limits_hit


def test_a_tool_outside_the_box_may_only_come_back():
    outside = make_state(position=START + np.array([0, 0, 0.4]))
    state = SafetyState.at_rest(outside, frozen_array([0, 0]))
    up, down = frozen_array([[0, 0, 0.1, 0, 0, 0]] * 2), frozen_array([[0, 0, -0.1, 0, 0, 0]] * 2)
    assert_allclose(run(state, up, 20)[0].target.position, outside.position)
    assert (run(state, down, 20)[0].target.position[:, 2] < outside.position[:, 2]).all()


def test_a_high_force_lets_no_motion_push_further_but_lets_it_leave_and_slide():
    # The tool is turned a quarter about z: what it feels along its own x is along world y.
    turned = frozen_array([from_rotvec(np.array([0, 0, np.pi / 2]))] * 2)
    wrench = frozen_array([[-30.0, 0, 0, 0, 0, 0], [-10.0, 0, 0, 0, 0, 0]])
    robot = make_state(quaternion=turned, wrench=wrench)
    state = SafetyState.at_rest(robot, frozen_array([0, 0]))

    def moved(asked: list[float]) -> tuple[Array, tuple[str, ...]]:
        action = make_action(frozen_array([asked] * 2))
        f = filter_motion(state, action, robot, NONE, DT, BRISK)
        return f.twist, f.limits_hit

    twist, hit = moved([0.005, 0.005, 0, 0, 0, 0])  # the contact pushes the tool towards -y
    assert_allclose(twist[0], [0.005, 0, 0, 0, 0, 0], atol=1e-12)
    assert_allclose(twist[1], [0.005, 0.005, 0, 0, 0, 0], atol=1e-12)
    assert hit == ("left.force",)
    twist, hit = moved([0, -0.005, 0, 0, 0, 0])
    assert_allclose(twist[0, 1], -0.005)
    assert hit == ()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_asks_for_nothing_and_is_named(bad: float):
    twist = np.array(x_twist(0.001))
    twist[0, 4] = bad
    f = filter_motion(REST, make_action(twist, 0.5), make_state(), NONE, DT, LIMITS)
    assert_allclose(f.twist[0], 0.0)
    assert_allclose(f.twist[1, 0], 0.001)
    assert f.limits_hit == ("left.not_finite",)
    assert_allclose(f.target.opening, [0.2, 0.5])


def test_an_opening_that_is_no_number_keeps_the_last_one():
    action = make_action(0.0, [np.nan, 2.0])
    f = filter_motion(REST, action, make_state(), NONE, DT, LIMITS)
    assert_allclose(f.target.opening, [0.2, 1.0])


def test_a_measurement_that_is_no_number_stops_the_arm():
    position = np.array(START)
    position[1, 1] = np.nan
    f = filter_motion(
        REST, make_action(x_twist(0.001)), make_state(position=position), NONE, DT, LIMITS
    )
    assert_allclose(f.target.position[1], START[1])
    assert f.limits_hit == ("right.not_finite",)


def test_a_new_source_begins_at_the_measured_pose_with_the_velocity_the_arm_has():
    moving, _ = run(REST, x_twist(0.1), 30)
    measured = make_state(position=moving.state.position - [0.006, 0, 0])
    f = filter_motion(moving.state, make_action(x_twist(-0.1)), measured, (True, False), DT, BRISK)
    assert_allclose(f.anchor.position[0], measured.position[0])
    assert_allclose(f.anchor.position[1], moving.state.position[1])
    assert f.twist[0, 0] == pytest.approx(0.1 - LIMITS.linear_acceleration * DT, rel=0.01)
    assert_allclose(f.target.position[0], measured.position[0] + f.twist[0, :3] * DT)


def test_what_the_robot_was_really_sent_is_what_is_told_and_carried_on():
    f = filter_motion(REST, make_action(x_twist(0.001)), make_state(), NONE, DT, LIMITS)
    half = START + (f.target.position - START) / 2
    sent = ToolTarget(half, f.target.quaternion, frozen_array([0.4, 0.4]))
    executed = f.executed(sent, DT)
    assert_allclose(executed.twist[0, 0], 0.0005)
    assert_allclose(executed.opening, 0.4)
    assert_allclose(f.state.following(sent).position, half)
    assert f.executed(f.target, DT).twist is f.twist


@pytest.mark.parametrize(
    "figure",
    [
        "linear_jerk",
        "angular_jerk",
        "soft_torque",
        "retreat_speed",
        "retreat_m",
        "workspace_slow_m",
        "joint_margin",
        "joint_slow",
        "joint_speed",
        "singular_slow",
        "singular_stop",
        "characteristic_length",
        "arm_distance",
        "arm_distance_slow",
    ],
)
def test_a_figure_that_makes_no_sense_is_refused_by_name(figure: str):
    with pytest.raises(ConfigError, match=figure):
        replace(LIMITS, **{figure: -1.0})
    with pytest.raises(ConfigError, match=figure):
        replace(LIMITS, **{figure: 1e9})


def test_fault_a_stuck_arm_winds_up_no_lead_that_it_would_let_go_of_at_once():
    stuck, _ = run(REST, x_twist(0.1), 300, robot=make_state())
    freed, done = run(stuck.state, x_twist(0.0), 20)
    assert float(length(freed.target.position - START).max()) <= LIMITS.leash_m + 1e-9
    assert_allclose(done[-1].twist, 0.0, atol=1e-9)
