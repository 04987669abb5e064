"""Takeovers, drop-outs, rewinds and what is told of them, on the whole control tick."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from teleop.config import SessionConfig, TakeoverConfig
from teleop.control import ControlLoop
from teleop.device_messages import DeviceProfile, DeviceReading, DeviceSeen, FrameKind, MotionFrame
from teleop.messages import Arm, FrameRef, Mode, SessionMode
from teleop.order_messages import Order, OrderKind, Reply
from teleop.takeover_messages import NoticeKind
from tests.control_parts import MS, PERIOD_NS, Bench

PUSH = 0.6


def rolling(takeover: TakeoverConfig | None = None) -> Bench:
    bench = Bench(SessionConfig(takeover=takeover or TakeoverConfig()))
    bench.order(OrderKind.START)
    bench.tick(20)
    return bench


def test_the_authority_begins_as_configured_and_is_changed_in_flight_per_arm():
    bench = rolling(TakeoverConfig(authority=0.0))
    bench.device.left = bench.device.right = PUSH
    bench.order(OrderKind.AUTHORITY, arm=Arm.RIGHT, value=1.0)
    step = bench.tick(60)
    assert step.modes == (Mode.OPERATOR, Mode.OPERATOR)
    assert step.authority == (0.0, 1.0)
    assert_allclose(step.executed.twist[0, 1], 0.02)  # the policy drives on
    assert_allclose(step.executed.twist[1], step.operator.twist[1])
    assert_allclose(step.proposed.twist, 0.02)
    bench.order(OrderKind.AUTHORITY, value=0.5)
    step = bench.tick(60)
    assert step.authority == (0.5, 0.5)
    assert_allclose(step.executed.twist[:, 1], 0.01)
    assert bench.loop.status(0).authority == (0.5, 0.5)


@pytest.mark.parametrize("value", [-0.01, 1.01, float("nan"), float("inf")])
def test_an_authority_out_of_range_is_refused(value: float):
    reply = rolling().loop.submit(Order(OrderKind.AUTHORITY, value=value))
    assert not reply.accepted
    assert "between 0" in reply.reason


def test_a_nudge_neither_flushes_nor_stops_the_policy():
    bench = rolling(TakeoverConfig(authority=0.0))
    bench.device.left = PUSH
    steps = [bench.tick() for _ in range(40)]
    bench.device.left = 0.0
    steps += [bench.tick() for _ in range(60)]
    assert {step.modes[0] for step in steps} == {Mode.POLICY, Mode.OPERATOR}  # never a hold
    assert min(step.executed.twist[0, 1] for step in steps) == pytest.approx(0.02)


def test_a_state_that_stands_still_stops_the_session_and_says_how_old_it_is():
    bench = rolling()
    bench.robot.frozen_ns = bench.clock.now_ns()
    step = bench.tick(15)
    assert step.session_mode is SessionMode.STOPPED
    assert "old" in bench.loop.status(0).stop_reason
    assert [notice.kind for notice in bench.notices] == [NoticeKind.STOPPED]
    assert "0.11 s old" in bench.notices[0].text
    assert "Clear that first" in bench.refusal(OrderKind.RELEASE_STOP)
    bench.robot.frozen_ns = -1
    assert bench.tick(5).session_mode is SessionMode.STOPPED  # it does not recover by itself
    bench.order(OrderKind.RELEASE_STOP)
    assert bench.tick().session_mode is SessionMode.IDLE


def test_a_policy_that_was_gone_is_not_set_going_by_coming_back():
    bench = rolling()
    bench.policy.silent = True
    bench.tick(300)
    bench.policy.silent = False
    step = bench.tick(100)
    assert step.modes == (Mode.HOLD, Mode.HOLD)
    assert_allclose(step.executed.twist, 0.0)
    assert step.limits_hit[:2] == ("left.policy_dropped_out", "right.policy_dropped_out")
    assert "give it back" in bench.loop.status(0).hold_reason[0]
    bench.order(OrderKind.GIVE)
    assert bench.tick(20).modes == (Mode.POLICY, Mode.POLICY)


def test_a_new_episode_does_not_set_a_dropped_out_arm_going():
    bench = rolling()
    bench.policy.silent = True
    bench.tick(300)
    bench.policy.silent = False
    bench.order(OrderKind.RESET)
    assert bench.tick(50).modes == (Mode.HOLD, Mode.HOLD)
    bench.order(OrderKind.START)
    assert bench.tick(50).modes == (Mode.POLICY, Mode.POLICY)


def test_every_camera_silent_refuses_a_takeover_by_hand_and_by_order():
    bench = rolling()
    bench.refs = (FrameRef("wrist", 1, bench.clock.now_ns()),)
    bench.tick(60)
    bench.device.left = PUSH
    assert bench.tick(5).modes[0] is Mode.HOLD
    assert "Every camera" in bench.loop.refusals[0].reason
    assert "Every camera" in bench.refusal(OrderKind.TAKE)


def test_an_operator_whose_cameras_freeze_holds():
    bench = rolling()
    bench.device.left = PUSH
    bench.tick(10)
    bench.refs = (FrameRef("wrist", 1, bench.clock.now_ns()),)
    step = bench.tick(80)
    assert step.modes[0] is Mode.HOLD
    assert "left.stale_view" in step.limits_hit
    assert_allclose(step.executed.twist[0], 0.0)


def stuck_after_three_seconds(bench: Bench) -> float:
    bench.tick(300)
    x = float(bench.robot.position[0, 0])
    bench.robot.wrench = np.array([[-22.0, 0, 0, 0, 0, 0], [0.0] * 6])
    bench.robot.stuck = True
    bench.tick(200)
    bench.robot.stuck = False
    return x


def test_a_rewind_goes_back_to_before_the_failure_and_holds_for_the_operator():
    bench = rolling()
    x = stuck_after_three_seconds(bench)
    bench.order(OrderKind.REWIND, arm=Arm.LEFT)
    bench.robot.wrench = np.zeros((2, 6))
    modes = [bench.tick().modes for _ in range(250)]
    assert modes[0] == (Mode.REWIND, Mode.POLICY)
    assert modes[-1] == (Mode.HOLD, Mode.POLICY)
    back = x - float(bench.robot.position[0, 0])
    assert 0.015 < back < 0.03  # about a second of the way at 20 mm/s
    assert "gone back" in bench.loop.status(0).hold_reason[0]
    bench.device.left = PUSH
    assert bench.tick(5).modes[0] is Mode.OPERATOR
    bench.device.left = 0.0
    assert bench.tick(60).modes[0] is Mode.POLICY


def test_the_rewind_button_does_the_same_at_the_configured_speed():
    bench = rolling(TakeoverConfig(rewind_speed=0.01))
    bench.tick(300)
    bench.device.rewinds = (0, 1)
    steps = [bench.tick() for _ in range(100)]
    assert {step.modes[1] for step in steps} == {Mode.REWIND}
    speeds = [float(np.linalg.norm(step.executed.twist[1, :3])) for step in steps[30:]]
    assert max(speeds) == pytest.approx(0.01, rel=0.05)
    assert steps[-1].modes[0] is Mode.POLICY


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        (OrderKind.HOLD, Mode.HOLD),
        (OrderKind.TAKE, Mode.OPERATOR),
        (OrderKind.GIVE, Mode.POLICY),
    ],
)
def test_an_order_ends_a_rewind(kind: OrderKind, mode: Mode):
    bench = rolling()
    bench.tick(300)
    bench.order(OrderKind.REWIND)
    assert bench.tick(10).modes == (Mode.REWIND, Mode.REWIND)
    bench.order(kind)
    assert bench.tick(20).modes == (mode, mode)


def test_a_rewind_is_refused_with_a_reason():
    assert "Nothing is running" in Bench().refusal(OrderKind.REWIND)
    bench = rolling()
    assert "far enough" in bench.refusal(OrderKind.REWIND)
    bench.tick(300)
    bench.order(OrderKind.RESET)
    bench.tick()
    assert "far enough" in bench.refusal(OrderKind.REWIND)  # that path led elsewhere
    bench.order(OrderKind.STOP)
    assert "stopped" in bench.refusal(OrderKind.REWIND)


def test_a_hold_and_its_end_are_told_at_once_and_a_held_puck_does_not_flood():
    bench = rolling(TakeoverConfig(engage="button"))
    bench.device.left = PUSH
    bench.tick(300)
    assert [notice.kind for notice in bench.notices] == [NoticeKind.REFUSED]
    bench.notices.clear()
    bench.device.left, bench.device.takes = 0.0, (1, 0)
    bench.tick(5)
    bench.device.silent = True
    bench.tick(30)
    bench.device.silent = False
    bench.tick()
    kinds = [(notice.kind, notice.arm) for notice in bench.notices]
    assert kinds == [(NoticeKind.HOLD, Arm.LEFT), (NoticeKind.RESUMED, Arm.LEFT)]


def test_a_motion_along_a_tool_is_turned_into_the_worlds_axes():
    class Turned:
        name = "turned"

        def read(self, now_ns: int) -> DeviceReading | None:
            reading = bench.device.read(now_ns)
            frame = MotionFrame(FrameKind.TOOL)
            return replace(reading, frame=(frame, frame)) if reading else None

        def close(self) -> None:
            return

    bench = rolling()
    bench.loop._station = replace(bench.loop._station, device=Turned())
    half = np.sqrt(0.5)
    bench.robot.quaternion = np.array([[half, 0, 0, half]] * 2)  # a quarter turn about z
    bench.robot.stuck = True
    bench.device.left = [1.0, 0, 0, 0, 0, 0]
    step = bench.tick(5)
    assert_allclose(step.operator.twist[0], [0, 0.10, 0, 0, 0, 0], atol=1e-9)


def test_the_device_is_read_after_the_proposal():
    order: list[str] = []
    bench = rolling()
    read, exchange = bench.device.read, bench.policy.exchange
    bench.device.read = lambda now_ns: (order.append("device"), read(now_ns))[1]
    bench.policy.exchange = lambda observation: (order.append("policy"), exchange(observation))[1]
    bench.tick()
    assert order == ["policy", "device"]


class Tuned:
    """Implements `teleop.interfaces.Tunable`; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def seen(self, now_ns: int) -> tuple[DeviceSeen, ...]:
        return ()

    def tune(self, profile: DeviceProfile) -> Reply:
        self.asked.append(profile)
        return Reply(True)

    def calibrate(self, serial: str, now_ns: int) -> Reply:
        self.asked.append((serial, now_ns))
        return Reply(True)

    def show(self, modes: tuple[Mode, Mode]) -> None:
        self.asked.append(modes)


