"""What control tells, under the pictures: calls for help until answered, the rest for seconds.

Colour says how urgent it is, and a symbol and the words say the same.
"""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.actions import spec_of
from gui.notices import FRESH
from gui.texts import notices as words
from gui.view import NoticeLine, NoticesView
from gui.widgets.buttons import RowButton
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


class CallBar(QFrame):
    """One call for help: large, and there until it is answered.

    Signals:
        answered: its button was pressed.
    """

    answered = Signal()

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("call")
        self.setStyleSheet(
            f"QFrame#call {{ background: {look.amber}; border: 3px solid {look.amber_text};"
            f" border-radius: 6px; }} QFrame#call QLabel {{ color: {look.amber_text};"
            f" font-size: {theme.VALUE}px; font-weight: bold; }}"
        )
        self.text = TextLabel("call", name=words.CALL_FOR_HELP)
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        spec = spec_of(Intent.ACKNOWLEDGE)
        self.button = RowButton(spec.text, spec.key, look, self)
        self.button.setAccessibleName(spec.text)
        self.button.setAccessibleDescription(spec.hint)
        self.button.clicked.connect(self.answered)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        self.hide()


class NoticeStack(QWidget):
    """Calls on top, the newest notices below them; as high as there is something to say.

    Signals:
        acknowledged: the operator has seen the calls.

    Attributes:
        top: pixels of the parent that are left free above.
        over: the parent's child that it lies over; None: the whole parent.
    """

    acknowledged = Signal()

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.top = TOP
        self.over: QWidget | None = None
        self._shown: tuple[tuple[NoticeLine, ...], tuple[NoticeLine, ...]] = ((), ())
        self.calls = tuple(CallBar(look, self) for _ in range(CALLS))
        self.lines = tuple(TextLabel("text", name=words.NOTICE) for _ in range(FRESH))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        for call in self.calls:
            call.answered.connect(self.acknowledged)
            box.addWidget(call)
        for label in self.lines:
            label.setWordWrap(True)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.hide()
            box.addWidget(label)
        self.hide()

    def show_notices(self, view: NoticesView) -> None:
        """Show the calls and the fresh lines of `view`, the newest line on top."""
        shown = (view.calls[-CALLS:], tuple(reversed(view.fresh)))
        if shown == self._shown:
            return
        self._shown = shown
        calls, lines = shown
        for bar, call in zip(self.calls, (*calls, *[None] * CALLS), strict=False):
            bar.setVisible(call is not None)
            if call is not None:
                bar.text.show_text(call_text(call))
        for label, line in zip(self.lines, (*lines, *[None] * FRESH), strict=False):
            label.setVisible(line is not None)
            if line is not None:
                label.setStyleSheet(line_style(line.kind, self._look))
                label.show_text(line_text(line))
        self.setVisible(bool(calls or lines))
        self.raise_()
        self.place()

    def place(self) -> None:
        """Lie over a panel, growing upwards where it is too low, or over the top of the parent."""
        parent, layout = self.parentWidget(), self.layout()
        if parent is None or layout is None or not self.isVisible():
            return
        around = (
            QRect(0, self.top, parent.width(), 0) if self.over is None else self.over.geometry()
        )
        width = around.width() - 16
        layout.invalidate()
        needed = layout.heightForWidth(width) if layout.hasHeightForWidth() else 0
        height = max(needed, layout.minimumSize().height())
        top = around.top()
        if self.over is not None:
            top = min(top + 4, around.bottom() - 4 - height)
        self.setGeometry(around.left() + 8, top, width, height)
