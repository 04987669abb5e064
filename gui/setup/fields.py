"""Fields and buttons of the page: used by the keyboard alone, and never in the way of STOP or HOLD.

The window's shortcuts hold in the whole program. A field takes the keys that it is edited by from
them and leaves the others: Escape is STOP everywhere, and Space holds wherever no words are typed.
"""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget, QPushButton, QWidget

from gui import theme
from gui.setup.entry import Typed, read_typed, written
from gui.widgets.held_press import HeldPress
from gui.widgets.own_keys import OwnKeys
from teleop.config import SessionConfig
from teleop.settings_fields import Kind, Setting, Value

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
EDITING = (
    *ENTER, Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Tab, Qt.Key.Key_Backtab,
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home,
    Qt.Key.Key_End,
)  # fmt: skip
TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
MOVING = tuple(key for key in EDITING if key not in ENTER)
PRESSING = (*ENTER, *TABS)
HEIGHT = 32
WIDTH = 200


def is_editing(event: QEvent, *, spaces: bool) -> bool:
    """Whether a field takes this key from the shortcuts.

    Args:
        event: any; only a `ShortcutOverride` can be.
        spaces: whether words are typed, so that Space is one of them and holds nothing.
    """
    if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.ShortcutOverride:
        return False
    if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
        return False
    if event.key() == Qt.Key.Key_Space:
        return spaces
    typed = event.text()
    return event.key() in EDITING or (bool(typed) and typed.isprintable())


def _is_override(event: QEvent) -> bool:
    return event.type() is QEvent.Type.ShortcutOverride


def _key(event: QEvent) -> Qt.Key | None:
    return Qt.Key(event.key()) if isinstance(event, QKeyEvent) else None


class WordField(QLineEdit):
    """A line of text; Enter finishes it and ends no episode."""

    def __init__(self, name: str, parent: QWidget, *, spaces: bool = True) -> None:
        super().__init__(parent)
        self._spaces = spaces
        self.setAccessibleName(name)
        self.setMinimumHeight(HEIGHT)

    def event(self, event: QEvent) -> bool:
        if is_editing(event, spaces=self._spaces):
            event.accept()
            return True
        if not self._spaces and _is_override(event) and _key(event) == Qt.Key.Key_Space:
            event.ignore()  # a line of text would take it, and it is HOLD
            return False
        return super().event(event)

    def mark(self, wrong: bool) -> None:
        """Frame it red, or not."""
        level = "error" if wrong else ""
        if level != (self.property("level") or ""):
            self.setProperty("level", level)
            self.style().unpolish(self)
            self.style().polish(self)


class ValueField(WordField):
    """A typed value; the arrow keys step a number.

    Signals:
        edited: by the operator, rightly or wrongly.
    """

    edited = Signal()

    def __init__(
        self, setting: Setting, name: str, known: tuple[str, ...], parent: QWidget
    ) -> None:
        spaces = setting.kind in (Kind.WORDS, Kind.NAMES, Kind.TRIPLE)
        super().__init__(name, parent, spaces=spaces)
        self._setting = setting
        self._known = known
        self.setFixedWidth(WIDTH)
        self.setMaxLength(400)
        self.textEdited.connect(self.edited)

    def typed(self, config: SessionConfig) -> Typed:
        """Return what stands in it; `config` is what stands on the page."""
        return read_typed(self._setting, self.text(), config, self._known)

    def show_value(self, value: Value) -> None:
        """Show `value`."""
        text = written(value)
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        span = self._setting.span
        if not by or span is None or self._setting.kind is Kind.TRIPLE:
            super().keyPressEvent(event)
            return
        try:
            value = float(self.text().replace(",", "."))
        except ValueError:
            return
        self.setText(f"{round(value + by * span.step, 6):.7g}")
        self.edited.emit()


class ChoiceField(QComboBox):
    """One of a few; also of two.

    Signals:
        edited: by the operator.
    """

    edited = Signal()

    def __init__(self, name: str, choices: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.addItems(choices)
        self.setAccessibleName(name)
        self.setFixedWidth(WIDTH)
        self.setMinimumHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view().installEventFilter(OwnKeys(self))
        self.activated.connect(self.edited)

    def typed(self, setting: Setting) -> Typed:
        """Return what is chosen."""
        return read_typed(setting, self.currentText(), SessionConfig())

    def show_value(self, value: Value) -> None:
        """Show `value`."""
        self.setCurrentText(written(value))

    def event(self, event: QEvent) -> bool:
        if is_editing(event, spaces=False) and _key(event) in MOVING:
            event.accept()
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # it scrolls the page, and changes nothing on the way


class PlainList(QListWidget):
    """A list that the arrow keys move in; letters stay motion keys of the window."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in MOVING:
            super().keyPressEvent(event)
        else:
            event.ignore()


class EnterButton(QPushButton):
    """A button that Enter presses while it has the focus; Space holds the robot there too."""

    def __init__(self, text: str, parent: QWidget, *, name: str = "") -> None:
        super().__init__(text, parent)
        self.setAutoDefault(False)
        self.setMinimumHeight(HEIGHT)
        self.setAccessibleName(name or text)

    def event(self, event: QEvent) -> bool:
        if is_editing(event, spaces=False) and _key(event) in PRESSING:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and not event.isAutoRepeat():
            self.pressed_by_key()
        else:
            super().keyPressEvent(event)

    def pressed_by_key(self) -> None:
        """Enter went down."""
        self.click()


class HoldToConfirm(EnterButton):
    """Acts after it was held for a second, by mouse or by Enter.

    Signals:
        held: it was.
    """

    held = Signal()

    def __init__(self, text: str, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._look = look
        self.press = HeldPress(self)
        self.press.held.connect(self.held)

    def pressed_by_key(self) -> None:
        self.press.begin()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and not event.isAutoRepeat():
            self.press.cancel()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.press.cancel()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        progress = self.press.progress
        if progress <= 0.0:
            return
        with QPainter(self) as painter:
            box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
            colour = QColor(self._look.success)
            colour.setAlpha(150)
            painter.fillRect(QRectF(box.x(), box.y(), box.width() * progress, 6.0), colour)
