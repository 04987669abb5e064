"""How well a device rests: its calibration and how far its centre has wandered since."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from gui import theme
from gui.tuning import dead_bands
from gui.widgets.devices.puck import PuckPicture
from gui.widgets.panel import Panel, TextLabel
from teleop.device_messages import DeviceProfile, DeviceSeen

PICTURE = 150  # pixels
THIN = "\u202f"  # a space where no line is broken
LET_GO = "Let it go: three seconds …"


class RestPanel(Panel):
    """The cap as it is held, and what was measured while nobody held it.

    Signals:
        calibration_wanted: the button was pressed.
    """

    calibration_wanted = Signal()

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__("Rest", parent)
        self._before: DeviceProfile | None = None
        self.cap = PuckPicture(look, self, PICTURE)
        self.calibrate = QPushButton("&Calibrate", self)
        self.calibrate.setAutoDefault(False)
        self.calibrate.setAccessibleDescription("Let the device go, then measure it at rest.")
        self.calibrate.clicked.connect(self.calibration_wanted)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 100)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(12)
        self.progress.setAccessibleName("Progress of the calibration")
        self.result = TextLabel("text", name="Result of the calibration")
        self.result.setWordWrap(True)
        self.result.setMinimumHeight(60)
        self.drift = TextLabel("dim", name="Drift")
        column = QVBoxLayout()
        column.setSpacing(6)
        for widget in (self.calibrate, self.progress, self.result, self.drift):
            column.addWidget(widget)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.cap)
        row.addLayout(column, 1)
        self.body.addLayout(row)

    @property
    def busy(self) -> bool:
        """Whether a calibration is going on."""
        return self._before is not None

    def show_device(self, seen: DeviceSeen) -> None:
        """Show `seen`."""
        self.cap.show_axes(seen.raw)
        calibrating = seen.calibrating >= 0.0
        self.calibrate.setEnabled(not calibrating)
        if calibrating:
            self._before = self._before or seen.profile
            self.progress.setValue(round(100 * seen.calibrating))
            self.result.show_text(LET_GO)
        elif self._before is not None:
            done = seen.profile.calibrated != self._before.calibrated
            self._before = None
            self.progress.setValue(100 if done else 0)
            self.result.show_text(f"✔ {rest_text(seen.profile)}" if done else f"▲ {seen.text}")
        elif not self.result.text() or self.result.text() == LET_GO:
            self.result.show_text(rest_text(seen.profile))
        known = bool(seen.profile.calibrated)
        self.drift.show_text(f"drift since then {100 * seen.drift:.1f} %" if known else "")


def rest_text(profile: DeviceProfile) -> str:
    """Return what the calibration found, in percent of full deflection."""
    if not profile.calibrated:
        return "Never calibrated."
    off = 100 * max(abs(value) for value in profile.offset)
    noise = 100 * max(profile.noise)
    band = 100 * max(dead_bands(profile))
    when = profile.calibrated.replace("T", " ")[:16]
    parts = (f"centre off by {off:.1f}", f"noise {noise:.1f}", f"dead-band {band:.1f}")
    return f"{when}: " + ", ".join(f"{part}{THIN}%" for part in parts)
