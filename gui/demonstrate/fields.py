"""Who is at the devices, how many are wanted, how long is counted down.

A click puts the keyboard into a field; Enter takes what it says and gives the keyboard back to the
window, whose keys move the arms.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QSpinBox, QWidget

from gui.demonstrate.memory import MOST_TARGET
from gui.demonstrate.plan import MOST_COUNTDOWN_S
from gui.texts import demonstrate as words
from gui.widgets.own_keys import OwnKeys, keeps
from gui.widgets.panel import TextLabel
from teleop.config import LONGEST_NAME

NUMBER_WIDTH = 92


class NumberBox(QSpinBox):
    """A number with its buttons."""

    def __init__(self, most: int, name: str, hint: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setRange(0, most)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFixedWidth(NUMBER_WIDTH)
        self.setAccessibleName(name)
        self.setAccessibleDescription(hint)
        self.setToolTip(hint)

    def event(self, event: QEvent) -> bool:
        return keeps(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clearFocus()

    def show_value(self, value: int) -> None:
        """Show `value`, unless another is being typed; nobody is told."""
        if not self.hasFocus() and value != self.value():
            self.blockSignals(True)
            self.setValue(value)
            self.blockSignals(False)


class NameBox(QComboBox):
    """A name to type, or one of those that were here before.

    Signals:
        named: the name that was chosen, empty: nobody.
    """

    named = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown = ""
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(words.OPERATOR)
        self.setAccessibleDescription(words.OPERATOR_HINT)
        self.setToolTip(words.OPERATOR_HINT)
        self._line = line = QLineEdit(self)
        self.setLineEdit(line)
        line.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        line.setMaxLength(LONGEST_NAME)
        line.setPlaceholderText(words.NOBODY)
        line.installEventFilter(OwnKeys(self))
        line.returnPressed.connect(self._take)
        line.editingFinished.connect(self._put_back)
        self.textActivated.connect(self._take)

    def show_names(self, names: Sequence[str]) -> None:
        """Offer `names`."""
        if [self.itemText(place) for place in range(self.count())] != list(names):
            self.clear()
            self.addItems(list(names))
            self.setEditText(self._shown)

    def show_name(self, name: str) -> None:
        """Show who it is, unless another name is being typed."""
        self._shown = name
        if not self._line.hasFocus() and not self.hasFocus() and name != self.currentText():
            self.setEditText(name)

    def _take(self, text: str = "") -> None:
        """Enter and the list may both tell of the same choice."""
        name = (text or self.currentText()).strip()
        if name != self._shown:
            self._shown = name
            self.named.emit(name)
        self._line.clearFocus()
        self.clearFocus()

    def _put_back(self) -> None:
        """What was typed and not taken is not who it is."""
        self.setEditText(self._shown)


class Fields(QWidget):
    """The three of them, each under its name.

    Signals:
        named: the operator's name.
        target_wanted: how many; 0: no end.
        countdown_wanted: seconds.
    """

    named = Signal(str)
    target_wanted = Signal(int)
    countdown_wanted = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.operator = NameBox(self)
        self.operator.named.connect(self.named)
        self.target = NumberBox(MOST_TARGET, words.TARGET, words.TARGET_HINT, self)
        self.target.setSpecialValueText(words.NO_TARGET)
        self.target.valueChanged.connect(self.target_wanted)
        self.countdown = NumberBox(MOST_COUNTDOWN_S, words.COUNTDOWN, words.COUNTDOWN_HINT, self)
        self.countdown.setSpecialValueText(words.NO_COUNTDOWN)
        self.countdown.setSuffix(" s")
        self.countdown.valueChanged.connect(self.countdown_wanted)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        for column, (name, field) in enumerate(
            (
                (words.OPERATOR, self.operator),
                (words.TARGET, self.target),
                (words.COUNTDOWN, self.countdown),
            )
        ):
            grid.addWidget(TextLabel("title", name), 0, column)
            grid.addWidget(field, 1, column)
        grid.setColumnStretch(0, 1)
