from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teleop.config import SafetyLimits
from teleop.lockstep import Lockstep
from teleop.messages import Array, frozen_array
from teleop.safety import SafetyState, filter_motion
from tests.control_parts import START, Told, make_action, make_state
from tests.safety_arms import Arms, Ranged
from tests.safety_scripts import DT, HOME_Q

LIMITS = SafetyLimits(workspace_low=(-2.0, -2.0, -2.0), workspace_high=(2.0, 2.0, 2.0))
TOGETHER = frozen_array([[0.1, 0, 0, 0, 0, 0], [-0.1, 0, 0, 0, 0, 0]])
APART = frozen_array(-TOGETHER)
RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large]


def both(*twist: float) -> Array:
    return frozen_array([twist] * 2)


def names(hit: tuple[str, ...]) -> set[str]:
    return {name.partition(".")[2] for name in hit}


def test_near_a_wall_the_arm_slows_down_and_stops_without_a_step():
    limits = SafetyLimits()
    state = SafetyState.at_rest(make_state(position=START + np.array([0.2, 0, 0])), (0, 0))
    speeds: list[float] = []
    hit: tuple[str, ...] = ()
    for _ in range(600):
        robot = make_state(position=state.position, quaternion=state.quaternion)
        done = filter_motion(
            state, make_action(both(0.15, 0.02, 0, 0, 0, 0)), robot, (False, False), DT, limits
        )
        state = done.state
        speeds.append(float(done.twist[1, 0]))
        hit = done.limits_hit
    assert state.position[1, 0] == pytest.approx(limits.workspace_high[0], abs=1e-4)
    assert state.position[1, 0] <= limits.workspace_high[0]
    steps = np.diff(speeds)
    assert steps.min() > -limits.linear_acceleration * DT
    # Along the wall it goes on until the next one.
    assert "right.workspace" in hit and state.position[1, 1] > 0.1


def test_the_two_arms_come_no_nearer_than_their_distance_and_part_freely():
    arms = Arms(LIMITS)
    done = arms.ask(TOGETHER, 100)
    assert {"left.arm_distance", "right.arm_distance"} <= set(done.limits_hit)
    assert arms.gap() == pytest.approx(LIMITS.arm_distance, abs=3e-4)
    assert np.abs(done.twist[:, 0]).max() < 1e-3  # of the approach nothing is left
    sideways = arms.ask(frozen_array([[0.05, 0, 0.05, 0, 0, 0], [0] * 6]), 20)
    assert sideways.twist[0, 2] == pytest.approx(0.05, abs=5e-3)  # slides along
    parting = arms.ask(APART, 30)
    np.testing.assert_allclose(parting.twist, APART, atol=1e-6)
    assert "arm_distance" not in names(parting.limits_hit)


def test_an_arm_that_is_approached_need_not_stand_still():
    arms = Arms(LIMITS)
    arms.ask(TOGETHER, 100)
    chased = arms.ask(both(0.1, 0, 0, 0, 0, 0), 40)  # the left follows, the right flees
    assert chased.twist[1, 0] == pytest.approx(0.1, abs=1e-6)


def test_a_joint_slows_down_and_stops_before_the_end_of_its_travel_and_turns_back_freely():
    arms = Arms(LIMITS, Ranged(-0.45, 0.45))
    done = arms.ask(both(0, 0, 0.15, 0, 0, 0), 400)
    assert "joint_limit" in names(done.limits_hit)
    left = 0.45 - LIMITS.joint_margin - np.abs(arms.q - HOME_Q).max(axis=1)
    assert (left > -1e-3).all() and (left < 0.05).all()
    back = arms.ask(both(0, 0, -0.15, 0, 0, 0), 40)
    np.testing.assert_allclose(back.twist[:, 2], -0.15, atol=1e-6)


def test_a_joint_beyond_its_travel_may_only_come_back():
    arms = Arms(LIMITS, Ranged(-0.05, 0.05))  # within the margin on both sides
    assert np.abs(arms.ask(both(0, 0, 0.15, 0, 0, 0), 30).twist).max() < 1e-9
    arms.kinematics = Ranged(-5.0, -0.05)  # far beyond one of its ends
    moved = arms.ask(both(0.02, 0.03, 0.1, 0.1, 0, 0), 30)
    forward = (arms.dq > 1e-6).any(axis=1)
    assert not forward.any() or np.abs(moved.twist).max() < 1e-9


