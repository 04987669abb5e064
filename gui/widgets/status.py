"""Two lines at the bottom: rates and ages, then signs of life and the newest notice."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.texts import status as words
from gui.view import FRAME_LATE_S, FRAME_STALE_S, Level, Notice, ProcessView, VitalsView
from gui.widgets.panel import TextLabel

LATE_TICK_SHARE = 0.25  # of the control period: later than this is worth a look
SHAPES = {Level.OK: "●", Level.UNKNOWN: "○", Level.WARNING: "▲", Level.ERROR: "■"}
QUIET = {Level.OK, Level.UNKNOWN}


class StatusLines(QWidget):
    """Everything that says whether the session is well."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.control = TextLabel("dim", name=words.CONTROL_RATE_AND_LATENESS)
        self.cameras = TextLabel("dim", name=words.AGE_OF_THE_OLDEST_CAMERA)
        self.inference = TextLabel("dim", name=words.DURATION_OF_AN_INFERENCE)
        self.device = TextLabel("dim", name=words.OPERATOR_S_DEVICE)
        self.recorder = TextLabel("dim", name=words.RECORDER)
        self.notice = TextLabel("dim", name=words.NEWEST_NOTICE)
        self.notice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.processes: dict[str, TextLabel] = {}
        self.row = QHBoxLayout()
        self.row.setSpacing(16)
        for label, width in (
            (self.recorder, 118),
            (self.control, 206),
            (self.cameras, 118),
            (self.inference, 122),
            (self.device, 150),
        ):
            label.setMinimumWidth(width)  # so that nothing shifts when a number grows
            self.row.addWidget(label)
        self.row.addWidget(self.notice, 1)
        self._signs = QHBoxLayout()
        self._signs.setSpacing(12)
        self.second = QHBoxLayout()
        self.second.addLayout(self._signs)
        self.second.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 0, 8, 0)
        box.setSpacing(2)
        box.addLayout(self.row)
        box.addLayout(self.second)

    def show_vitals(self, vitals: VitalsView) -> None:
        """Show `vitals`; what is unknown is a dash."""
        self.control.show_text(control_text(vitals))
        late = vitals.late_ms is not None and vitals.rate_hz is not None
        self.control.show_level(
            "warning"
            if late and (vitals.late_ms or 0) > LATE_TICK_SHARE * 1000 / max(vitals.rate_hz or 1, 1)
            else ""
        )
        self.cameras.show_text(words.cameras(milliseconds(vitals.camera_age_ms)))
        self.cameras.show_level(age_level(vitals.camera_age_ms))
        self.inference.show_text(words.inference(milliseconds(vitals.inference_ms)))
        device = vitals.device or words.NO_DEVICE
        self.device.show_text(f"{device} {milliseconds(vitals.device_age_ms)}")
        known = vitals.rate_hz is not None
        self.device.show_level("warning" if known and not vitals.device else "")
        self.recorder.show_text(f"{SHAPES[vitals.recorder_level]} {vitals.recorder}")
        self.recorder.show_level("" if vitals.recorder_level in QUIET else vitals.recorder_level)
        told = (process.text for process in vitals.processes if process.name == "recorder")
        self.recorder.setToolTip(next(told, ""))
        self._show_processes(vitals.processes)
        self._show_notice(vitals.notice)

    def _show_processes(self, processes: tuple[ProcessView, ...]) -> None:
        for process in processes:
            if process.name not in self.processes:
                label = TextLabel("title", name=words.process(process.name))
                self.processes[process.name] = label
                self._signs.addWidget(label)
            label = self.processes[process.name]
            label.show_text(process_text(process))
            label.show_level("" if process.level in QUIET else process.level)

    def _show_notice(self, notice: Notice | None) -> None:
        if notice is None:
            self.notice.show_text("")
            self.notice.show_level("")
            return
        times = words.times(notice.count) if notice.count > 1 else ""
        text = f"{notice.text}{times}"
        room = self.notice.width() - 14
        self.notice.show_text(
            self.notice.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        )
        self.notice.setAccessibleDescription(text)
        self.notice.setToolTip(text)
        self.notice.show_level("" if notice.level in QUIET else notice.level)


def control_text(vitals: VitalsView) -> str:
    """Return the rate and the greatest lateness within the last second."""
    if vitals.rate_hz is None or vitals.late_ms is None:
        return words.CONTROL
    return words.control_hz_late_ms(vitals.rate_hz, vitals.late_ms)


def milliseconds(value: float | None) -> str:
    """Return an age or a duration; a dash if it is unknown."""
    if value is None:
        return "—"
    return words.ms(value) if value < 1000 else f"{value / 1000:.1f} s"


def age_level(age_ms: float | None) -> str:
    """Return the level of a camera's age."""
    if age_ms is None or age_ms <= FRAME_LATE_S * 1000:
        return ""
    return "error" if age_ms > FRAME_STALE_S * 1000 else "warning"


def process_text(process: ProcessView) -> str:
    """Return a process' name and, where it is not well, what is wrong."""
    shape = SHAPES[process.level]
    name = process.name.removeprefix("camera").lstrip("-_")
    if process.level is Level.UNKNOWN:
        return f"{shape} {name}"
    return f"{shape} {name} {process.age_s:.0f} s"
