"""One device: how it is, what it sends, and how it is set up."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui import theme
from gui.tuning import Tuning, dead_bands, defaults, levels
from gui.widgets.devices.axis_grid import AxisGrid
from gui.widgets.devices.rest_panel import RestPanel
from gui.widgets.devices.six_axes import AxesShown
from gui.widgets.devices.use_form import UseForm
from gui.widgets.panel import TextLabel
from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceLevel, DeviceProfile, DeviceSeen

MARGIN = 8  # pixels
STATE_HEIGHT = 42  # pixels, two lines
SETTLE_MS = 150  # a change is sent once the hand has rested for so long
SILENT = "■ Control is silent: what stands here is old."
SHAPES = {DeviceLevel.OK: "●", DeviceLevel.WARNING: "▲", DeviceLevel.ERROR: "■"}


class DevicePage(QWidget):
    """The page of the device that `seen` is about.

    Signals:
        tune_wanted: the profile to read the device by.
        calibration_wanted: the device's serial.
    """

    tune_wanted = Signal(object)
    calibration_wanted = Signal(str)

    def __init__(
        self,
        seen: DeviceSeen,
        takeover: TakeoverConfig,
        cameras: Sequence[str],
        look: theme.Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._takeover = takeover
        self._serial = seen.serial
        self._tuning = Tuning(seen.profile)
        self._now_ns = 0
        self.state = TextLabel("text", name="State of the device")
        self.state.setWordWrap(True)
        self.state.setMinimumHeight(STATE_HEIGHT)
        self.about = TextLabel("dim", name="About the device")
        self.axes = AxisGrid(look, self)
        self.rest = RestPanel(look, self)
        self.use = UseForm(cameras, look, self)
        self.message = TextLabel("text", name="What became of the last change")
        self.revert = QPushButton("&Revert", self)
        self.revert.setToolTip("Back to how it was when this page was opened")
        self.defaults = QPushButton("&Defaults", self)
        self.defaults.setToolTip("Every setting but the arm and the calibration")
        for button in (self.revert, self.defaults):
            button.setAutoDefault(False)  # Enter in a field must not press it
        self._settled = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settled.timeout.connect(self.send)
        for part in (self.axes, self.use):
            part.edited.connect(self._edited)
            part.finished.connect(self.send)
        self.rest.calibration_wanted.connect(self._calibrate)
        self.revert.clicked.connect(self._revert)
        self.defaults.clicked.connect(self._defaults)
        self._place()
        self._fill(seen.profile)

    def _place(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(theme.GAP)
        right.addWidget(self.rest)
        right.addWidget(self.use, 1)
        middle = QHBoxLayout()
        middle.setSpacing(theme.GAP)
        middle.addWidget(self.axes, 11)
        middle.addLayout(right, 9)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self.message, 1)
        bottom.addWidget(self.revert)
        bottom.addWidget(self.defaults)
        box = QVBoxLayout(self)
        box.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        box.setSpacing(theme.GAP)
        box.addWidget(self.state)
        box.addWidget(self.about)
        box.addLayout(middle, 1)
        box.addLayout(bottom)

    @property
    def problem(self) -> str:
        """What is wrong with what was typed; empty: nothing."""
        return self.axes.problem or self.use.problem

    def profile(self) -> DeviceProfile:
        """Return the reported profile with what the fields say; they must be right."""
        use = self.use
        return replace(
            self._tuning.reported,
            arm=use.chosen_arm,
            sensitivity=self.axes.factors,
            flip=self.axes.flipped,
            curve=use.curve.entry.value or 1.0,
            motion=use.chosen_motion,
            frame=use.chosen_frame,
            yaw_deg=use.yaw.entry.value or 0.0,
        )

    def show_thresholds(self, takeover: TakeoverConfig) -> None:
        """Go by the thresholds that are in force."""
        self._takeover = takeover

    def show_device(self, seen: DeviceSeen, now_ns: int) -> None:
        """Show `seen`; fields that are being changed are left alone."""
        self._now_ns = now_ns
        self._say_state(f"{SHAPES[seen.level]} {seen.text}", seen.level)
        moves = f"moves the {seen.arm.name.lower()} arm" if seen.arm is not None else "moves no arm"
        self.about.show_text(f"{seen.name} · serial {seen.serial} · {moves}")
        enter, leave = self._levels(seen.profile)
        self.axes.bars.show_axes(
            AxesShown(
                seen.raw,
                seen.deflection,
                seen.profile.offset,
                dead_bands(seen.profile),
                enter,
                leave,
            )
        )
        self.rest.show_device(seen)
        waited = self._tuning.pending
        self._tuning.report(seen.profile, now_ns)
        if waited and not self._tuning.pending and not self.problem:
            self._say("kept", "")
        if not (self._tuning.pending or self._settled.isActive() or self.problem):
            self._fill(seen.profile)
        for part in (self.axes, self.use, self.revert, self.defaults):
            part.setEnabled(not self.rest.busy)
        self.rest.setEnabled(True)

    def show_silence(self) -> None:
        """Show that control tells nothing of the device any more."""
        self._say_state(SILENT, DeviceLevel.ERROR)
        for part in (self.axes, self.rest, self.use, self.revert, self.defaults):
            part.setEnabled(False)

    def refuse(self, reason: str) -> None:
        """Control has refused the last change, or a calibration."""
        self._tuning.refuse()
        self._say(f"refused: {reason}", "warning")
        self._fill(self._tuning.reported)

    def send(self) -> None:
        """Send what the fields say, if it is right and anything new."""
        self._settled.stop()
        problem = self.problem
        if problem:
            self._say(f"Not sent: {problem}", "error")
        else:
            self._ask(self.profile())

    def hideEvent(self, event: QHideEvent) -> None:
        if self._settled.isActive():
            self.send()
        super().hideEvent(event)

    def _ask(self, profile: DeviceProfile) -> None:
        if self._tuning.ask(profile, self._now_ns):
            self._say("asked for …", "")
            self.tune_wanted.emit(profile)
        elif not self._tuning.pending:
            self._say("", "")

    def _edited(self) -> None:
        self.use.show_meaning(self._levels(self._tuning.reported)[0])
        self._settled.start()

    def _calibrate(self) -> None:
        self.calibration_wanted.emit(self._serial)

    def _revert(self) -> None:
        self._set(self._tuning.reverted)

    def _defaults(self) -> None:
        self._set(defaults(self._tuning.reported))

    def _set(self, profile: DeviceProfile) -> None:
        self._settled.stop()
        self._fill(profile)
        self._ask(profile)

    def _fill(self, profile: DeviceProfile) -> None:
        self.axes.show_profile(profile)
        self.use.show_profile(profile, self._levels(profile)[0])

    def _levels(self, profile: DeviceProfile) -> tuple[float, float]:
        return levels(profile, self._takeover.enter, self._takeover.leave)

    def _say_state(self, text: str, level: DeviceLevel) -> None:
        """Show how the device is; there is room for two lines, so that nothing shifts."""
        self.state.show_text(text)
        self.state.show_level("" if level is DeviceLevel.OK else level)

    def _say(self, text: str, level: str) -> None:
        self.message.show_text(text)
        self.message.show_level(level)
