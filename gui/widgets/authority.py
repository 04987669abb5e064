"""The banner: one half per arm, the leader's word, shape, colour and reason; and the frame."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui import theme
from gui.texts import authority as words
from gui.view import ALERT_ORDER, ArmView, Lead
from gui.widgets.symbols import draw_symbol
from teleop.messages import Arm
from teleop.order_messages import Order, Reply

BOX_MS = 220  # half a period of the flash: 2.3 a second, below the three that may harm
BOX_TOGGLES = 8
BOX_WIDTH = 7
EDGE = 2
LINE_SIZES = (18, theme.SMALL, 13)  # of the reason; where none fits, the last in two lines
TWO_LINES = 1.9  # a word may be too long for the first one's end
LEAST_HEIGHT = 96
SHARE_SIZE = 24  # of the share of a nudge, in two lines behind the word
SHARE_WIDTH = 132
REFUSED_MS = 5000
BESIDE_SHARE = 0.82  # of the word's usual size


def most_alert(leads: tuple[Lead, ...]) -> Lead:
    """Return the most alarming of `leads`."""
    return max(leads, key=ALERT_ORDER.index)


class AuthorityHalf(QWidget):
    """Who leads one arm."""

    def __init__(self, arm: Arm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._arm = arm
        self._view = ArmView(arm)
        self._chosen = False
        self._toggles = 0
        self._timer = QTimer(self, interval=BOX_MS)
        self._timer.timeout.connect(self._flash)
        self._request = ""
        self._forget = QTimer(self, singleShot=True, interval=REFUSED_MS)
        self._forget.timeout.connect(self._answered)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(words.arm(arm.name))

    @property
    def lead(self) -> Lead:
        """The leader shown."""
        return self._view.lead

    @property
    def word(self) -> str:
        """Who leads, and by how much where that is a nudge."""
        return " ".join(filter(None, (self._view.lead.value, self._view.nudging)))

    @property
    def reason(self) -> str:
        """The line under the word."""
        return self._view.reason

    @property
    def request(self) -> str:
        """What was asked of control and is not granted yet, or why it is not; empty: nothing."""
        return self._request

    def show_request(self, text: str, *, refused: bool = False) -> None:
        """Show in the line under the word what is asked; a refusal goes away by itself."""
        self._request = text
        self._forget.stop()
        if refused:
            self._forget.start()
        self.update()

    def _answered(self) -> None:
        self.show_request("")

    @property
    def flashing(self) -> bool:
        """Whether the box of a fresh change is on."""
        return self._toggles > 0

    def show_arm(self, view: ArmView, chosen: bool) -> None:
        """Show `view`; a change of leader boxes the half for two seconds."""
        before, self._view = self._view, view
        if view.lead is not before.lead:
            self._toggles = BOX_TOGGLES
            self._timer.start()
        told = (view.lead, view.nudging, view.reason, chosen)
        if told != (before.lead, before.nudging, before.reason, self._chosen):
            self._chosen = chosen
            self.setAccessibleDescription(words.told(self.word, view.reason))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, banner_height(self.window().height()))

    def _flash(self) -> None:
        self._toggles -= 1
        if self._toggles <= 0:
            self._timer.stop()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        colours = theme.LEADS[self._view.lead]
        painter.fillRect(self.rect(), QColor(colours.fill))
        if colours.hatch:
            painter.fillRect(self.rect(), QBrush(QColor(colours.hatch), Qt.BrushStyle.BDiagPattern))
        ink = QColor(colours.text)
        painter.setPen(QPen(ink, EDGE))  # the white of OPERATOR is no edge in a light window
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(self.rect()).adjusted(EDGE / 2, EDGE / 2, -EDGE / 2, -EDGE / 2))
        painter.setPen(ink)
        self._paint_word(painter, ink)
        self._paint_arm(painter, ink)
        if self._toggles % 2:
            inset = BOX_WIDTH / 2
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(
                QPen(
                    ink,
                    BOX_WIDTH,
                    Qt.PenStyle.SolidLine,
                    Qt.PenCapStyle.SquareCap,
                    Qt.PenJoinStyle.MiterJoin,
                )
            )
            painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))

    def _paint_word(self, painter: QPainter, ink: QColor) -> None:
        """The shape and the word in the middle, the reason below them."""
        share = self._view.nudging.split(maxsplit=1)
        size = theme.BANNER * (BESIDE_SHARE if share else 1.0)
        painter.setFont(theme.font(round(size * self.height() / LEAST_HEIGHT), bold=True))
        metrics = painter.fontMetrics()
        word = self._view.lead.value
        cap = metrics.capHeight()
        reason_height = 30
        middle = (self.height() - reason_height + 6) / 2
        total = cap * 1.35 + metrics.horizontalAdvance(word) + (SHARE_WIDTH if share else 0)
        left = (self.width() - total) / 2
        symbol = QRectF(left, middle - cap / 2, cap, cap)
        draw_symbol(painter, self._view.lead, symbol, ink)
        painter.setPen(ink)
        painter.drawText(round(left + cap * 1.35), round(middle + cap / 2), word)
        painter.setFont(theme.font(SHARE_SIZE, bold=True))
        for number, part in enumerate(share):
            place = QRectF(left + total - SHARE_WIDTH, middle - 25 + 25 * number, SHARE_WIDTH, 25)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, part)
        self._paint_line(painter, ink, reason_height)

    def _paint_line(self, painter: QPainter, ink: QColor, high: int) -> None:
        """The reason; while something is asked of control, that, in a box of its own."""
        asked = self._request
        text = asked or self._view.reason
        room = self.width() - 36
        place = QRectF(12, self.height() - high, self.width() - 24, high - 4)
        faces = [theme.font(size, bold=bool(asked)) for size in LINE_SIZES]
        widths = [QFontMetrics(face).horizontalAdvance(text) for face in faces]
        fits = next((n for n, width in enumerate(widths) if width <= room), None)
        painter.setFont(faces[-1 if fits is None else fits])  # better small than cut
        line, wide = text, room
        if fits is None:
            place.adjust(0, -4, 0, 3)
            line = fitting(text, painter.fontMetrics(), round(room * TWO_LINES))
        else:
            wide = widths[fits]
        if asked:
            box = QRectF(place)
            box.setWidth(wide + 20)
            box.moveCenter(place.center())
            painter.fillRect(box, ink)
            painter.setPen(QColor(theme.LEADS[self._view.lead].fill))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, line)

    def _paint_arm(self, painter: QPainter, ink: QColor) -> None:
        """The arm's name in the outer corner, boxed if the keys move it."""
        painter.setFont(theme.font(20, bold=True))
        name = self._arm.name
        width = painter.fontMetrics().horizontalAdvance(name)
        outer = 14 if self._arm is Arm.LEFT else self.width() - 14 - width
        painter.setPen(ink)
        painter.drawText(outer, 30, name)
        if not self._chosen:
            return
        painter.setFont(theme.font(theme.SMALL, bold=True))
        tag = words.KEYS
        tag_width = painter.fontMetrics().horizontalAdvance(tag) + 12
        left = 14 if self._arm is Arm.LEFT else self.width() - 14 - tag_width
        box = QRectF(left, 38, tag_width, 21)
        painter.setBrush(ink)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(theme.LEADS[self._view.lead].fill))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tag)


