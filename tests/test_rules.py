"""The rules that were paid for elsewhere, each on the whole control tick.

Every test here fails when its rule is broken; the numbers are those of the design's list.
"""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from teleop.config import SafetyLimits, SessionConfig, TakeoverConfig
from teleop.messages import Arm, Mode, SessionMode, Step, ToolTarget, frozen_array
from teleop.order_messages import OrderKind
from teleop.se3 import length
from tests.control_parts import MS, PERIOD_NS, Bench, FakeRobot

PUSH = 0.6


def rolling(bench: Bench | None = None) -> Bench:
    bench = bench or Bench()
    bench.order(OrderKind.START)
    bench.tick(20)
    return bench


def taken() -> Bench:
    bench = rolling()
    bench.device.left = PUSH
    assert bench.tick(5).modes[0] is Mode.OPERATOR
    return bench


@pytest.mark.parametrize(("silent_ticks", "handed_back"), [(90, True), (300, False)])
def test_rule_1_a_device_that_falls_silent_while_pushed_releases_nothing(
    silent_ticks: int, handed_back: bool
):
    bench = taken()
    bench.device.silent = True
    steps = [bench.tick() for _ in range(silent_ticks)]
    late = steps[20:]
    assert {step.modes[0] for step in late} == {Mode.HOLD}
    assert {step.authority[0] for step in late} == {1.0}
    assert_allclose(late[-1].executed.twist[0], 0.0, atol=1e-12)
    bench.device.left, bench.device.silent = 0.0, False
    # After a drop-out nobody's hand may be on it: nothing recovers by itself into motion.
    assert (bench.tick(60).modes[0] is Mode.POLICY) is handed_back


def test_rule_1_a_device_that_comes_back_pushed_goes_on_where_it_was():
    bench = taken()
    bench.device.silent = True
    bench.tick(50)
    bench.device.silent = False
    assert bench.tick().modes[0] is Mode.OPERATOR


@pytest.mark.parametrize("arm_follows", [True, False])
def test_rule_2_the_commanded_velocity_has_no_step_at_takeover_and_hand_back(arm_follows: bool):
    limits = SafetyLimits(leash_m=0.05, leash_rad=0.5)
    bench = rolling(Bench(SessionConfig(limits=limits)))
    bench.robot.stuck = not arm_follows
    steps: list[Step] = []
    for push in (0.0, -0.9, 0.0):
        bench.device.left = push
        steps += [bench.tick() for _ in range(45)]
    modes = [step.modes[0] for step in steps]
    assert modes[0] is Mode.POLICY
    assert Mode.OPERATOR in modes
    assert modes[-1] is Mode.POLICY
    twists = np.stack([step.executed.twist for step in steps])
    change = np.diff(twists, axis=0)
    dt = PERIOD_NS * 1e-9
    assert length(change[..., :3]).max() <= limits.linear_acceleration * dt + 1e-9
    assert length(change[..., 3:]).max() <= limits.angular_acceleration * dt + 1e-9


def test_rule_2_a_new_source_begins_at_the_measured_pose():
    bench = rolling()
    bench.robot.stuck = True
    bench.tick(20)
    measured = bench.robot.position[0].copy()
    assert length(bench.robot.targets[-1].position[0] - measured)[0] > 0.002
    bench.device.left = [0, 0, 0.3, 0, 0, 0]
    while bench.tick().modes[0] is not Mode.OPERATOR:
        pass
    # Within what one tick moves, and not by what the policy had been leading.
    assert length(bench.robot.targets[-1].position[0] - measured)[0] < 0.0005


def test_rule_2_after_a_hand_back_the_policy_acts_on_later_observations_only():
    bench = taken()
    bench.policy.latency_ns = 200 * MS
    bench.tick(40)
    bench.device.left = 0.0
    while (step := bench.tick()).authority[0] == 1.0:
        pass
    handed_back_ns = step.stamp_ns
    while (step := bench.tick()).modes[0] is Mode.HOLD:
        assert_allclose(step.proposed.twist[0], 0.0)
    assert step.modes[0] is Mode.POLICY
    assert step.stamp_ns > handed_back_ns + bench.policy.latency_ns
    began_ns = bench.told.steps[0].stamp_ns
    assert began_ns + step.chunk_id * PERIOD_NS > handed_back_ns


def test_rule_2_no_chunk_outlives_its_episode():
    bench = rolling()
    bench.policy.latency_ns = 150 * MS
    bench.tick(40)
    bench.order(OrderKind.RESET)
    bench.policy.silent = False
    step = bench.tick()
    assert step.episode == 1
    began_ns, first_ns = step.stamp_ns, bench.told.steps[0].stamp_ns
    for _ in range(40):
        assert step.chunk_id == -1 or first_ns + step.chunk_id * PERIOD_NS >= began_ns
        step = bench.tick()
    assert step.modes[0] is Mode.POLICY


