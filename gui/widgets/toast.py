"""What became of the last order, in a place of its own beside the tabs: it covers no picture."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.texts import shell
from gui.view import Level
from gui.widgets.panel import TextLabel

SHOWN_MS = {Level.OK: 1500, Level.UNKNOWN: 3000, Level.WARNING: 5000, Level.ERROR: 10000}
SIGNS = {Level.WARNING: "▲ ", Level.ERROR: "■ "}
PAD = 10
LONG = 12  # pixels high: two lines of a long answer
WRAP = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


class Toast(TextLabel):
    """One answer that goes away by itself; a long one stands in two smaller lines."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__("value", name=shell.LAST_ANSWER)
        self.setParent(parent)
        self._look = look
        self._level = Level.UNKNOWN
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(120, 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 0)

    def say(self, text: str, level: Level) -> None:
        """Show `text` for as long as its level deserves."""
        self._level = level
        self.setText(text)
        self.setToolTip(text)
        self.show()
        self.update()
        self._timer.start(SHOWN_MS[level])

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        fills = {
            Level.WARNING: (self._look.amber, self._look.amber_text),
            Level.ERROR: (self._look.red, self._look.red_text),
        }
        fill, ink = fills.get(self._level, (self._look.text, self._look.window))
        text = f"{SIGNS.get(self._level, '')}{self.text()}"
        usual = theme.font(theme.TEXT, bold=True)
        room = self.width() - 2 * PAD
        wide = QFontMetrics(usual).horizontalAdvance(text)
        box = QRectF(0, 1, min(wide, room) + 2 * PAD, self.height() - 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(QColor(ink))
        place = box.toRect().adjusted(PAD, 0, -PAD, 0)
        if wide > room:
            text = self._prepared(painter, text, place)
        else:
            painter.setFont(usual)
        painter.drawText(place, WRAP, text)

    def _prepared(self, painter: QPainter, text: str, place: QRect) -> str:
        """Set the small font; return as much of `text` as two lines hold."""
        painter.setFont(theme.font(LONG))
        metrics = painter.fontMetrics()
        while len(text) > 1 and (
            metrics.boundingRect(QRect(0, 0, place.width(), 0), WRAP, text).height()
            > 2 * metrics.lineSpacing() + 2
        ):
            text = text[: -2 - len(text) // 20].rstrip() + "…"
        return text
