"""What the safety filter promises whatever it is fed: generated histories, sane and insane.

Each property is tried briefly by default and at length in the slow suite: 6 times 800 histories of
25 ticks, 120,000 states.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from numpy.testing import assert_allclose, assert_array_equal

from teleop.cells.plug.kinematics import PlugKinematics
from teleop.config import SafetyLimits
from teleop.messages import Action, Arm, Array
from teleop.safety import SafetyState, filter_motion
from teleop.safety_vectors import Flags
from teleop.se3 import difference
from tests.control_parts import make_state
from tests.safety_scripts import DT, Seen, Tick, halves, play, scripts, sensible

LIMITS = SafetyLimits()
FREE = replace(LIMITS, leash_m=0.05, leash_rad=0.5, soft_force=200.0, hard_force=500.0)
KINEMATICS = PlugKinematics()
SPEED = np.array([LIMITS.linear_speed, LIMITS.angular_speed])
ACCELERATION = np.array([LIMITS.linear_acceleration, LIMITS.angular_acceleration])
JERK = np.array([LIMITS.linear_jerk, LIMITS.angular_jerk])
LEASH = np.array([LIMITS.leash_m, LIMITS.leash_rad])
CUTS = {"force", "torque", "leash", "workspace", "joint_limit", "joint_speed", "singularity"}

Check = Callable[[list[Tick]], None]


def cut_arms(seen: Seen) -> Flags:
    """Which arms (2,) had something taken away at once."""
    names = [name.partition(".") for name in seen.done.limits_hit]
    cut = {side for side, _, name in names if name in CUTS | {"arm_distance"}}
    return np.array([arm.name.lower() in cut for arm in Arm])


def asked_size(seen: Seen) -> Array:
    """Lengths (2, 2) of what was asked, none where it was no number."""
    rows = [row if sensible(row) else np.zeros(6) for row in seen.asked.twist]
    return halves(np.array(rows))


def nothing_grows(script: list[Tick]) -> None:
    for seen in play(script, LIMITS, KINEMATICS):
        most = np.maximum(asked_size(seen), halves(seen.before.twist))
        most[:, 0] = np.maximum(most[:, 0], LIMITS.retreat_speed * backing_off(seen))
        assert (halves(seen.done.state.twist) <= most + 1e-9).all()
        # What is sent moves as told, but for an arm that has been pushed further than its leash.
        leashed = [f"{arm.name.lower()}.leash" in seen.done.limits_hit for arm in Arm]
        assert (halves(seen.done.twist) <= np.where(leashed, np.inf, most.T).T + 1e-7).all()


def backing_off(seen: Seen) -> Flags:
    return np.array([f"{arm.name.lower()}.retreat" in seen.done.limits_hit for arm in Arm])


def nothing_exceeds_a_limit(script: list[Tick]) -> None:
    for seen in play(script, LIMITS, KINEMATICS):
        done = seen.done
        for values in (done.twist, done.target.position, done.target.opening):
            assert np.isfinite(values).all()
        assert_allclose(np.linalg.norm(done.target.quaternion, axis=1), 1.0, atol=1e-9)
        assert ((done.target.opening >= 0.0) & (done.target.opening <= 1.0)).all()
        assert (halves(done.twist) <= SPEED * (1 + 1e-6)).all()
        start, end = done.anchor, done.target
        told = difference(end.position, end.quaternion, start.position, start.quaternion)
        assert_allclose(done.twist * DT, told, atol=1e-9)
        change = halves(done.state.twist - seen.before.twist)
        assert (change[~cut_arms(seen)] <= ACCELERATION * DT * (1 + 1e-9) + 1e-12).all()
        assert (halves(done.state.acceleration) <= ACCELERATION * (1 + 1e-9)).all()
        measured = seen.robot
        if sensible(np.concatenate([measured.position.ravel(), measured.quaternion.ravel()])):
            if np.abs(np.linalg.norm(measured.quaternion, axis=1) - 1.0).max() > 1e-3:
                continue  # no pose
            at = (measured.position, measured.quaternion)
            lead = halves(difference(done.target.position, done.target.quaternion, *at))
            anchored = halves(difference(done.anchor.position, done.anchor.quaternion, *at))
            assert (lead <= np.maximum(LEASH, anchored) * (1 + 1e-6) + 1e-9).all()


def nothing_leaves_the_workspace(script: list[Tick]) -> None:
    tight = replace(LIMITS, workspace_low=(-0.12, -0.02, 0.38), workspace_high=(0.12, 0.02, 0.42))
    for seen in play(script, tight, KINEMATICS):
        anchor, target = seen.done.anchor.position, seen.done.target.position
        assert (target <= np.maximum(tight.workspace_high, anchor)).all()
        assert (target >= np.minimum(tight.workspace_low, anchor)).all()


def jerk_yields_to_shrinking_only(script: list[Tick]) -> None:
    for seen in play(script, FREE):
        before, after = seen.before, seen.done.state
        old, new = halves(before.twist), halves(after.twist)
        growing = (new > old + 1e-9) & (new < np.minimum(asked_size(seen), SPEED) - 1e-9)
        growing &= ~cut_arms(seen)[:, None]
        unasked = halves(after.twist - before.twist - before.acceleration * DT)
        assert (unasked <= 0.5 * JERK * DT**2 * (1 + 1e-6) + 1e-9)[growing].all()
        change = halves(after.acceleration - before.acceleration)
        assert (change <= JERK * DT * (1 + 1e-6) + 1e-9)[growing].all()


def the_arms_are_independent(script: list[Tick]) -> None:
    """The left arm does the same whatever the right one is asked and feels, sane or not."""
    alone = SafetyState.at_rest(make_state(), (0.2, 0.8))
    for seen in play(script, LIMITS):
        asked = Action(
            np.stack([seen.asked.twist[0], np.zeros(6)]),
            np.array([seen.asked.opening[0], 0.5]),
        )
        robot = replace(
            seen.robot,
            position=np.stack([seen.robot.position[0], alone.position[1]]),
            quaternion=np.stack([seen.robot.quaternion[0], alone.quaternion[1]]),
            wrench=np.stack([seen.robot.wrench[0], np.zeros(6)]),
        )
        flags = (seen.reanchor[0], False)
        done = filter_motion(alone, asked, robot, flags, DT, LIMITS)
        assert_allclose(done.target.position[0], seen.done.target.position[0], atol=1e-9)
        assert_allclose(done.twist[0], seen.done.twist[0], atol=1e-6)
        mine = [name for name in seen.done.limits_hit if name.startswith("left.")]
        assert [name for name in done.limits_hit if name.startswith("left.")] == mine
        alone = done.state


def the_same_gives_the_same(script: list[Tick]) -> None:
    """Also in another order, and with other calls between."""
    history = list(play(script, LIMITS, KINEMATICS))
    for seen in reversed(history):
        again = filter_motion(
            seen.before, seen.asked, seen.robot, seen.reanchor, DT, LIMITS, KINEMATICS
        )
        assert_array_equal(again.target.position, seen.done.target.position)
        assert_array_equal(again.target.quaternion, seen.done.target.quaternion)
        assert_array_equal(again.state.twist, seen.done.state.twist)
        assert_array_equal(again.state.acceleration, seen.done.state.acceleration)
        assert again.limits_hit == seen.done.limits_hit


INSANE = (
    nothing_grows,
    nothing_exceeds_a_limit,
    nothing_leaves_the_workspace,
    the_arms_are_independent,
    the_same_gives_the_same,
)
NAMES = [check.__name__ for check in INSANE]
RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.parametrize("check", INSANE, ids=NAMES)
@settings(max_examples=8, deadline=None, suppress_health_check=RELAXED)
@given(script=scripts())
def test_whatever_the_filter_is_fed(check: Check, script: list[Tick]):
    check(script)


@settings(max_examples=8, deadline=None, suppress_health_check=RELAXED)
@given(script=scripts(sane=True))
def test_jerk_is_limited_except_where_the_motion_shrinks(script: list[Tick]):
    jerk_yields_to_shrinking_only(script)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("check", INSANE, ids=NAMES)
@settings(max_examples=800, deadline=None, suppress_health_check=RELAXED)
@given(script=scripts())
def test_whatever_the_filter_is_fed_at_length(check: Check, script: list[Tick]):
    check(script)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(max_examples=800, deadline=None, suppress_health_check=RELAXED)
@given(script=scripts(sane=True))
def test_jerk_is_limited_except_where_the_motion_shrinks_at_length(script: list[Tick]):
    jerk_yields_to_shrinking_only(script)