def test_rule_3_the_other_arm_and_both_grippers_stay_as_they_are():
    bench = rolling()
    bench.policy.opening = 0.6
    bench.tick(60)
    before = bench.tick()
    bench.device.left = PUSH
    step = bench.tick(30)
    assert step.modes == (Mode.OPERATOR, Mode.POLICY)
    assert_allclose(step.executed.twist[1], before.executed.twist[1])
    assert_allclose(step.executed.opening, before.executed.opening)
    bench.policy.opening = 0.0
    assert_allclose(bench.tick(60).executed.opening, [0.6, 0.0])
    bench.device.presses = (1, 0)
    assert_allclose(bench.tick(5).executed.opening, [0.0, 0.0])


def test_rule_4_a_hand_that_trembles_about_one_threshold_does_not_flicker():
    config = TakeoverConfig()
    assert config.leave < config.enter
    for threshold in (config.enter, config.leave):
        bench = taken()
        changes, before = 0, True
        for tick in range(200):
            bench.device.left = threshold + (0.02 if tick % 2 else -0.02)
            owned = bench.tick().authority[0] == 1.0
            changes += owned != before
            before = owned
        assert changes <= 1


def test_rule_4_a_light_touch_between_the_thresholds_keeps_what_it_has():
    for bench, owned in ((rolling(), 0.0), (taken(), 1.0)):
        bench.device.left = 0.12
        assert bench.tick(200).authority[0] == owned


def test_rule_8_what_is_recorded_is_what_the_robot_was_really_sent():
    class Clamped(FakeRobot):
        """Refuses to go beyond x = -0.095 m with its left arm."""

        def command(self, target: ToolTarget) -> ToolTarget:
            position = target.position.copy()
            position[0, 0] = min(position[0, 0], -0.095)
            return super().command(replace(target, position=frozen_array(position)))

    bench = rolling(Bench(make_robot=Clamped))
    bench.device.left = 1.0
    steps = [bench.tick() for _ in range(60)]
    assert steps[-1].operator.twist[0, 0] == pytest.approx(0.10)
    assert_allclose(steps[-1].executed.twist[0], 0.0, atol=1e-9)
    driven = [s for s in steps if s.modes[0] is Mode.OPERATOR]
    moved = sum(s.executed.twist[0, 0] for s in driven) * PERIOD_NS * 1e-9
    first = driven[0].observation.state.position[0, 0]
    assert moved == pytest.approx(bench.robot.position[0, 0] - first, abs=1e-9)


def test_a_device_button_stops_within_the_tick():
    bench = rolling()
    bench.device.stops = 1
    sent = len(bench.robot.targets)
    step = bench.tick()
    assert step.session_mode is SessionMode.STOPPED
    assert bench.robot.stops == 1
    assert len(bench.robot.targets) == sent  # nothing more is commanded
    assert_allclose(step.executed.twist, 0.0)


def test_an_order_stops_at_once_without_waiting_for_the_tick():
    bench = rolling()
    bench.order(OrderKind.STOP)
    assert bench.robot.stops == 1
    sent = len(bench.robot.targets)
    assert bench.tick(20).session_mode is SessionMode.STOPPED
    assert len(bench.robot.targets) == sent


def test_a_fault_of_the_robot_stops_and_its_release_waits_for_the_fault_to_go():
    bench = rolling()
    bench.robot.fault = "joint 3 overloaded"
    assert bench.tick().session_mode is SessionMode.STOPPED
    assert "joint 3" in bench.refusal(OrderKind.RELEASE_STOP)
    bench.robot.fault = ""
    bench.tick()
    bench.order(OrderKind.RELEASE_STOP)
    assert bench.tick().session_mode is SessionMode.IDLE


def test_a_stop_stays_until_it_is_released_and_then_waits_for_a_start():
    bench = taken()
    bench.order(OrderKind.STOP)
    assert bench.told.endings[-1].reason == "stopped"
    assert "release" in bench.refusal(OrderKind.START)
    bench.order(OrderKind.RELEASE_STOP)
    step = bench.tick(30)  # the device is still pushed
    assert step.session_mode is SessionMode.IDLE
    assert step.modes == (Mode.HOLD, Mode.HOLD)
    bench.order(OrderKind.START)
    assert bench.tick(30).modes[0] is Mode.POLICY  # not the operator's before it was let go
    assert bench.loop.refusals[0].arm is Arm.LEFT


def test_requested_is_not_granted_and_the_refusal_says_why():
    bench = Bench()
    bench.device.silent = True
    bench.order(OrderKind.START)
    bench.tick()
    assert "fresh readings" in bench.refusal(OrderKind.TAKE)
    assert bench.tick().authority == (0.0, 0.0)
