"""What control tells, under the pictures: calls for help until answered, the rest for seconds.

Colour says how urgent it is, and a symbol and the words say the same.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import theme
from gui.notices import FRESH
from gui.texts import notices as words
from gui.view import NoticeLine, NoticesView
from gui.widgets.answered_bar import AnsweredBar
from gui.widgets.panel import TextLabel
from teleop.messages import Arm
from teleop.takeover_messages import NoticeKind

SYMBOLS = {
    NoticeKind.REFUSED: "⊘",
    NoticeKind.HOLD: "‖",
    NoticeKind.STOPPED: "■",
    NoticeKind.DEVICE: "◎",
    NoticeKind.HELP: "☎",
    NoticeKind.RESUMED: "✔",
    NoticeKind.SETTINGS: "⚙",
}
WORDS = {
    NoticeKind.REFUSED: "refused",
    NoticeKind.HOLD: "hold",
    NoticeKind.STOPPED: "",  # its sentence begins with the word
    NoticeKind.DEVICE: "",
    NoticeKind.HELP: "help",
    NoticeKind.RESUMED: words.GOES_ON,
    NoticeKind.SETTINGS: "",
}
CALLS = len(Arm)
TOP = 24  # pixels; the ages of the pictures stand above
SPACING, BESIDE = 4, 8  # pixels: between lines, and left and right of them over a page


def line_style(kind: NoticeKind, look: theme.Theme) -> str:
    """Return how a line is drawn: calm, but for a stop."""
    fill, ink, edge = look.panel, look.text, look.amber
    if kind is NoticeKind.STOPPED:
        fill, ink, edge = look.red, look.red_text, look.red
    elif kind in (NoticeKind.RESUMED, NoticeKind.SETTINGS):
        edge = look.line
    return (
        f"color: {ink}; background: {fill}; border: 1px solid {edge}; border-radius: 4px;"
        f" border-left: 10px solid {edge}; padding: 2px 8px; font-size: {theme.TEXT}px;"
    )


def who(arm: Arm | None) -> str:
    """Return the arm's name as the banner has it; empty: it concerns no arm alone."""
    return "" if arm is None else arm.name


def line_text(line: NoticeLine) -> str:
    """Return a notice as it is written: symbol, kind, arm, sentence, how often."""
    times = words.times(line.count) if line.count > 1 else ""
    head = " ".join(filter(None, (who(line.arm), WORDS[line.kind])))
    colon = ": " if head else ""
    return f"{SYMBOLS[line.kind]} {head}{colon}{line.text}{times}"


def call_text(line: NoticeLine) -> str:
    """Return a call for help as it is written."""
    name = who(line.arm) or words.BOTH_ARMS
    return words.will_probably_need_you(SYMBOLS[NoticeKind.HELP], name, line.text)


class CallBar(AnsweredBar):
    """One call for help: large, and there until it is answered."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        style = (
            f"QFrame#call {{ background: {look.amber}; border: 3px solid {look.amber_text};"
            f" border-radius: 6px; }} QFrame#call QLabel {{ color: {look.amber_text};"
            f" font-size: {theme.VALUE}px; font-weight: bold; }}"
        )
        super().__init__("call", words.CALL_FOR_HELP, style, look, parent)


class NoticeStack(QWidget):
    """Calls on top, the newest notices below them; as high as there is something to say.

    Signals:
        acknowledged: the operator has seen the calls.

    Attributes:
        lies_over: whether it lies over its parent; otherwise a layout has a place for it.
        top: pixels of the parent that are left free above, where it lies over it.
    """

    acknowledged = Signal()

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.lies_over = False
        self.top = TOP
        self._shown: tuple[tuple[NoticeLine, ...], tuple[NoticeLine, ...]] = ((), ())
        self._room = (0, 0)  # pixels: width, height
        self.calls = tuple(CallBar(look, self) for _ in range(CALLS))
        self.lines = tuple(TextLabel("text", name=words.NOTICE) for _ in range(FRESH))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(SPACING)
        for call in self.calls:
            call.answered.connect(self.acknowledged)
            box.addWidget(call)
        for label in self.lines:
            label.setWordWrap(True)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.hide()
            box.addWidget(label)
        self.hide()

    def show_notices(self, view: NoticesView) -> bool:
        """Show the calls and the fresh lines of `view`, the newest on top; whether they are new."""
        shown = (view.calls[-CALLS:], tuple(reversed(view.fresh)))
        if shown == self._shown:
            return False
        self._shown = shown
        calls, lines = shown
        for bar, call in zip(self.calls, calls, strict=False):
            bar.text.show_text(call_text(call))
        for label, line in zip(self.lines, lines, strict=False):
            label.setStyleSheet(line_style(line.kind, self._look))
            label.show_text(line_text(line))
        self.setVisible(bool(calls or lines))
        self._show_fitting()
        self.raise_()
        self.place()
        return True

    def calls_height(self, width: int) -> int:
        """Pixels that the calls take where they are so wide."""
        shown = self.calls[: len(self._shown[0])]
        return sum(bar.heightForWidth(width) + SPACING for bar in shown)

    def lie_over(self, host: QWidget, top: int) -> None:
        """Lie over `host` from `top` pixels on; to be shown again, as Qt hides what moves."""
        self.lies_over, self.top = True, top
        self.setParent(host)
        self._show_fitting()

    def fit(self, width: int, height: int) -> None:
        """Show the lines that have room in so many pixels; calls are shown in any case."""
        self._room = (width, height)
        self._show_fitting()

    def _show_fitting(self) -> None:
        calls, lines = self._shown
        width, left = self._room
        left -= self.calls_height(width)
        for number, bar in enumerate(self.calls):
            bar.setVisible(number < len(calls))
        for number, label in enumerate(self.lines):
            label.ensurePolished()
            left -= label.heightForWidth(width) + SPACING if number < len(lines) else 0
            label.setVisible(number < len(lines) and (self.lies_over or left >= 0))

    def place(self) -> None:
        """Where it lies over its parent: over the top of it."""
        parent, layout = self.parentWidget(), self.layout()
        if not self.lies_over or parent is None or layout is None or not self.isVisible():
            return
        width = parent.width() - 2 * BESIDE
        layout.invalidate()
        needed = layout.heightForWidth(width) if layout.hasHeightForWidth() else 0
        height = max(needed, layout.minimumSize().height())
        self.setGeometry(BESIDE, self.top, width, height)
