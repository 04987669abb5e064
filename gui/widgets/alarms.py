"""The bar of the alarms: what is wrong, in words, and the key that silences it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.actions import spec_of
from gui.sound.values import Alarm, sounding
from gui.texts import sound as texts
from gui.widgets.buttons import RowButton
from gui.widgets.panel import TextLabel
from teleop.messages import Arm

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
        self.lines = tuple(TextLabel("alarm", name=texts.ALARM_2) for _ in range(LINES))
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
        before = min(len(alarm_texts(self._shown)), LINES)
        self._shown = alarms
        self._style(sounding(alarms))
        texts_shown = alarm_texts(alarms)
        more = len(texts_shown) - LINES
        for number, line in enumerate(self.lines):
            line.setVisible(number < len(texts_shown))
            if number < len(texts_shown):
                rest = f"  (+{more})" if more > 0 and number == LINES - 1 else ""
                line.show_text(texts_shown[number] + rest)
        self.button.setVisible(sounding(alarms))
        self.setVisible(bool(alarms))
        return before != min(len(texts_shown), LINES)

    def _style(self, loud: bool) -> None:
        look = self._look
        fill, ink = (look.red, look.red_text) if loud else (look.panel, look.text)
        self.setStyleSheet(
            f"QFrame#alarms {{ background: {fill}; border: 3px solid {look.red};"
            f" border-radius: 6px; margin: 0 {theme.GAP}px; }}"
            f" QFrame#alarms QLabel {{ color: {ink}; font-size: {theme.VALUE}px;"
            " font-weight: bold; }"
        )


def alarm_texts(alarms: tuple[Alarm, ...]) -> list[str]:
    """Return the alarms as they are written, the newest first; the same of both arms is one line.

    A sign stands before each for those who see no colours.
    """
    whose: dict[tuple[str, bool, bool], list[Arm]] = {}
    for alarm in reversed(alarms):
        key = (alarm.cause.text, alarm.stands, alarm.acknowledged)
        whose.setdefault(key, []).extend([] if alarm.cause.arm is None else [alarm.cause.arm])
    return [
        f"■ {texts.ALARM}  {texts.alarm_line(arms, text, stands=stands, acknowledged=silenced)}"
        for (text, stands, silenced), arms in whose.items()
    ]


def _told(alarm: Alarm) -> tuple[object, ...]:
    return alarm.cause, alarm.stands, alarm.acknowledged
