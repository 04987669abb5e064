"""When each control tick woke and how long each takeover took, as the control process saw it.

Kept in memory while it runs and written as one JSON file at the end, so that measuring costs the
loop nothing that it would notice.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Self

import msgspec

from teleop.config import SafetyLimits
from teleop.episodes import NO_EPISODE
from teleop.errors import SessionError
from teleop.interfaces import Clock, Robot
from teleop.messages import (
    Array,
    EpisodeEnded,
    EpisodeOpened,
    Mode,
    RobotState,
    Step,
    ToolTarget,
)
from teleop.velocity_steps import Velocities, VelocityStep, steps_over_limit

FILE_NAME = "timing.json"


@dataclass(frozen=True, slots=True)
class Tick:
    """When a control tick came, and how long it took. All times are integer monotonic ns."""

    stamp_ns: int
    late_ns: int  # against its deadline
    took_ns: int  # from its stamp until everybody was told
    index: int  # within the episode; the first sets a simulated scene up, which takes long


@dataclass(frozen=True, slots=True)
class Change:
    """A tick in which an arm's mode or the operator's share of it changed."""

    stamp_ns: int
    sent_ns: int  # when the command was handed to the robot
    episode: int
    modes: tuple[Mode, Mode]
    authority: tuple[float, float]
    device_age_ns: int  # of the newest report; -1: none


@dataclass
class Timing:
    """Everything that was taken down."""

    ticks: list[Tick] = field(default_factory=list[Tick])
    changes: list[Change] = field(default_factory=list[Change])
    velocity_steps: list[VelocityStep] = field(default_factory=list[VelocityStep])

    def between(self, first_ns: int, last_ns: int) -> Self:
        """What came from `first_ns` to `last_ns`."""
        return type(self)(
            [tick for tick in self.ticks if first_ns <= tick.stamp_ns <= last_ns],
            [change for change in self.changes if first_ns <= change.stamp_ns <= last_ns],
            [step for step in self.velocity_steps if first_ns <= step.stamp_ns <= last_ns],
        )

    def missed_ticks(self, period_ns: int) -> tuple[int, int]:
        """Periods left out whole: within episodes, and after the tick that began one."""
        missed = [0, 0]
        for before, now in pairwise(self.ticks):
            apart_ns = now.stamp_ns - now.late_ns - before.stamp_ns + before.late_ns
            missed[before.index == 0] += max(0, round(apart_ns / period_ns) - 1)
        return missed[0], missed[1]

    def takeovers_ns(self) -> list[int]:
        """From the report that decided each takeover, the newest at its tick, to the command."""
        taken: list[int] = []
        for before, now in pairwise(self.changes):
            begun = any(
                mode is Mode.OPERATOR and past is not Mode.OPERATOR
                for mode, past in zip(now.modes, before.modes, strict=True)
            )
            if begun and now.device_age_ns >= 0:
                taken.append(now.sent_ns - now.stamp_ns + now.device_age_ns)
        return taken


class TimedRobot:
    """Implements `teleop.interfaces.Robot` over another; notes when the last command was sent.

    The instant is taken as the command is handed over: a simulated robot goes on to compute its own
    motion in that call, which a real one does by itself.
    """

    def __init__(self, robot: Robot, clock: Clock) -> None:
        self._robot = robot
        self._clock = clock
        self.sent_ns = 0

    def read(self) -> RobotState:
        return self._robot.read()

    def command(self, target: ToolTarget) -> ToolTarget:
        self.sent_ns = self._clock.now_ns()
        return self._robot.command(target)

    def stop(self) -> None:
        self._robot.stop()

    def close(self) -> None:
        self._robot.close()


class TimingLog:
    """Implements `teleop.interfaces.StepSink`: takes down every tick of every episode.

    It stands last among the sinks, so that a tick's time holds what the others take.

    Args:
        robot: tells when the command was sent.
        clock: the loop's.
        limits: what the velocity's steps are held against.
        period_s: of the ticks.
        carried_on: gives the twist (2, 6) that the safety filter carries on from.
    """

    def __init__(
        self,
        robot: TimedRobot,
        clock: Clock,
        limits: SafetyLimits,
        period_s: float,
        carried_on: Callable[[], Array],
    ) -> None:
        self.timing = Timing()
        self._robot, self._clock = robot, clock
        self._limits, self._period_s = limits, period_s
        self._carried_on = carried_on
        self._shares: tuple[tuple[Mode, Mode], tuple[float, float]] | None = None
        self._before: Velocities | None = None

    def opened(self, message: EpisodeOpened) -> None:
        self._before = None

    def step(self, step: Step) -> None:
        if step.episode == NO_EPISODE:
            return
        took_ns = self._clock.now_ns() - step.stamp_ns
        self.timing.ticks.append(Tick(step.stamp_ns, step.late_ns, took_ns, step.index))
        if (step.modes, step.authority) != self._shares:
            self._shares = (step.modes, step.authority)
            self.timing.changes.append(
                Change(
                    step.stamp_ns,
                    self._robot.sent_ns,
                    step.episode,
                    step.modes,
                    step.authority,
                    step.device_age_ns,
                )
            )
        now = Velocities(step.stamp_ns, step.executed.twist, self._carried_on(), step.limits_hit)
        if self._before is not None:
            self.timing.velocity_steps += steps_over_limit(
                self._before, now, self._limits, self._period_s
            )
        self._before = now

    def ended(self, message: EpisodeEnded) -> None:
        return

    def write(self, folder: Path) -> None:
        """Write `timing.json`."""
        (folder / FILE_NAME).write_bytes(msgspec.json.encode(self.timing))


def read_timing(folder: Path) -> Timing:
    """What the control process took down in the session at `folder`.

    Raises:
        SessionError: it took down nothing.
    """
    path = folder / FILE_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Timing)
    except FileNotFoundError:
        raise SessionError(
            f"The control process left no {path.name} in {folder}; see its log there."
        ) from None
