"""The list before the first motion, over the middle; banner and STOP stay in sight."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.actions import Actions, spec_of
from gui.preflight import blocking, warned
from gui.preflight_line import CheckLine, Item
from gui.sound.audible import Audible
from gui.texts import preflight as texts
from gui.widgets.buttons import HoldButton, KeyButton, push_button
from gui.widgets.panel import Panel, TextLabel
from gui.widgets.preflight_row import PreflightRow
from teleop.order_messages import OrderKind

SHADE = 225  # opacity of what lies over the cameras, of 255
WIDEST = 1180
SOUND_INTENTS = (Intent.SOUND_TEST, Intent.SOUND_HEARD, Intent.SOUND_NOT_HEARD)


class PreflightPanel(QWidget):
    """Lines, and below them what can be done.

    Args:
        commands: the table of actions as Qt actions.
        look: colours.
        parent: the screen.

    Signals:
        changed: it is shown now, or hidden.
    """

    changed = Signal()

    def __init__(self, commands: Actions, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setAccessibleName(texts.TITLE)
        self.panel = Panel(texts.TITLE, self)
        self.verdict = TextLabel("value", name=texts.HOW_THE_LIST_STANDS)
        self.next = TextLabel("text", name=texts.WHAT_TO_DO_NEXT)
        self.rows = {item: PreflightRow(item) for item in Item}
        self.sound = {does: push_button(commands, self, does) for does in SOUND_INTENTS}
        self.start = KeyButton(commands[OrderKind.START], look, self)
        self.demonstrate = KeyButton(commands[Intent.DEMONSTRATE], look, self)
        self.anyway = HoldButton(commands[Intent.START_ANYWAY], look, self)
        self.close_button = KeyButton(commands[Intent.PREFLIGHT], look, self)
        self.close_button.setText(texts.CLOSE)
        self._place()
        self.hide()

    def _place(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(5)
        grid.setColumnMinimumWidth(0, 92)
        grid.setColumnStretch(2, 5)
        grid.setColumnStretch(3, 6)
        for number, row in enumerate(self.rows.values()):
            for column, label in enumerate(row.labels):
                grid.addWidget(label, number, column)
        tests = QHBoxLayout()
        tests.addStretch(1)
        for button in self.sound.values():
            tests.addWidget(button)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        for button in (self.start, self.demonstrate, self.anyway, self.close_button):
            buttons.addWidget(button, 1)
        self.panel.body.setSpacing(8)
        self.panel.body.addWidget(self.verdict)
        self.panel.body.addLayout(grid)
        self.panel.body.addLayout(tests)
        self.panel.body.addWidget(self.next)
        self.panel.body.addLayout(buttons)
        self.panel.setMaximumWidth(WIDEST)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self.panel, 100)
        across.addStretch(1)
        box = QVBoxLayout(self)
        box.addStretch(1)
        box.addLayout(across)
        box.addStretch(1)

    def show_lines(
        self, lines: tuple[CheckLine, ...], wanted: OrderKind | Intent, audible: Audible
    ) -> None:
        """Show how everything stands, and how `wanted` is begun."""
        blocks = len(blocking(lines))
        for line in lines:
            self.rows[line.item].show_line(line)
        self.verdict.show_text(texts.verdict(blocks, len(warned(lines))))
        override = spec_of(Intent.START_ANYWAY).key
        self.next.show_text(texts.how_to_start(spec_of(wanted).key, override, blocks))
        self.start.setVisible(wanted is OrderKind.START)
        self.demonstrate.setVisible(wanted is Intent.DEMONSTRATE)
        for button in (self.start, self.demonstrate):
            button.setEnabled(blocks == 0)
        self.anyway.setEnabled(blocks > 0)
        asked = audible is Audible.ASKED
        self.sound[Intent.SOUND_HEARD].setVisible(asked)
        self.sound[Intent.SOUND_NOT_HEARD].setVisible(asked)

    def begin_override(self) -> None:
        """The key that starts anyway is held; it counts only while the list is shown."""
        if self.isVisible():
            self.anyway.press.begin()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.anyway.press.cancel()
        self.changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        shade = QColor(self._look.window)
        shade.setAlpha(SHADE)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), shade)
