from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from teleop.config import ChunkConfig, EpisodeConfig, SessionConfig
from teleop.errors import RobotFault
from teleop.messages import (
    FrameRef,
    Mode,
    Outcome,
    RobotState,
    SessionMode,
    TaskStatus,
    ToolTarget,
    frozen_array,
)
from teleop.order_messages import Order, OrderKind
from tests.control_parts import PERIOD_NS, START, Bench, FakeRobot

START_ORDER = Order(OrderKind.START)


def test_before_the_start_nothing_is_commanded_and_no_episode_is_open():
    bench = Bench()
    step = bench.tick(5)
    assert (step.session_mode, step.episode) == (SessionMode.IDLE, -1)
    assert bench.robot.targets == []
    assert bench.told.openings == []


def test_start_opens_an_episode_and_the_policy_drives():
    bench = Bench()
    bench.order(OrderKind.START)
    step = bench.tick(12)
    assert [message.scene for message in bench.told.openings] == ["fake/0"]
    assert (step.episode, step.index) == (0, 11)
    assert step.modes == (Mode.POLICY, Mode.POLICY)
    assert step.policy_version == 3
    assert_allclose(step.executed.twist, 0.02)
    assert_allclose(step.executed.twist, step.proposed.twist)


def test_the_first_observation_of_an_episode_counts():
    bench = Bench()
    bench.order(OrderKind.START)
    steps = [bench.tick() for _ in range(5)]
    # Observed in the first tick, proposed from 30 ms later on.
    assert [step.modes[0] for step in steps] == [Mode.HOLD] * 3 + [Mode.POLICY] * 2


def test_the_row_keeps_all_three_actions_and_every_age():
    bench = Bench()
    bench.order(OrderKind.START)
    bench.tick(10)
    bench.device.left = 0.6
    bench.refs = (FrameRef("wrist", 1, bench.clock.now_ns() - 5 * PERIOD_NS),)
    step = bench.tick(40)
    assert step.modes == (Mode.OPERATOR, Mode.POLICY)
    assert step.authority == (1.0, 0.0)
    assert step.operator.twist[0, 0] > 0.05
    assert step.proposal_valid == (True, True)  # it goes on proposing
    assert_allclose(step.proposed.twist, 0.02)
    assert_allclose(step.executed.twist[0], step.operator.twist[0])
    assert_allclose(step.executed.twist[1], 0.02)
    assert (step.device, step.device_age_ns) == ("fake", 0)
    assert step.camera_age_ns == 45 * PERIOD_NS
    assert step.inference_ns == bench.policy.latency_ns


def test_what_the_robot_was_really_sent_is_what_is_recorded():
    class Halving(FakeRobot):
        """Goes half of every step, and says so."""

        def command(self, target: ToolTarget) -> ToolTarget:
            half = self.position + (target.position - self.position) / 2
            return super().command(replace(target, position=frozen_array(half)))

    bench = Bench(make_robot=Halving)
    bench.order(OrderKind.START)
    step = bench.tick(30)
    assert_allclose(step.proposed.twist[0, 0], 0.02)
    assert_allclose(step.executed.twist[0, 0], 0.01)


def test_the_same_history_gives_the_same_steps():
    def run() -> list[tuple[float, ...]]:
        bench = Bench()
        bench.order(OrderKind.START)
        for tick in range(60):
            bench.device.left = 0.5 if 20 <= tick < 30 else 0.0
            bench.tick()
        return [tuple(step.executed.twist[0]) for step in bench.told.steps]

    assert run() == run()


def test_success_ends_the_episode_and_the_next_one_begins_by_itself():
    bench = Bench()
    bench.order(OrderKind.START)
    bench.tick(10)
    bench.task.now = TaskStatus(inserted=True)
    bench.tick(40)
    assert [ending.outcome for ending in bench.told.endings] == [Outcome.SUCCESS]
    assert bench.task.begun == [0, 1]
    first = [step for step in bench.told.steps if step.episode == 0]
    assert [step.index for step in first] == list(range(len(first)))


def test_with_the_buttons_an_episode_ends_as_the_operator_says():
    bench = Bench(SessionConfig(episode=EpisodeConfig(automatic=False)))
    bench.order(OrderKind.START)
    bench.tick(5)
    bench.order(OrderKind.SUCCESS)
    step = bench.tick()
    assert bench.told.endings[0].outcome is Outcome.SUCCESS
    assert bench.told.endings[0].reason == "operator"
    assert step.session_mode is SessionMode.IDLE
    assert bench.robot.stops == 1
    assert "No episode is open" in bench.refusal(OrderKind.FAIL)
    bench.order(OrderKind.START)
    assert bench.tick().episode == 1