def fitting(reason: str, metrics: QFontMetrics, width: int) -> str:
    """Return `reason` in at most `width` pixels; the way out behind its last dot is kept whole."""
    cause, dot, way_out = reason.rpartition(words.SEPARATOR)
    cause, end = (cause, f"{dot}{way_out}") if dot else (reason, "")
    room = width - metrics.horizontalAdvance(end)
    return metrics.elidedText(cause, Qt.TextElideMode.ElideRight, room) + end


def banner_height(window_height: int) -> int:
    """Return the banner's height in pixels: more where there is room."""
    return max(LEAST_HEIGHT, min(124, round(window_height * 0.11)))


class AuthorityBanner(QWidget):
    """Both halves, left arm on the left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.halves = (AuthorityHalf(Arm.LEFT, self), AuthorityHalf(Arm.RIGHT, self))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FRAME)
        for half in self.halves:
            row.addWidget(half, 1)

    def show_arms(self, arms: tuple[ArmView, ArmView], chosen: Arm) -> None:
        """Show both arms; the keys move `chosen`."""
        for half, view in zip(self.halves, arms, strict=True):
            half.show_arm(view, view.arm == chosen)

    def requested(self, order: Order) -> None:
        """Show that `order` is asked: what is requested is not granted yet."""
        self._tell(order, words.REQUESTED.get(order.kind, ""))

    def answered(self, order: Order, reply: Reply) -> None:
        """Control has granted `order`, or says why not."""
        if order.kind in words.REQUESTED:
            text = "" if reply.accepted else words.refused(order.kind, reply.reason)
            self._tell(order, text, refused=not reply.accepted)

    def _tell(self, order: Order, text: str, *, refused: bool = False) -> None:
        for half in self.halves if order.arm is None else (self.halves[order.arm],):
            half.show_request(text, refused=refused)


class AlertFrame(QWidget):
    """The whole window's frame, in the colour of the most alert arm."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lead = Lead.NO_DATA

    @property
    def lead(self) -> Lead:
        """Whose colour the frame has."""
        return self._lead

    def show_lead(self, lead: Lead) -> None:
        """Take the colour of `lead`."""
        if lead is not self._lead:
            self._lead = lead
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        colours = theme.LEADS[self._lead]
        frame, size = theme.FRAME, self.size()
        for edge in (
            QRectF(0, 0, size.width(), frame),
            QRectF(0, size.height() - frame, size.width(), frame),
            QRectF(0, 0, frame, size.height()),
            QRectF(size.width() - frame, 0, frame, size.height()),
        ):
            painter.fillRect(edge, QColor(colours.fill))
            if colours.hatch:
                painter.fillRect(edge, QBrush(QColor(colours.hatch), Qt.BrushStyle.BDiagPattern))
