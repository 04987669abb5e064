"""What the window shows, as plain frozen values. Widgets take these and nothing else.

Arrays keep the shapes and units of `teleop.messages`. N is the number of new wrench samples.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from gui.learner_view import LearnerView
from gui.sound.values import Alarm
from gui.texts import status as words
from teleop.config import SessionConfig
from teleop.device_messages import DeviceSeen
from teleop.holds import Hold
from teleop.messages import (
    Arm,
    Array,
    Outcome,
    SessionMode,
)
from teleop.takeover_messages import NoticeKind

STEP_SILENCE_S = 0.4  # without a step for this long nothing is known about the robot
FRAME_LATE_S = 0.150  # driving by video gets worse from here on
FRAME_STALE_S = 0.500  # the picture is no longer the present


class Lead(StrEnum):
    """Who leads an arm, as the arbiter reports it; in the order of how alarming it is."""

    POLICY = "POLICY"
    OPERATOR = "OPERATOR"
    REWIND = "REWINDING"
    HOLD = "HOLD"
    NO_DATA = "NO DATA"
    STOPPED = "STOPPED"
    FAULT = "FAULT"


ALERT_ORDER = tuple(Lead)


class Level(StrEnum):
    """How much attention something asks for."""

    OK = "ok"
    UNKNOWN = "unknown"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, eq=False)
class ArmView:
    """One arm. Arrays are None until the first step."""

    arm: Arm
    lead: Lead = Lead.NO_DATA
    reason: str = words.NO_SIGN_OF_THE_CONTROL
    share: float = 0.0  # the operator's authority, 0..1
    wrench: Array | None = None  # (6,)
    tactile: Array | None = None  # (2, 8, 8) N
    opening: float | None = None
    deflection: Array | None = None  # (6,) -1..1, what the operator asks for
    operator_twist: Array | None = None  # (6,)
    proposed_twist: Array | None = None  # (6,), None also where there is no valid proposal
    executed_twist: Array | None = None  # (6,)
    limits: tuple[str, ...] = ()  # of the safety filter, hit in this step
    authority: float | None = None  # as set: 0 nudges, 1 overrides; None: not reported
    risk: float | None = None  # 1 is where the operator is alerted; None: not reported
    hold: Hold = Hold.NONE  # why it holds, as control told last; up to 0.1 s behind `lead`

    @property
    def nudging(self) -> str:
        """How much of the arm is the operator's, where that is not all of it."""
        if self.lead is not Lead.OPERATOR or self.authority is None or self.authority >= WHOLE:
            return ""
        return words.nudging(percent(self.authority))


WHOLE = 0.995  # shown as 100 %


def percent(share: float | None) -> str:
    """Return a share as it is printed; a dash if it is unknown."""
    return "—" if share is None else f"{100 * share:.0f} %"


@dataclass(frozen=True)
class NoticeLine:
    """Something the operator should know, or should have known; `count` repeats of it."""

    came_ns: int
    kind: NoticeKind
    arm: Arm | None
    text: str
    count: int = 1
    said: bool = False  # shown elsewhere already; here it is only kept


@dataclass(frozen=True)
class NoticesView:
    """What control told; the newest stands last."""

    fresh: tuple[NoticeLine, ...] = ()  # to be shown at once, three at most
    calls: tuple[NoticeLine, ...] = ()  # for help, neither acknowledged nor over
    log: tuple[NoticeLine, ...] = ()


@dataclass(frozen=True)
class HelpView:
    """How often the policy may call the operator, and how often it did."""

    budget: float | None = None  # alerts an hour; None: not reported
    alerts: int = 0  # in the last hour


@dataclass(frozen=True)
class EpisodeMark:
    """One finished episode in the charts."""

    episode: int
    outcome: Outcome
    reason: str = ""
    interventions: int = 0
    operator_s: float = 0.0
    version: int = -1


@dataclass(frozen=True)
class EpisodeView:
    """The present episode, and those that ended."""

    number: int = -1  # -1: none yet
    running: bool = False
    elapsed_s: float = 0.0
    instruction: str = ""
    scene: str = ""
    session_mode: SessionMode | None = None
    last: EpisodeMark | None = None
    saved: str = ""  # name of the newest file the recorder finished
    saves: int = 0  # whole episodes that were saved since this window was opened
    saved_episode: int = -1  # the last of them
    finished: tuple[EpisodeMark, ...] = ()


@dataclass(frozen=True)
class ProcessView:
    """One process' newest sign of life."""

    name: str
    age_s: float
    level: Level
    text: str = ""


@dataclass(frozen=True)
class Notice:
    """The newest thing that went wrong; `count` repeats of it."""

    text: str
    level: Level
    age_s: float
    count: int = 1


@dataclass(frozen=True)
class CameraView:
    """One camera as the window gets it."""

    name: str
    age_s: float = float("inf")  # of its newest picture; inf: none came


@dataclass(frozen=True)
class VitalsView:
    """Rates and ages; None: unknown, or too old to be shown."""

    rate_hz: float | None = None
    late_ms: float | None = None
    camera_age_ms: float | None = None
    inference_ms: float | None = None
    device: str = ""
    device_age_ms: float | None = None
    recorder: str = words.NO_RECORDER
    recorder_level: Level = Level.UNKNOWN
    processes: tuple[ProcessView, ...] = ()
    notice: Notice | None = None
    cameras: tuple[CameraView, ...] = ()
    free_gb: float | None = None  # of the recorder's disk
    room_s: float | None = None  # recording that it has room for
    state_age_ms: float | None = None  # of the robot's state, at the newest step
    behind_ms: float | None = None  # from the newest step's stamp to its coming here


@dataclass(frozen=True, eq=False)
class WrenchSamples:
    """One wrist's wrenches since the last view, in the order they came."""

    stamps_ns: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))  # (N,)
    values: np.ndarray = field(default_factory=lambda: np.empty((0, 6)))  # (N, 6)


@dataclass(frozen=True, eq=False)
class View:
    """Everything the window shows but the pictures."""

    made_ns: int
    step_age_s: float = float("inf")
    arms: tuple[ArmView, ArmView] = (ArmView(Arm.LEFT), ArmView(Arm.RIGHT))
    episode: EpisodeView = EpisodeView()
    learner: LearnerView = field(default_factory=LearnerView)
    vitals: VitalsView = VitalsView()
    notices: NoticesView = NoticesView()
    help: HelpView = HelpView()
    devices: tuple[DeviceSeen, ...] | None = None  # None: not reported
    config: SessionConfig | None = None  # settings, as control last told them; None: unknown
    operator: str | None = None  # who is at them, empty: nobody was named; None: not reported
    ended: bool = False  # control has ended in order, as the last of its signs of life said
    stop_ordered: bool = True  # where it is stopped: somebody pressed stop
    alarms: tuple[Alarm, ...] = ()  # that are not over, in the order they were raised
    samples: tuple[WrenchSamples, WrenchSamples] = field(
        default_factory=lambda: (WrenchSamples(), WrenchSamples())
    )
