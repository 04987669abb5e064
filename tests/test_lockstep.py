import time
from collections.abc import Iterator

import numpy as np
import pytest

from teleop.config import EpisodeConfig, SessionConfig
from teleop.devices.plug_operator import plug_operator
from teleop.lockstep import Lockstep
from teleop.messages import EpisodeEnded, EpisodeOpened, Mode, Outcome, SessionMode, Step
from tests.lockstep_parts import StraightPolicy

TAKEOVER = SessionConfig().takeover
EASY, HARD = ("near", 2), ("shifted", 2)  # the straight policy: inserts alone, needs help


class Log:
    """Implements `teleop.interfaces.StepSink`."""

    def __init__(self) -> None:
        self.begun: list[EpisodeOpened] = []
        self.steps: list[Step] = []
        self.over: list[EpisodeEnded] = []

    def opened(self, message: EpisodeOpened) -> None:
        self.begun.append(message)

    def step(self, step: Step) -> None:
        self.steps.append(step)

    def ended(self, message: EpisodeEnded) -> None:
        self.over.append(message)


@pytest.fixture(scope="module")
def lockstep() -> Iterator[Lockstep]:
    made = Lockstep(SessionConfig(episode=EpisodeConfig(time_limit_s=8.0)))
    yield made
    made.close()


def test_the_same_seed_gives_the_same_steps(lockstep: Lockstep):
    first, second = Log(), Log()
    one = lockstep.run_episode(*EASY, StraightPolicy(), sinks=[first])
    lockstep.run_episode(*HARD, StraightPolicy(), lambda cell: plug_operator(cell, TAKEOVER))
    two = lockstep.run_episode(*EASY, StraightPolicy(), sinks=[second])
    assert one == two
    assert one.outcome is Outcome.SUCCESS
    for a, b in zip(first.steps, second.steps, strict=True):
        assert np.array_equal(a.observation.state.q, b.observation.state.q)


def test_it_is_faster_than_real_time(lockstep: Lockstep):
    lockstep.run_episode(*EASY, StraightPolicy())
    started = time.process_time()
    result = lockstep.run_episode(*EASY, StraightPolicy())
    assert time.process_time() - started < result.duration_s / 2


def test_the_policy_sees_every_state_and_images_of_the_present_scene(lockstep: Lockstep):
    policy, log = StraightPolicy(), Log()
    lockstep.run_episode(*EASY, policy, sinks=[log], replan_s=0.2)
    running = [step for step in log.steps if step.episode == 0]
    assert len(policy.observed) >= len(running)
    first_ns = log.begun[0].stamp_ns
    assert policy.image_stamps_ns[1] >= first_ns
    planned = np.diff(policy.image_stamps_ns[1:])
    assert planned.min() >= 190_000_000
    assert planned.max() <= 300_000_000


def test_the_operator_corrects_what_the_policy_cannot_do_and_that_is_counted(lockstep: Lockstep):
    alone = lockstep.run_episode(*HARD, StraightPolicy())
    log = Log()
    helped = lockstep.run_episode(
        *HARD, StraightPolicy(), lambda cell: plug_operator(cell, TAKEOVER), [log], episode=7
    )
    assert (alone.outcome, alone.reason, alone.interventions) == (Outcome.FAIL, "time out", 0)
    assert helped.outcome is Outcome.SUCCESS
    assert helped.interventions >= 1
    driven = [step for step in log.steps if Mode.OPERATOR in step.modes]
    assert helped.operator_s == pytest.approx(len(driven) * 0.01, abs=0.05)
    assert all(step.proposal_valid[0] for step in driven[60:])  # the policy goes on proposing
    assert log.begun[0].scene == "plug/shifted/2"
    assert log.over[0].episode == helped.episode == 7


def test_a_demonstration_is_the_experts_own_without_a_policy(lockstep: Lockstep):
    log = Log()
    result = lockstep.run_demonstration("shifted", 4, [log])
    assert result.outcome is Outcome.SUCCESS
    assert log.begun[0].demonstration
    steps = [step for step in log.steps if step.episode == 0]
    assert {step.session_mode for step in steps} == {SessionMode.TELEOP}
    assert {mode for step in steps for mode in step.modes} == {Mode.OPERATOR}
    assert not any(any(step.proposal_valid) for step in steps)


def test_a_push_moves_the_arm_but_not_the_label(lockstep: Lockstep):
    log = Log()
    lockstep.run_demonstration("near", 3, [log])
    steps = log.steps[2:]
    asked = np.cumsum([step.executed.twist[0, :3] * 0.01 for step in steps], axis=0)
    went = np.array([step.observation.state.position[0] for step in steps])
    astray = np.abs((went - went[0])[1:] - asked[:-1]).max()
    assert astray > 0.002
