"""How much of an arm a takeover gives to the operator: from a nudge to the whole of it.

The solid handle is what control reports. What was asked for is a hollow one beside it until control
reports it too; the slider never shows its own wish as a fact.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.actions import spec_of
from gui.texts import takeover as words
from gui.view import percent
from gui.wish import Wish
from teleop.messages import Arm

STEP = 0.1
GRAIN = 0.05  # of a drag
CAPTION = 15  # pixels high, above the groove
NUMBER = 72  # pixels wide
HANDLE = 8.0  # radius


class AuthoritySlider(QWidget):
    """One arm's setting.

    Signals:
        wanted: arm, and 0 nudges, 1 overrides; asked for, not yet in force.
    """

    wanted = Signal(object, float)

    def __init__(self, arm: Arm, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._arm = arm
        self._look = look
        self._reported: float | None = None
        self._dragged: float | None = None
        self._wish = Wish()
        self._now_ns = 0
        self._chosen = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(230)
        self.setAccessibleName(words.authority_of_a_takeover(arm.name.lower()))
        less, more, whole = (
            spec_of(does).key
            for does in (Intent.AUTHORITY_LESS, Intent.AUTHORITY_MORE, Intent.OVERRIDE)
        )
        self.setToolTip(words.how_much_a_takeover(less, more, whole))

    @property
    def reported(self) -> float | None:
        """What control says is set."""
        return self._reported

    @property
    def pending(self) -> float | None:
        """What was asked for and is not reported yet."""
        return self._wish.pending

    def sizeHint(self) -> QSize:
        return QSize(300, theme.ROW)

    def show_authority(self, value: float | None, chosen: bool, now_ns: int) -> None:
        """Show what control reports; the keys concern this arm if it is `chosen`."""
        before = (self._reported, self._wish.pending, self._chosen)
        self._now_ns = now_ns
        self._reported, self._chosen = value, chosen
        self._wish.report(value, now_ns)
        if (self._reported, self._wish.pending, self._chosen) != before:
            self._describe()
            self.update()

    def ask(self, value: float) -> None:
        """Ask for `value`; nothing is asked while control reports nothing."""
        if self._reported is None:
            return
        value = min(1.0, max(0.0, round(value, 2)))
        self._wish.ask(value, self._now_ns)
        self._describe()
        self.update()
        self.wanted.emit(self._arm, value)

    def step(self, by: float) -> None:
        """Ask for `by` more than was asked for last, or than is set."""
        start = self._wish.pending if self._wish.pending is not None else self._reported
        if start is not None:
            self.ask(start + by)

    def refuse(self) -> None:
        """Control has refused what was asked for."""
        self._wish.refuse()
        self.update()

    def _describe(self) -> None:
        pending = self._wish.pending
        asked = "" if pending is None else words.asked_for(percent(pending))
        self.setAccessibleDescription(f"{percent(self._reported)}{asked}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -STEP, Qt.Key.Key_Right: STEP}
        ends = {Qt.Key.Key_Home: 0.0, Qt.Key.Key_End: 1.0}
        key = Qt.Key(event.key())
        if key in steps:
            self.step(steps[key])
        elif key in ends:
            self.ask(ends[key])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._drag(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._drag(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged, self._dragged = self._dragged, None
        if dragged is not None:
            self.ask(dragged)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        self.ask(1.0)

    def _drag(self, event: QMouseEvent) -> None:
        if self._reported is None:
            return
        left, right = self._groove()
        share = (event.position().x() - left) / max(1.0, right - left)
        self._dragged = min(1.0, max(0.0, round(share / GRAIN) * GRAIN))
        self.update()

    def _groove(self) -> tuple[float, float]:
        return HANDLE + 4, self.width() - NUMBER - HANDLE - 4

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = self._groove()
        middle = (self.height() + CAPTION) / 2 - 1
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._look.focus), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        self._paint_captions(painter, QRectF(4, 1, right + HANDLE - 4, CAPTION))
        groove = QColor(self._look.line)
        painter.setPen(QPen(groove, 4, c=Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(left, middle), QPointF(right, middle))
        if self._reported is not None:
            at = QPointF(left + self._reported * (right - left), middle)
            painter.setPen(QPen(QColor(self._look.text), 4, c=Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(left, middle), at)
            painter.setBrush(QColor(self._look.text))
            painter.setPen(QPen(QColor(self._look.panel), 2))
            painter.drawEllipse(at, HANDLE, HANDLE)
        wish = self._dragged if self._dragged is not None else self._wish.pending
        if wish is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._look.focus), 2, Qt.PenStyle.DashLine))
            at = QPointF(left + wish * (right - left), middle)
            painter.drawEllipse(at, HANDLE + 2, HANDLE + 2)
        self._paint_number(painter, wish)

    def _paint_number(self, painter: QPainter, wish: float | None) -> None:
        place = QRectF(self.width() - NUMBER, 0, NUMBER - 4, self.height())
        painter.setFont(theme.font(theme.VALUE if wish is None else theme.TEXT, bold=True))
        painter.setPen(QColor(self._look.text))
        text = percent(self._reported) if wish is None else f"→ {percent(wish)} ?"
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(place, flags, text)

    def _paint_captions(self, painter: QPainter, place: QRectF) -> None:
        less, more = (
            f"  {spec_of(does).key}  " if self._chosen else ""
            for does in (Intent.AUTHORITY_LESS, Intent.AUTHORITY_MORE)
        )
        painter.setFont(theme.font(12, bold=True))
        painter.setPen(QColor(self._look.dim))
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft, f"NUDGE{less}")
        painter.drawText(place, Qt.AlignmentFlag.AlignRight, f"{more}OVERRIDE")