def test_reset_discards_the_episode_and_sets_the_scene_up_anew():
    bench = Bench()
    bench.order(OrderKind.START)
    bench.tick(5)
    bench.order(OrderKind.RESET)
    assert bench.tick().episode == 1
    assert bench.told.endings[0].outcome is Outcome.DISCARDED


def test_a_demonstration_is_marked_and_driven_without_a_policy():
    bench = Bench()
    bench.policy.silent = True
    bench.tick()
    bench.order(OrderKind.START, "teleop")
    bench.device.right = [0, 0, 1.0, 0, 0, 0]
    step = bench.tick(40)
    assert bench.told.openings[0].demonstration
    assert step.session_mode is SessionMode.TELEOP
    assert step.modes == (Mode.OPERATOR, Mode.OPERATOR)
    assert_allclose(step.executed.twist[1, 2], 0.10)


def test_a_silent_camera_makes_the_policy_hold_and_the_operator_may_drive():
    bench = Bench(SessionConfig(chunks=ChunkConfig(stale_camera_s=0.1)))
    bench.refs = (FrameRef("wrist", 1, bench.clock.now_ns()),)
    bench.order(OrderKind.START)
    assert bench.tick(9).modes[0] is Mode.POLICY
    assert bench.tick(5).modes == (Mode.HOLD, Mode.HOLD)
    bench.device.left = 0.5
    assert bench.tick(3).modes == (Mode.OPERATOR, Mode.HOLD)


def test_a_policy_that_falls_silent_makes_the_arms_hold():
    bench = Bench()
    bench.order(OrderKind.START)
    bench.tick(10)
    bench.policy.silent = True
    assert bench.tick(90).modes == (Mode.HOLD, Mode.HOLD)
    assert_allclose(bench.tick().executed.twist, 0.0)


def test_the_instruction_is_taken_from_the_next_tick_on():
    bench = Bench()
    bench.order(OrderKind.INSTRUCTION, "  Pull it out. ")
    assert bench.tick().observation.instruction == "Pull it out."
    assert "empty" in bench.refusal(OrderKind.INSTRUCTION, " ")


def test_the_scripted_operator_is_switched_in_flight():
    bench = Bench()
    bench.order(OrderKind.SCRIPTED, "off")
    assert not bench.switch.enabled
    bench.order(OrderKind.SCRIPTED, "on")
    assert bench.switch.enabled
    assert "'maybe'" in bench.refusal(OrderKind.SCRIPTED, "maybe")


def test_every_kind_of_order_is_answered():
    for kind in OrderKind:
        reply = Bench().loop.submit(Order(kind))
        assert reply.accepted or reply.reason.endswith(".")


def test_the_loop_ticks_at_the_configured_rate_until_told():
    bench = Bench()
    bench.loop.submit(START_ORDER)
    began_ns = bench.clock.now_ns()
    bench.loop.run(lambda: len(bench.told.steps) == 50)
    stamps = [step.stamp_ns for step in bench.told.steps]
    assert stamps == [began_ns + i * PERIOD_NS for i in range(50)]
    assert bench.robot.stops == 1
    assert bench.told.endings[-1].outcome is Outcome.UNLABELLED


def test_periods_that_were_missed_are_counted_and_not_made_up_for():
    bench = Bench()

    def until() -> bool:
        if len(bench.told.steps) == 3:
            bench.clock.advance(round(3.5 * PERIOD_NS))  # something took very long
        return len(bench.told.steps) == 6

    bench.loop.run(until)
    late = [step.late_ns for step in bench.told.steps]
    assert late[3] == pytest.approx(2.5 * PERIOD_NS, abs=PERIOD_NS)
    assert late[4:] == [0, 0]
    assert bench.loop.missed_ticks in (2, 3)


def test_quit_leaves_the_loop():
    bench = Bench()

    def until() -> bool:
        if len(bench.told.steps) == 4:
            bench.order(OrderKind.QUIT)
        return len(bench.told.steps) > 10

    bench.loop.run(until)
    assert len(bench.told.steps) == 4


def test_a_robot_that_fails_is_stopped_on_the_way_out_and_the_episode_is_closed():
    class Failing(FakeRobot):
        def read(self) -> RobotState:
            if len(self.targets) > 20:
                raise RobotFault("The left arm reports a protective stop.")
            return super().read()

    bench = Bench(make_robot=Failing)
    bench.loop.submit(START_ORDER)
    with pytest.raises(RobotFault):
        bench.loop.run(lambda: False)
    assert bench.robot.stops == 1
    assert bench.told.endings[-1].reason == "session ended"


def test_arrays_of_a_step_cannot_be_changed():
    bench = Bench()
    bench.order(OrderKind.START)
    step = bench.tick(5)
    for action in (step.operator, step.proposed, step.executed):
        for array in (action.twist, action.opening):
            assert isinstance(array, np.ndarray)
            assert not array.flags.writeable
    assert_allclose(bench.robot.targets[0].position, START)
