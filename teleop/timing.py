"""When each control tick woke and how long each takeover took, as the control process saw it.

Kept in memory while it runs and written as one JSON file at the end, so that measuring costs the
loop nothing that it would notice.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import msgspec

from teleop.episodes import NO_EPISODE
from teleop.errors import SessionError
from teleop.interfaces import Clock, Robot
from teleop.messages import (
    NUM_ARMS,
    EpisodeEnded,
    EpisodeOpened,
    Mode,
    RobotState,
    Step,
    ToolTarget,
)

FILE_NAME = "timing.json"


@dataclass
class Timing:
    """All times are integer monotonic ns."""

    stamp_ns: list[int] = field(default_factory=list[int])  # of each tick
    late_ns: list[int] = field(default_factory=list[int])  # of each tick
    takeover_at_ns: list[int] = field(default_factory=list[int])  # stamp of each takeover's tick
    takeover_ns: list[int] = field(default_factory=list[int])  # device report to command sent
    missed_ticks: int = 0

    def between(self, first_ns: int, last_ns: int) -> Self:
        """The ticks and takeovers from `first_ns` to `last_ns`."""
        ticks = zip(self.stamp_ns, self.late_ns, strict=True)
        takeovers = zip(self.takeover_at_ns, self.takeover_ns, strict=True)
        kept_ticks = [pair for pair in ticks if first_ns <= pair[0] <= last_ns]
        kept_takeovers = [pair for pair in takeovers if first_ns <= pair[0] <= last_ns]
        return type(self)(
            [stamp for stamp, _ in kept_ticks],
            [late for _, late in kept_ticks],
            [stamp for stamp, _ in kept_takeovers],
            [taken for _, taken in kept_takeovers],
            self.missed_ticks,
        )


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
    """Implements `teleop.interfaces.StepSink`: takes down every tick of a session.

    A takeover is a tick in which an arm becomes the operator's. It is timed from the report that
    decided it, the newest one at that tick, to the instant at which the command was sent.
    """

    def __init__(self, robot: TimedRobot) -> None:
        self.timing = Timing()
        self._robot = robot
        self._modes = (Mode.HOLD,) * NUM_ARMS

    def opened(self, message: EpisodeOpened) -> None:
        return

    def step(self, step: Step) -> None:
        if step.episode == NO_EPISODE:
            return
        self.timing.stamp_ns.append(step.stamp_ns)
        self.timing.late_ns.append(step.late_ns)
        taken = any(
            now is Mode.OPERATOR and before is not Mode.OPERATOR
            for now, before in zip(step.modes, self._modes, strict=True)
        )
        if taken and step.device_age_ns >= 0:
            report_ns = step.stamp_ns - step.device_age_ns
            self.timing.takeover_at_ns.append(step.stamp_ns)
            self.timing.takeover_ns.append(self._robot.sent_ns - report_ns)
        self._modes = step.modes

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
