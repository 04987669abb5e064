"""What the operator wants of control, as orders; and what became of each, in words."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from gui.console import Refused
from gui.order_desk import OrderDesk
from gui.order_words import order_text
from gui.preflight_desk import PreflightDesk
from gui.screen import Screen
from gui.texts import shell as words
from gui.view import Level
from gui.widgets.devices.dialog import DevicesDialog
from teleop.messages import Arm
from teleop.order_messages import Order, OrderKind, Reply
from teleop.takeover_messages import Notice, NoticeKind


class Asking(QObject):
    """Asks control through its desk, once the list before the first motion admits it.

    Args:
        desk: that answers.
        screen: where orders come from, and where answers are shown.
        devices: the same.
        preflight: may hold the first start back.
        say: shows a sentence to the operator.
        tell: folds what did not come over the bus into the console.
        parent: the window.
    """

    def __init__(
        self,
        desk: OrderDesk[Order],
        screen: Screen,
        devices: DevicesDialog,
        preflight: PreflightDesk,
        say: Callable[[str, Level], None],
        tell: Callable[[object], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk, self._screen, self._devices = desk, screen, devices
        self._preflight, self._say, self._tell = preflight, say, tell
        desk.answered.connect(self._take_answer)
        screen.episodes.instruction_changed.connect(self._send_instruction)
        screen.episodes.scripted_changed.connect(self._send_scripted)
        screen.episodes.stop_released.connect(self._send_release)
        screen.takeover.authority_wanted.connect(self._send_authority)
        screen.takeover.rewind_wanted.connect(self._send_rewind)
        screen.takeover.budget_wanted.connect(self._send_budget)
        devices.ordered.connect(self.ask)

    @Slot(object)
    def ask(self, order: Order) -> None:
        """Send `order`; its answer is shown."""
        if not self._preflight.admits(order):
            return
        self._screen.toast.say(f"{order_text(order)} …", Level.UNKNOWN)
        self._screen.banner.requested(order)
        self._desk.ask(order)

    @Slot(object, object)
    def _take_answer(self, order: Order, reply: Reply) -> None:
        text = order_text(order)
        self._screen.banner.answered(order, reply)
        if reply.accepted:
            self._screen.toast.say(f"{text} ✔", Level.OK)
        else:
            self._say(words.refused(text, reply.reason), Level.WARNING)
            told = f"{text}: {reply.reason}"
            self._tell(Refused(Notice(time.monotonic_ns(), NoticeKind.REFUSED, order.arm, told)))
        if order.kind is OrderKind.SCRIPTED:
            self._screen.episodes.show_scripted((order.text == "on") == reply.accepted)
        elif not reply.accepted:
            self._screen.takeover.refused(order)
            self._devices.refused(order, reply.reason)

    @Slot(str)
    def _send_instruction(self, text: str) -> None:
        self.ask(Order(OrderKind.INSTRUCTION, text=text))

    @Slot(bool)
    def _send_scripted(self, on: bool) -> None:
        self.ask(Order(OrderKind.SCRIPTED, text="on" if on else "off"))

    @Slot()
    def _send_release(self) -> None:
        self.ask(Order(OrderKind.RELEASE_STOP))

    @Slot(object, float)
    def _send_authority(self, arm: Arm, value: float) -> None:
        self.ask(Order(OrderKind.AUTHORITY, arm, value=value))

    @Slot(object)
    def _send_rewind(self, arm: Arm) -> None:
        self.ask(Order(OrderKind.REWIND, arm))

    @Slot(float)
    def _send_budget(self, alerts: float) -> None:
        self.ask(Order(OrderKind.HELP_BUDGET, value=alerts))
