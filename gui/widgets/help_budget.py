"""How often the policy may call the operator, and how often it did: the operator's knob."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.actions import spec_of
from gui.texts import takeover as words
from gui.view import HelpView
from gui.widgets.own_keys import keeps
from gui.widgets.panel import TextLabel
from gui.wish import Wish

MOST = 3600  # an hour, as `teleop.config.HelpConfig`


class BudgetBox(QSpinBox):
    """The number; it is sent by Enter or when the focus leaves, and Escape stays STOP."""

    def event(self, event: QEvent) -> bool:
        return keeps(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clearFocus()


class HelpBudget(QWidget):
    """Alerts in the last hour, and how many the operator allows.

    Signals:
        wanted: alerts an hour; asked for, not yet in force.
    """

    wanted = Signal(float)

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._wish = Wish()
        self._reported: float | None = None
        self._now_ns = 0
        self.count = TextLabel("small", "—", name=words.CALLS_FOR_HELP_IN_THE)
        self.box = BudgetBox(self)
        self.box.setRange(0, MOST)
        self.box.setSuffix(" /h")
        self.box.setKeyboardTracking(False)
        self.box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.box.setFixedWidth(68)
        self.box.setEnabled(False)
        self.box.setAccessibleName(words.CALLS_FOR_HELP_ALLOWED_IN)
        self.box.editingFinished.connect(self._ask)
        key = spec_of(Intent.HELP_BUDGET).key
        self.setToolTip(words.calls_for_help_in(key))
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(6)
        row.addWidget(self.count)
        row.addWidget(self.box)

    @property
    def pending(self) -> float | None:
        """What was asked for and is not reported yet."""
        return self._wish.pending

    def show_help(self, view: HelpView, now_ns: int) -> None:
        """Show what control reports; while the operator types, the number is left alone."""
        self._now_ns = now_ns
        self._reported = view.budget
        self._wish.report(view.budget, now_ns)
        known = view.budget is not None
        pending = self._wish.pending is not None
        self.count.show_text(words.calls_of(view.alerts) if known else words.CALLS)
        self.count.show_level("warning" if known and view.alerts > (view.budget or 0) else "")
        self.box.setEnabled(known)
        self.box.setSuffix(" ?" if pending else " /h")
        if known and not self.box.hasFocus() and not pending:
            self.box.setValue(round(view.budget or 0.0))

    def begin(self) -> None:
        """Let the operator type."""
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def refuse(self) -> None:
        """Control has refused what was asked for."""
        self._wish.refuse()

    def _ask(self) -> None:
        value = float(self.box.value())
        if self._reported is None or value in (round(self._reported), self._wish.pending):
            return  # leaving the field says once more what Enter has said
        self._wish.ask(value, self._now_ns)
        self.wanted.emit(value)
