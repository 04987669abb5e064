"""Buttons that carry their key: one that acts at once, and one that must be held."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from gui import theme
from gui.action_spec import ActionSpec, Intent
from gui.actions import Actions, spec_of
from gui.widgets.held_press import HeldPress
from teleop.order_messages import OrderKind

HEIGHT = 56


class KeyButton(QAbstractButton):
    """A label above the key that does the same.

    Args:
        action: triggered by a click; gives text, key and enabled state.
        look: colours.
        fill: another colour than the ordinary button's; empty: the ordinary one.
    """

    def __init__(
        self, action: QAction, look: theme.Theme, parent: QWidget, *, fill: str = "", ink: str = ""
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._fill = fill or look.raised
        self._ink = ink or look.text
        self._spec: ActionSpec = action.data()
        self._action = action
        self.setText(self._spec.text)
        self.setAccessibleName(self._spec.text)
        self.setAccessibleDescription(f"{self._spec.hint} Key: {self._spec.key}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._take_spec)

    def _take_spec(self) -> None:
        """Print the key that the action has now."""
        if self._spec != self._action.data():
            self._spec = self._action.data()
            self.setAccessibleDescription(f"{self._spec.hint} Key: {self._spec.key}")
            self.update()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        return QSize(84, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        fill = QColor(self._fill)
        if self.isDown():
            fill = fill.darker(130)
        elif self.underMouse() and self.isEnabled():
            fill = fill.lighter(115)
        painter.setBrush(fill if self.isEnabled() else QColor(self._look.panel))
        painter.setPen(QPen(QColor(self._look.line), 1))
        painter.drawRoundedRect(box, 6, 6)
        self.paint_progress(painter, box)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._look.focus), 3))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        ink = QColor(self._ink if self.isEnabled() else self._look.dim)
        painter.setPen(ink)
        painter.setFont(theme.font(17, bold=True))
        painter.drawText(QRectF(0, 5, self.width(), 24), Qt.AlignmentFlag.AlignCenter, self.text())
        self._paint_key(painter, ink)

    def paint_progress(self, painter: QPainter, box: QRectF) -> None:
        """Draw what lies between the button's face and its text."""

    def _paint_key(self, painter: QPainter, ink: QColor) -> None:
        painter.setFont(theme.font(13, bold=True))
        text = self._spec.key
        width = max(28, painter.fontMetrics().horizontalAdvance(text) + 12)
        cap = QRectF((self.width() - width) / 2, 31, width, 19)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, 1))
        painter.drawRoundedRect(cap, 4, 4)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, text)


def push_button(
    commands: Actions, parent: QWidget, does: OrderKind | Intent, text: str = ""
) -> QPushButton:
    """Return a small button with its key beside the label: the row's own, or `text`."""
    spec = spec_of(does)
    button = QPushButton(f"{text or spec.text}  {spec.key}", parent)
    button.setAutoDefault(False)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleDescription(spec.hint)
    button.clicked.connect(commands[does].trigger)
    return button


class RowButton(QAbstractButton):
    """A label beside its key, as high as a row of settings; it acts on its own arm.

    Args:
        text: the label.
        key: as it is printed.
        look: colours.
    """

    def __init__(self, text: str, key: str, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._key = key
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_key(self, key: str) -> None:
        """Print another key."""
        if key != self._key:
            self._key = key
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(118, theme.ROW - 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = QColor(self._look.raised if self.isEnabled() else self._look.panel)
        painter.setBrush(fill.darker(130) if self.isDown() else fill)
        focus = self.hasFocus()
        painter.setPen(QPen(QColor(self._look.focus if focus else self._look.line), 2 + focus))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        ink = QColor(self._look.text if self.isEnabled() else self._look.dim)
        painter.setPen(QPen(ink, 1))
        painter.setFont(theme.font(13, bold=True))
        width = max(24, painter.fontMetrics().horizontalAdvance(self._key) + 10)
        cap = QRectF(self.width() - width - 7, (self.height() - 19) / 2, width, 19)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap, 4, 4)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key)
        painter.setFont(theme.font(theme.TEXT, bold=True))
        label = QRectF(7, 0, cap.left() - 9, self.height())
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self.text())


class HoldButton(KeyButton):
    """Acts only after it was held for a second, by mouse or by its key.

    Signals:
        held: once a press has lasted long enough.
    """

    held = Signal()

    def __init__(self, action: QAction, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(action, look, parent)
        self.clicked.disconnect()
        self.press = HeldPress(self)
        self.press.held.connect(self.held)

    def paint_progress(self, painter: QPainter, box: QRectF) -> None:
        if self.press.progress > 0.0:
            painter.setBrush(QColor(self._look.success))
            painter.setPen(Qt.PenStyle.NoPen)
            part = QRectF(box.left(), box.top(), box.width() * self.press.progress, box.height())
            painter.drawRoundedRect(part, 6, 6)
