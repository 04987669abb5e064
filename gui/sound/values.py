"""The plain values of sound: tones, causes of alarms, alarms. No Qt, no I/O."""

from dataclasses import dataclass
from enum import StrEnum

from teleop.messages import Arm


class Tone(StrEnum):
    """Everything that can be played. All but the alarm are short and soft."""

    TO_OPERATOR = "TO_OPERATOR"  # an arm is the operator's now: rises
    TO_POLICY = "TO_POLICY"  # it is the policy's: falls
    TO_HOLD = "TO_HOLD"  # it holds, as ordered: level
    DONE = "DONE"  # an episode is saved, a version is served
    CALL = "CALL"  # the policy asks for help
    ALARM = "ALARM"  # repeats until it is acknowledged


class AlarmKind(StrEnum):
    """What an alarm is about; the first is the most urgent."""

    FAULT = "FAULT"  # of the robot, or a stop that nobody ordered
    SILENT = "SILENT"  # control says nothing while something ran
    POLICY = "POLICY"  # the policy lost an arm, uncommanded
    CAMERA = "CAMERA"  # an arm holds for want of a fresh picture
    DEVICE = "DEVICE"  # lost while it drove
    RECORDER = "RECORDER"  # something that should be recorded is not


@dataclass(frozen=True)
class Cause:
    """Why there should be an alarm now."""

    kind: AlarmKind
    arm: Arm | None  # None: both, or neither
    text: str

    @property
    def key(self) -> tuple[AlarmKind, Arm | None]:
        """What makes it another cause; the text may change while it stands."""
        return self.kind, self.arm


@dataclass(frozen=True)
class Alarm:
    """A cause that was raised, and what became of it.

    Attributes:
        cause: as it was last seen.
        raised_ns: since when.
        stood_ns: when its cause was last there.
        stands: its cause is there.
        acknowledged: the operator has silenced it.
    """

    cause: Cause
    raised_ns: int
    stood_ns: int
    stands: bool = True
    acknowledged: bool = False


def sounding(alarms: tuple[Alarm, ...]) -> bool:
    """Whether an alarm is to be heard."""
    return any(not alarm.acknowledged for alarm in alarms)
