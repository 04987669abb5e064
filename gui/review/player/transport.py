"""The buttons of a replay, each with its key."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.actions import Actions, spec_of
from gui.texts import player as texts
from gui.widgets.buttons import RowButton
from gui.widgets.panel import TextLabel

BUTTONS = (
    Intent.REPLAY,
    Intent.REPLAY_SLOWER,
    Intent.REPLAY_FASTER,
    Intent.MARK_IN,
    Intent.MARK_OUT,
    Intent.REPLAY_ARM,
    Intent.REPLAY_TURNING,
)


class KeyTool(RowButton):
    """As wide as its words."""

    def sizeHint(self) -> QSize:
        bold = QFontMetrics(theme.font(theme.TEXT, bold=True))
        small = QFontMetrics(theme.font(13, bold=True))
        key = max(24, small.horizontalAdvance(self.key) + 10)
        return QSize(bold.horizontalAdvance(self.widest) + key + 26, theme.ROW - 4)

    def __init__(
        self, words: tuple[str, ...], key: str, look: theme.Theme, parent: QWidget
    ) -> None:
        super().__init__(words[0], key, look, parent)
        self.key = key
        self.widest = max(words, key=len)


class Transport(QWidget):
    """Play, speed, marks, and what the curves show."""

    def __init__(self, commands: Actions, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.buttons = {does: self._button(commands, does, look) for does in BUTTONS}
        self.selection = TextLabel("small", "", name=texts.SELECTION)
        self.selection.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._selected = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for does, button in self.buttons.items():
            if does is Intent.REPLAY_ARM:
                row.addWidget(self.selection, 1)
            row.addWidget(button)

    def _button(self, commands: Actions, does: Intent, look: theme.Theme) -> KeyTool:
        spec = spec_of(does)
        button = KeyTool(texts.BUTTONS[does.value], spec.key, look, self)
        button.setAccessibleName(spec.text)
        button.setAccessibleDescription(f"{spec.hint} Key: {spec.key}")
        button.clicked.connect(commands[does].trigger)
        return button

    def show_words(self, does: Intent, number: int) -> None:
        """Give a button another of its words."""
        word = texts.BUTTONS[does.value][number]
        if self.buttons[does].text() != word:
            self.buttons[does].setText(word)

    def show_selection(self, trim: tuple[float, float] | None) -> None:
        """Say what is selected."""
        self._selected = texts.selected(*trim) if trim else ""
        self._fit_selection()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_selection()

    def _fit_selection(self) -> None:
        """Whole or not at all: the marks stand on the time line, and in words under the list."""
        width = self.selection.fontMetrics().horizontalAdvance(self._selected)
        self.selection.show_text(self._selected if width <= self.selection.width() else "")
