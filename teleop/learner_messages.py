"""What the learner and the policy process say of versions and fits; units as in `messages`."""

from dataclasses import dataclass
from enum import StrEnum


class LearnerState(StrEnum):
    """What the learner is at."""

    STARTING = "STARTING"
    WAITING = "WAITING"
    HEAD_UPDATE = "HEAD_UPDATE"
    FULL_FIT = "FULL_FIT"
    GATE = "GATE"
    PAUSED = "PAUSED"


@dataclass(frozen=True)
class LearnerStatus:
    """What the learner says of itself a few times a second."""

    stamp_ns: int
    state: LearnerState
    progress: float  # 0..1 of the present fit
    newest_version: int
    corrections: int
    demonstrations: int
    loss_demonstrations: float  # NaN: not measured yet
    loss_corrections: float
    message: str


@dataclass(frozen=True)
class PolicyPublished:
    """A version stands in the store; if it was `accepted` by the gate, it is to be served."""

    version: int
    parent: int
    path: str
    accepted: bool
    provisional: bool  # head only; a full fit follows
    reason: str  # the gate's sentence
    handback_ns: int  # of the correction that caused it, -1: none
    published_ns: int


@dataclass(frozen=True)
class PolicyServing:
    """The policy process now computes its chunks with this version."""

    version: int
    stamp_ns: int
    handback_ns: int  # of the correction that caused the version, -1: none
