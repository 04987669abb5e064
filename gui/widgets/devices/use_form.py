"""What a device is used for: which arm, which motion, along which axes, how it answers."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from gui import theme
from gui.tuning import CURVE, YAW
from gui.widgets.devices.number_field import NumberField
from gui.widgets.devices.pictures import CurvePicture, StandPicture
from gui.widgets.own_keys import OwnKeys
from gui.widgets.panel import Panel, TextLabel
from teleop.device_messages import DeviceProfile, FrameKind, MotionFrame, MotionKind
from teleop.messages import Arm

ARMS: tuple[tuple[str, Arm | None], ...] = (
    ("left", Arm.LEFT),
    ("right", Arm.RIGHT),
    ("either: a button switches", None),
)
MOTIONS = (
    ("all six axes", MotionKind.ALL),
    ("translation only", MotionKind.TRANSLATION),
    ("rotation only", MotionKind.ROTATION),
    ("only the largest axis", MotionKind.DOMINANT),
)
FRAMES = (
    ("the world's", FrameKind.WORLD),
    ("the tool's", FrameKind.TOOL),
    ("a camera's", FrameKind.CAMERA),
)
PICTURE = 128  # pixels


class UseForm(Panel):
    """The settings that concern the device as a whole.

    Args:
        cameras: names, for axes along a picture.

    Signals:
        edited: by the operator, rightly or wrongly.
        finished: Enter was pressed.
    """

    edited = Signal()
    finished = Signal()

    def __init__(self, cameras: Sequence[str], look: theme.Theme, parent: QWidget) -> None:
        super().__init__("Use", parent)
        self.arm = choice("Arm that it moves", [text for text, _ in ARMS], self)
        self.motion = choice("Motion", [text for text, _ in MOTIONS], self)
        self.frame = choice("Axes", [text for text, _ in FRAMES], self)
        self.camera = choice("Camera whose picture gives the axes", list(cameras), self)
        self.yaw = NumberField("Operator's place", YAW, self)
        self.curve = NumberField("Response curve", CURVE, self)
        self.stand = StandPicture(look, self, PICTURE)
        self.response = CurvePicture(look, self, PICTURE)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (text, field) in enumerate(
            (
                ("arm", self.arm),
                ("motion", self.motion),
                ("axes", self.frame),
                ("camera", self.camera),
            )
        ):
            grid.addWidget(TextLabel("dim", text), row, 0)
            grid.addWidget(field, row, 1)
            field.activated.connect(self.edited)
        for field in (self.yaw, self.curve):
            field.edited.connect(self.edited)
            field.returnPressed.connect(self.finished)
        pictures = QHBoxLayout()
        pictures.setSpacing(12)
        for text, field, hint, picture in (
            ("operator stands at", self.yaw, f"{YAW.text()}, 0: in front", self.stand),
            ("curve", self.curve, f"{CURVE.text()}, above 1: finer", self.response),
        ):
            pictures.addLayout(pictured(text, field, hint, picture), 1)
        self.body.addLayout(grid)
        self.body.addSpacing(8)
        self.body.addLayout(pictures)
        self.body.addStretch(1)

    def show_profile(self, profile: DeviceProfile, enter: float) -> None:
        """Show the settings of `profile`; a takeover begins at the deflection `enter`."""
        self.arm.setCurrentIndex([arm for _, arm in ARMS].index(profile.arm))
        self.motion.setCurrentIndex([kind for _, kind in MOTIONS].index(profile.motion))
        self.frame.setCurrentIndex([kind for _, kind in FRAMES].index(profile.frame.kind))
        camera = profile.frame.camera
        if camera and self.camera.findText(camera) < 0:
            self.camera.addItem(camera)
        if camera:
            self.camera.setCurrentText(camera)
        self.yaw.show_value(profile.yaw_deg)
        self.curve.show_value(profile.curve)
        self.show_meaning(enter)

    def show_meaning(self, enter: float) -> None:
        """Draw what the numbers mean, and enable what counts."""
        kind = FRAMES[self.frame.currentIndex()][1]
        self.camera.setEnabled(kind is FrameKind.CAMERA)
        self.yaw.setEnabled(kind is FrameKind.WORLD)
        self.stand.show_yaw(self.yaw.entry.value or 0.0, kind is FrameKind.WORLD)
        self.response.show_curve(self.curve.entry.value or 1.0, enter)

    @property
    def problem(self) -> str:
        """What is wrong with the first number that is wrong."""
        return self.yaw.entry.problem or self.curve.entry.problem

    @property
    def chosen_arm(self) -> Arm | None:
        """The arm that it is bound to; None: either."""
        return ARMS[self.arm.currentIndex()][1]

    @property
    def chosen_motion(self) -> MotionKind:
        """The axes that count."""
        return MOTIONS[self.motion.currentIndex()][1]

    @property
    def chosen_frame(self) -> MotionFrame:
        """The axes that it moves along."""
        kind = FRAMES[self.frame.currentIndex()][1]
        return MotionFrame(kind, self.camera.currentText() if kind is FrameKind.CAMERA else "")


def choice(name: str, texts: list[str], parent: QWidget) -> QComboBox:
    """Return a box to choose one of `texts` from."""
    box = QComboBox(parent)
    box.addItems(texts)
    box.setAccessibleName(name)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.view().installEventFilter(OwnKeys(box))  # Enter there chooses, and ends no episode
    return box


def pictured(text: str, field: NumberField, hint: str, picture: QWidget) -> QVBoxLayout:
    """Return a number with its caption, and below it the picture of what it means."""
    line = QHBoxLayout()
    line.setSpacing(8)
    field.setMaximumWidth(64)
    line.addWidget(TextLabel("dim", text))
    line.addWidget(field)
    line.addStretch(1)
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addLayout(line)
    column.addWidget(TextLabel("small", hint))
    column.addWidget(picture)
    return column
