"""What is set and known of takeovers, under each arm's half of the banner."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gui import theme
from gui.actions import spec_of
from gui.texts import takeover as words
from gui.view import ArmView, HelpView, Lead
from gui.widgets.authority_slider import AuthoritySlider
from gui.widgets.buttons import RowButton
from gui.widgets.help_budget import HelpBudget
from gui.widgets.risk_bar import RiskBar
from teleop.messages import Arm
from teleop.order_messages import Order, OrderKind


class TakeoverStrip(QFrame):
    """Authority, risk and rewind of one arm.

    Signals:
        rewind_wanted: arm.
    """

    rewind_wanted = Signal(object)

    def __init__(self, arm: Arm, second: float, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._arm = arm
        self.setObjectName("panel")
        self.slider = AuthoritySlider(arm, look, self)
        self.risk = RiskBar(arm, second, look, self)
        spec = spec_of(OrderKind.REWIND)
        self.rewind = RowButton(spec.text, spec.key, look, self)
        self.rewind.setAccessibleName(words.rewind_the_arm(arm.name.lower()))
        self.rewind.setAccessibleDescription(spec.hint)
        self.rewind.clicked.connect(self._rewind)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 1, 4, 1)
        row.setSpacing(8)
        row.addWidget(self.slider, 1)
        row.addWidget(self.risk)
        row.addWidget(self.rewind)

    def _rewind(self) -> None:
        self.rewind_wanted.emit(self._arm)

    def show_arm(self, view: ArmView, chosen: bool, now_ns: int) -> None:
        """Show `view`; the keys concern this arm if it is `chosen`."""
        self.slider.show_authority(view.authority, chosen, now_ns)
        self.risk.show_risk(view.risk)
        self.rewind.setEnabled(view.lead not in (Lead.NO_DATA, Lead.REWIND))
        key = spec_of(OrderKind.REWIND).key
        self.rewind.show_key(key if chosen else f"⇥ {key}")


class TakeoverRow(QWidget):
    """Both arms' strips, and between them the budget of calls for help.

    Signals:
        authority_wanted: arm and value.
        rewind_wanted: arm.
        budget_wanted: alerts an hour.
    """

    authority_wanted = Signal(object, float)
    rewind_wanted = Signal(object)
    budget_wanted = Signal(float)

    def __init__(self, second: float, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.strips = (
            TakeoverStrip(Arm.LEFT, second, look, self),
            TakeoverStrip(Arm.RIGHT, second, look, self),
        )
        self.budget = HelpBudget(look, self)
        self.budget.wanted.connect(self.budget_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
        row.setSpacing(0)
        for strip in self.strips:
            strip.slider.wanted.connect(self.authority_wanted)
            strip.rewind_wanted.connect(self.rewind_wanted)
        row.addWidget(self.strips[Arm.LEFT], 1)
        row.addWidget(self.budget)
        row.addWidget(self.strips[Arm.RIGHT], 1)

    def show_arms(self, arms: tuple[ArmView, ArmView], chosen: Arm, now_ns: int) -> None:
        """Show both arms; the keys concern `chosen`."""
        for strip, view in zip(self.strips, arms, strict=True):
            strip.show_arm(view, view.arm == chosen, now_ns)

    def show_second(self, second: float) -> None:
        """Mark another risk as the one at which an arm slows or holds."""
        for strip in self.strips:
            strip.risk.show_second(second)

    def show_help(self, view: HelpView, now_ns: int) -> None:
        """Show the budget and what was used of it."""
        self.budget.show_help(view, now_ns)

    def refused(self, order: Order) -> None:
        """Forget the wish behind `order`, which control has refused."""
        if order.kind is OrderKind.AUTHORITY and order.arm is not None:
            self.strips[order.arm].slider.refuse()
        elif order.kind is OrderKind.HELP_BUDGET:
            self.budget.refuse()