@pytest.mark.parametrize(("axis", "sign"), [(1, -1.0), (2, 1.0)])
def test_nothing_goes_on_into_a_singularity_and_the_way_out_is_free(axis: int, sign: float):
    out = np.zeros(6)
    out[axis] = sign * 0.15
    arms = Arms(LIMITS)
    worst = np.zeros(2)
    hit: set[str] = set()
    straight: list[float] = []
    for _ in range(600):
        done = arms.ask(frozen_array([out, np.zeros(6)]))
        hit |= names(done.limits_hit)
        worst = np.maximum(worst, arms.condition())
        straight.append(float(np.abs(np.delete(done.twist[0], axis)).max()))
    assert "singularity" in hit
    assert worst[0] < LIMITS.singular_stop * 1.02
    assert max(straight) < 1e-6  # it slows, and turns nowhere
    back = arms.ask(frozen_array([-out, np.zeros(6)]), 40)
    assert back.twist[0, axis] == pytest.approx(-sign * 0.15, abs=1e-6)
    assert "singularity" not in names(back.limits_hit)


def test_no_joint_turns_faster_than_allowed_and_the_direction_stays():
    slow = replace(LIMITS, joint_speed=0.1)
    arms = Arms(slow)
    done = arms.ask(both(0, 0.03, 0.09, 0, 0, 0), 40)
    assert np.abs(arms.dq).max() == pytest.approx(0.1, rel=0.05)
    assert done.twist[0, 1] == pytest.approx(done.twist[0, 2] / 3, rel=1e-3)
    assert "left.joint_speed" in done.limits_hit


def test_a_robot_without_kinematics_has_no_such_limits():
    q = np.full((2, 6), np.nan)
    robot = replace(make_state(), q=frozen_array(q))
    state = SafetyState.at_rest(robot, (0, 0))
    done = filter_motion(
        state, make_action(both(0.001, 0, 0, 0, 0, 0)), robot, (False, False), DT, LIMITS
    )
    np.testing.assert_allclose(done.twist[:, 0], 0.001)
    assert done.limits_hit == ()


def test_an_arm_of_which_no_joint_angle_is_known_stops_both():
    arms = Arms(LIMITS)
    moving, hit = arms.ask(APART, 30).state, set[str]()
    q = np.array(arms.q)
    q[0, 3] = np.nan
    robot = replace(arms.read(), q=frozen_array(q))
    for _ in range(20):
        done = filter_motion(
            moving, make_action(APART), robot, (False, False), DT, LIMITS, arms.kinematics
        )
        moving, hit = done.state, names(done.limits_hit)
    assert "not_finite" in hit
    np.testing.assert_allclose(moving.twist, 0.0)


def test_a_demonstration_of_the_task_comes_near_none_of_these_limits():
    lockstep, told = Lockstep(cameras=()), Told()
    lockstep.run_demonstration("shifted", 3, [told])
    lockstep.close()
    hit = {name for step in told.steps for name in names(step.limits_hit)}
    assert hit <= {"acceleration", "jerk", "force"}


asked = st.tuples(*[st.sampled_from((-0.15, -0.02, 0.0, 0.05, 0.15))] * 6)
legs = st.lists(st.tuples(asked, asked, st.integers(5, 60)), min_size=1, max_size=6)


def stays_within_reach(path: list[tuple[tuple[float, ...], tuple[float, ...], int]]) -> None:
    arms = Arms(LIMITS, Ranged(-0.8, 0.8))
    for left, right, ticks in path:
        turn = np.repeat([1.0, 4.0], 3)
        for _ in range(ticks):
            arms.ask(frozen_array(np.array([left, right]) * turn))
            assert (np.abs(arms.q - HOME_Q) <= 0.8 - LIMITS.joint_margin + 5e-3).all()
            assert arms.gap() >= LIMITS.arm_distance - 1e-3
        assert (arms.condition() <= LIMITS.singular_stop * 1.05).all()


@settings(max_examples=3, deadline=None, suppress_health_check=RELAXED)
@given(path=legs)
def test_no_path_leads_beyond_joints_singularities_or_into_the_other_arm(
    path: list[tuple[tuple[float, ...], tuple[float, ...], int]],
):
    stays_within_reach(path)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(max_examples=120, deadline=None, suppress_health_check=RELAXED)
@given(path=legs)
def test_no_path_leads_beyond_joints_singularities_or_into_the_other_arm_at_length(
    path: list[tuple[tuple[float, ...], tuple[float, ...], int]],
):
    stays_within_reach(path)
