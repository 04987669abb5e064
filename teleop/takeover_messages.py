"""What control tells of takeovers, holds, refusals and calls for help; units as in `messages`."""

from dataclasses import dataclass
from enum import StrEnum

from teleop.holds import Hold
from teleop.messages import Arm


class NoticeKind(StrEnum):
    """What a notice is about."""

    REFUSED = "REFUSED"  # the operator asked for something that was not granted
    HOLD = "HOLD"  # an arm holds for a reason that nobody ordered
    STOPPED = "STOPPED"
    DEVICE = "DEVICE"  # gone, back, drifting
    HELP = "HELP"  # the policy is likely to need the operator soon
    SETTINGS = "SETTINGS"  # a setting was changed
    RESUMED = "RESUMED"  # what was wrong is over


@dataclass(frozen=True)
class Notice:
    """Something the operator should know at once; each is sent when it begins, not repeated."""

    stamp_ns: int
    kind: NoticeKind
    arm: Arm | None  # None: both, or neither
    text: str  # one sentence or two: what, why, what to do


@dataclass(frozen=True)
class TakeoverStatus:
    """How things stand between the operator and the policy, some ten times a second."""

    stamp_ns: int
    authority: tuple[float, float]  # as set: 0 nudges, 1 overrides
    armed: tuple[bool, bool]  # the device was let go: a motion may take the arm over
    hold_reason: tuple[str, str]  # why an arm holds; empty: it does not
    stop_reason: str  # empty: not stopped
    risk: tuple[float, float]  # 1 is where the operator is alerted
    help_budget: float  # alerts an hour that the operator allows
    help_alerts: int  # in the last hour
    holds: tuple[Hold, Hold] = (Hold.NONE, Hold.NONE)  # what `hold_reason` says in words
    stop_ordered: bool = True  # somebody pressed stop; False: control stopped by itself
    operator: str = ""  # the name of who is at the devices, empty: nobody has said
