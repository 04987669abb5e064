"""Episodes that the policy drives alone, with all that is needed to judge a call for help."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from learner.model import HeadInputs, PolicyNet
from learner.monitor_fit import Rollout
from learner.policy import FlowPolicy
from teleop.chunks import NEVER, Proposal
from teleop.config import HelpConfig, SessionConfig
from teleop.device_messages import DeviceReading
from teleop.devices.attention import Patience, Watch, begun, is_failing, looked
from teleop.interfaces import FrameReader
from teleop.lockstep import Lockstep
from teleop.messages import (
    ActionChunk,
    EpisodeEnded,
    EpisodeOpened,
    Mode,
    Outcome,
    Step,
)
from teleop.robots.mujoco_cell import MujocoCell

# The watch only listens here: the policy must fail as it does without it.
ALONE = SessionConfig(help=HelpConfig(alerts_per_hour=0.0, at_second="alert"))


@dataclass(frozen=True, eq=False)
class Look:
    """One tick, as the watch in the control loop sees it."""

    stamp_ns: int
    proposal: Proposal
    modes: tuple[Mode, Mode]


@dataclass(frozen=True, eq=False)
class Watched:
    """One episode.

    Attributes:
        failed: whether it ended in anything but success.
        moment_ns: when the plug first jammed, or a person would have seen that it is stuck at the
            face or gets no nearer, or it was dropped; of a success it means nothing.
        jammed: whether it was a jam that came first.
    """

    failed: bool
    moment_ns: int
    jammed: bool
    looks: tuple[Look, ...]
    rollout: Rollout


class SeenPolicy(FlowPolicy):
    """Keeps what it saw since `reset`."""

    seen: list[tuple[int, NDArray[np.float32]]]

    def reset(self) -> None:
        super().reset()
        self.seen = []

    def _ask(
        self, net: PolicyNet, version: int, instruction: str, frames: FrameReader
    ) -> tuple[ActionChunk, HeadInputs]:
        chunk, inputs = super()._ask(net, version, instruction, frames)
        self.seen.append((chunk.observation_ns, net.seen(inputs)[0].numpy().copy()))
        return chunk, inputs


class _Bystander:
    """Implements `teleop.interfaces.Device`: sees what happens and touches nothing."""

    name = "none"

    def __init__(self, robot: MujocoCell) -> None:
        self._robot = robot
        self._watch: Watch | None = None
        self.jammed_ns = self.failing_ns = NEVER

    def read(self, now_ns: int) -> DeviceReading | None:
        truth = self._robot.truth()
        self._watch = looked(self._watch or begun(now_ns), truth, now_ns)
        if truth.jammed and self.jammed_ns == NEVER:
            self.jammed_ns = now_ns
        failing = truth.dropped or is_failing(self._watch, truth, now_ns, Patience())
        if failing and self.failing_ns == NEVER:
            self.failing_ns = now_ns
        return None

    def close(self) -> None:
        return


class _Looks:
    """Implements `teleop.interfaces.StepSink`."""

    def __init__(self) -> None:
        self.looks: list[Look] = []

    def opened(self, message: EpisodeOpened) -> None:
        del message

    def step(self, step: Step) -> None:
        proposal = Proposal(
            step.proposed,
            step.proposal_valid,
            chunk_id=step.chunk_id,
            novelty=step.novelty,
            force_surprise=step.force_surprise,
        )
        if step.episode >= 0:
            self.looks.append(Look(step.stamp_ns, proposal, step.modes))

    def ended(self, message: EpisodeEnded) -> None:
        del message


def watch_episode(lockstep: Lockstep, policy: SeenPolicy, distribution: str, seed: int) -> Watched:
    """Run one episode without an operator."""
    there: list[_Bystander] = []

    def bystander(robot: MujocoCell) -> _Bystander:
        there.append(_Bystander(robot))
        return there[-1]

    sink = _Looks()
    result = lockstep.run_episode(distribution, seed, policy, bystander, (sink,))
    (person,) = there
    moments = [ns for ns in (person.jammed_ns, person.failing_ns) if ns != NEVER]
    moment_ns = min(moments, default=sink.looks[-1].stamp_ns)
    started_ns = sink.looks[0].stamp_ns
    failed = result.outcome is not Outcome.SUCCESS
    rollout = Rollout(
        np.array([(stamp_ns - started_ns) * 1e-9 for stamp_ns, _ in policy.seen]),
        np.stack([feature for _, feature in policy.seen]),
        failed,
    )
    return Watched(failed, moment_ns, moment_ns == person.jammed_ns, tuple(sink.looks), rollout)
