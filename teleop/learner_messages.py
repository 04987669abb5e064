"""What the learner and the policy process say of versions and fits; units as in `messages`."""

from dataclasses import dataclass
from enum import StrEnum

from teleop.messages import Arm, Array


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
    serving: int = -1  # the version that is to be served, -1: not known
    serving_speed: str = ""  # of the fit that made it, as in `VersionReport`


@dataclass(frozen=True)
class PolicyPublished:
    """A version stands in the store; only one that was `accepted` by the gate is served."""

    version: int
    parent: int
    path: str
    accepted: bool
    provisional: bool  # head only; a full fit follows
    reason: str  # the gate's sentence, and why a version that passed is not served all the same
    handback_ns: int  # of the correction that caused it, -1: none
    published_ns: int


@dataclass(frozen=True)
class PolicyServing:
    """The policy process now computes its chunks with this version."""

    version: int
    stamp_ns: int
    handback_ns: int  # of the correction that caused the version, -1: none


@dataclass(frozen=True)
class StratumLoss:
    """How a version does on one kind of rows."""

    stratum: str  # "demonstrations", "synthetic", "rollouts", "corrections", "held out"
    rows: int
    error: float  # mean absolute, in action scales; NaN: no rows


@dataclass(frozen=True)
class GateCheck:
    """One thing that a candidate was asked."""

    name: str  # "held-out demonstrations", "earlier corrections", "new corrections", "rollouts"
    value: float
    allowed: float  # most, for errors; least, for a share of successes or agreements
    passed: bool
    sentence: str


@dataclass(frozen=True)
class VersionReport:
    """Everything there is to show of a version; sent once it stands in the store."""

    version: int
    parent: int
    method: str  # a name in learner.methods, or "base"
    speed: str  # "base", "head", "full", "consolidate", "import"
    accepted: bool
    reason: str
    corrections: tuple[str, ...]  # names of the episodes it learned from
    losses: tuple[StratumLoss, ...]
    checks: tuple[GateCheck, ...]
    updates: int
    fit_s: float
    data_age_s: float  # from the newest row it learned from to its publication; -1: none
    seconds_from_handback: float  # to its publication; -1: no correction caused it
    created_ns: int  # wall clock


@dataclass(frozen=True, eq=False)
class CorrectionReport:
    """What a correction changed: means over its rows of the first chunk step, world axes."""

    episode: str
    arm: Arm
    start_ns: int
    duration_s: float
    version: int  # the one that `new` is of
    old: Array  # (7,) twist and opening of the version that was corrected
    operator: Array  # (7,) what was executed
    new: Array  # (7,)
    still_needed: bool  # whether `version` would, by its actions, need the same correction again


class Coaching(StrEnum):
    """What may be wrong with a correction."""

    LATE = "LATE"
    CONTRADICTORY = "CONTRADICTORY"
    OVERLONG = "OVERLONG"
    GRIPPER = "GRIPPER"  # events out of balance
    IN_VAIN = "IN_VAIN"  # the episode failed nevertheless, so hardly anything is learned from it
    SET_ASIDE = "SET_ASIDE"  # it speaks against itself, so nothing is learned from it
    INEXPRESSIBLE = "INEXPRESSIBLE"  # the base policy cannot do it: record demonstrations


@dataclass(frozen=True)
class CoachNote:
    """A sentence for the operator about a correction, with what to do about it."""

    stamp_ns: int
    kind: Coaching
    episode: str  # "": about several
    sentence: str


@dataclass(frozen=True)
class EpisodeReport:
    """What an episode cost and came to."""

    episode: str
    version: int  # that was served when it began
    success: bool
    interventions: int
    operator_s: float
    duration_s: float


class LearnerOrderKind(StrEnum):
    """What the learner process can be asked to do."""

    SERVE = "SERVE"  # version: promote it, or roll back to it
    CONSOLIDATE = "CONSOLIDATE"  # refit from the base on everything
    PAUSE = "PAUSE"
    GO_ON = "GO_ON"


@dataclass(frozen=True)
class LearnerOrder:
    """A request to the learner; it is always answered by a `Reply`."""

    kind: LearnerOrderKind
    version: int = -1
