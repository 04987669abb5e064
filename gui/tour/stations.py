"""What the tour stops at: a situation of the session, and what is opened in the window."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QListView

from gui.action_spec import Intent
from gui.main_window import MainWindow
from gui.pages import Page
from gui.review.clip_model import ROW_ROLE
from gui.tour.played import Scene
from teleop.device_messages import DeviceLevel, DeviceProfile, DeviceSeen, Six
from teleop.holds import SENTENCES, Hold
from teleop.messages import Arm, Mode, SessionMode
from teleop.takeover_messages import Notice, NoticeKind

Prepare = Callable[[MainWindow], bool]  # whether it could be done already
PUSHED: Six = (0.12, 0.61, -0.08, 0.03, -0.05, 0.21)
AT: Six = (0.09, 0.55, 0.0, 0.0, 0.0, 0.14)
PROFILE = DeviceProfile(
    "A1", "SpaceMouse Compact", Arm.LEFT, curve=1.6, offset=(0.01, -0.012, 0.004, 0.0, 0.008, 0.0),
    noise=(0.012, 0.01, 0.02, 0.008, 0.009, 0.011), calibrated="2026-11-20T09:12:00",
)  # fmt: skip
PUCK = DeviceSeen(
    "A1", "SpaceMouse Compact", DeviceLevel.OK, "Calibrated, its centre has hardly wandered.",
    Arm.LEFT, PUSHED, AT, 0.006, -1.0, PROFILE,
)  # fmt: skip
POLICY = Scene(devices=(PUCK,))
NOTICES = (
    Notice(0, NoticeKind.HELP, Arm.LEFT, "The left arm sees what it was not taught: watch it."),
    Notice(0, NoticeKind.DEVICE, None, "SpaceMouse Compact is plugged in again."),
)


@dataclass(frozen=True)
class Station:
    """One picture.

    Attributes:
        name: of its file, without the ending.
        scene: what control says.
        before: what it said until then, where a change is to be seen.
        opens: actions that are triggered, in turn; where one is missing the station is left out.
        page: shown over the operate view.
        then: what else is done before the picture.
        settle_s: until it is taken.
    """

    name: str
    scene: Scene = POLICY
    before: Scene | None = None
    opens: tuple[str, ...] = ()
    page: Page = Page.OPERATE
    then: Prepare | None = None
    settle_s: float = 1.2


def corrected_clip(window: MainWindow) -> bool:
    """Choose the first clip of the browser that holds a takeover, once it is listed."""
    for view in window.findChildren(QListView):
        model = view.model()
        for row in range(model.rowCount(QModelIndex())):
            index = model.index(row, 0)
            clip = model.data(index, ROW_ROLE)
            if view.isVisible() and clip is not None and clip.interventions > 0:
                view.setCurrentIndex(index)
                return True
    return False


def operated(**changes: object) -> Scene:
    """The operator has the left arm."""
    made = {"modes": (Mode.OPERATOR, Mode.POLICY), "devices": (PUCK,)} | changes
    return Scene(**made)  # pyright: ignore[reportArgumentType]


HELD = Scene(
    modes=(Mode.HOLD, Mode.HOLD),
    hold_reason=(SENTENCES[Hold.ORDERED], SENTENCES[Hold.ORDERED]),
    holds=(Hold.ORDERED, Hold.ORDERED),
    devices=(PUCK,),
)
STOPPED = Scene(
    modes=(Mode.HOLD, Mode.HOLD),
    session_mode=SessionMode.STOPPED,
    stop_reason="by order",
    devices=(PUCK,),
)
FAULT = Scene(
    modes=(Mode.HOLD, Mode.HOLD),
    session_mode=SessionMode.STOPPED,
    stop_reason="left arm: joint 3 overloaded",
    stop_ordered=False,
    fault="left arm: joint 3 overloaded",
    notices=(Notice(0, NoticeKind.STOPPED, Arm.LEFT, "left arm: joint 3 overloaded"),),
)
SILENT = SENTENCES[Hold.STALE_CAMERA]
LOST = Scene(
    modes=(Mode.HOLD, Mode.POLICY),
    hold_reason=(SILENT, ""),
    holds=(Hold.STALE_CAMERA, Hold.NONE),
    dark=frozenset({"close_front"}),
    notices=(Notice(0, NoticeKind.HOLD, Arm.LEFT, SILENT),),
    devices=(PUCK,),
)
STATIONS = (
    Station("operate-policy"),
    Station("operate-operator", operated()),
    Station("operate-nudge", operated(authority=(0.35, 1.0))),
    Station("operate-hold", HELD),
    Station("operate-stopped", STOPPED),
    Station("operate-fault", FAULT),
    Station("operate-help", Scene(risk=(1.3, 0.2), notices=NOTICES, devices=(PUCK,)),
            before=POLICY, settle_s=2.0),
    Station("operate-stale-camera", Scene(dark=frozenset({"overhead"}), devices=(PUCK,))),
    Station("operate-no-data", Scene(silent=True), settle_s=3.0),
    Station("operate-torque", operated(), opens=("TORQUE",)),
    Station("key-map", opens=("KEY_MAP",)),
    Station("notices", Scene(notices=NOTICES, devices=(PUCK,)), before=POLICY, opens=("NOTICES",)),
    Station("alarm", LOST, before=POLICY, settle_s=2.0),
    Station("preflight", opens=("PREFLIGHT",), settle_s=4.0),
    Station("learn", page=Page.LEARN),
    Station("review", page=Page.REVIEW, then=corrected_clip, opens=("CHANGE_ON",) * 3,
            settle_s=6.0),
    Station("review-what-changed", page=Page.REVIEW, then=corrected_clip, opens=("WHAT_CHANGED",),
            settle_s=10.0),
    Station("review-edits", page=Page.REVIEW, then=corrected_clip, opens=("LIST_EDITS",)),
    Station("review-relabel", page=Page.REVIEW, then=corrected_clip, opens=("RELABEL_CLIP",)),
    Station("export", page=Page.REVIEW, then=corrected_clip, opens=("EXPORT",)),
    Station("report", page=Page.REVIEW, opens=("REPORT",), settle_s=12.0),
    Station("demonstrate", page=Page.DEMONSTRATE),
    Station("set-up", page=Page.SET_UP),
    Station("devices", operated(), opens=("DEVICES",)),
)  # fmt: skip


def intent(name: str) -> Intent | None:
    """The row of the table of actions by its name; None: there is none."""
    return Intent.__members__.get(name)