def test_devices_are_tuned_and_calibrated_by_order():
    bench = Bench()
    assert "can be set up" in bench.refusal(OrderKind.CALIBRATE, "0001")
    tuned, profile = Tuned(), DeviceProfile("0001", yaw_deg=180.0)
    loop = ControlLoop(replace(bench.loop._station, tunable=tuned), SessionConfig())
    assert loop.submit(Order(OrderKind.CALIBRATE, text="0001")).accepted
    assert loop.submit(Order(OrderKind.TUNE, profile=profile)).accepted
    assert "no profile" in loop.submit(Order(OrderKind.TUNE)).reason
    assert tuned.asked == [("0001", bench.clock.now_ns()), profile]


def test_the_budget_of_alerts_is_set_by_order():
    bench = rolling()
    bench.order(OrderKind.HELP_BUDGET, value=6.0)
    bench.tick()
    assert bench.loop.status(0).help_budget == 6.0
    reply = bench.loop.submit(Order(OrderKind.HELP_BUDGET, value=float("nan")))
    assert not reply.accepted


def test_a_policy_that_is_lost_calls_slows_and_holds():
    config = SessionConfig()
    config = replace(config, help=replace(config.help, at_second="hold"))
    bench = Bench(config)
    bench.order(OrderKind.START)
    bench.tick(20)
    bench.policy.novelty = (50.0, 0.0)
    step = bench.tick(30)
    assert step.modes == (Mode.HOLD, Mode.POLICY)
    assert "left.asked_for_help" in step.limits_hit
    assert [notice.kind for notice in bench.notices] == [NoticeKind.HELP, NoticeKind.HOLD]
    assert bench.tick(300).modes[0] is Mode.HOLD  # and waits
    bench.device.left = PUSH
    assert bench.tick(5).modes[0] is Mode.OPERATOR
    assert bench.loop.status(0).help_alerts == 1
    assert bench.clock.now_ns() > 3 * 100 * MS + PERIOD_NS
