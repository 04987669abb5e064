"""The bar of the alarms: what is wrong, in words, and the key that silences it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.actions import Intent, spec_of
from gui.sound.values import Alarm, sounding
from gui.texts import sound as texts
from gui.widgets.buttons import RowButton
from gui.widgets.panel import TextLabel

LINES = 3  # at once, the newest on top; the others are counted


class AlarmBar(QFrame):
    """As high as there are alarms; nothing at all without.

    Signals:
        silenced: its button was pressed.
    """

    silenced = Signal()

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("alarms")
        self.setAccessibleName(texts.ALARM)
        self._look = look
        self._shown: tuple[Alarm, ...] = ()
        self.lines = tuple(TextLabel("alarm", name="Alarm") for _ in range(LINES))
        spec = spec_of(Intent.ACKNOWLEDGE)
        self.button = RowButton(texts.SILENCES, spec.key, look, self)
        self.button.setAccessibleName(texts.SILENCES)
        self.button.clicked.connect(self.silenced)
        words = QVBoxLayout()
        words.setSpacing(0)
        for line in self.lines:
            line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            line.hide()
            words.addWidget(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 3, 6, 3)
        row.addLayout(words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_alarms(self, alarms: tuple[Alarm, ...]) -> bool:
        """Show `alarms`, oldest first as they come; whether the bar has another height now."""
        told = tuple(_told(alarm) for alarm in alarms)
        if told == tuple(_told(alarm) for alarm in self._shown):
            return False
        before = min(len(self._shown), LINES)
        self._shown = alarms
        self._style(sounding(alarms))
        newest = list(reversed(alarms))
        more = len(newest) - LINES
        for number, line in enumerate(self.lines):
            line.setVisible(number < len(newest))
            if number < len(newest):
                rest = f"  (+{more})" if more > 0 and number == LINES - 1 else ""
                line.show_text(alarm_text(newest[number]) + rest)
        self.button.setVisible(sounding(alarms))
        self.setVisible(bool(alarms))
        return before != min(len(alarms), LINES)

    def _style(self, loud: bool) -> None:
        look = self._look
        fill, ink = (look.red, look.red_text) if loud else (look.panel, look.text)
        self.setStyleSheet(
            f"QFrame#alarms {{ background: {fill}; border: 3px solid {look.red};"
            f" border-radius: 6px; margin: 0 {theme.GAP}px; }} QFrame#alarms QLabel {{ color: {ink};"
            f" font-size: {theme.VALUE}px; font-weight: bold; }}"
        )


def alarm_text(alarm: Alarm) -> str:
    """Return an alarm as it is written, with a sign for those who see no colours."""
    line = texts.alarm_line(
        alarm.cause.arm,
        alarm.cause.text,
        stands=alarm.stands,
        acknowledged=alarm.acknowledged,
    )
    return f"■ {texts.ALARM}  {line}"


def _told(alarm: Alarm) -> tuple[object, ...]:
    return alarm.cause, alarm.stands, alarm.acknowledged
