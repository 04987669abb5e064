"""Asks control or the learner and waits for the answer, which the window itself never does."""

import queue
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QThread, Signal

from teleop.bus import OrderClient
from teleop.errors import BusError
from teleop.order_messages import Order, Reply
from teleop.session_folder import SessionFolder

ORDER_TIMEOUT_S = 0.5

OrderT = TypeVar("OrderT")


def refused(order: object, trouble: str) -> Reply:
    """No answer is a refusal that says so."""
    return Reply(accepted=False, reason=trouble)


class OrderDesk(QThread, Generic[OrderT]):
    """Asks one order after the other.

    Args:
        name: of the thread.
        client: connects to whom is asked; called in the thread.
        timeout_s: how long an answer may take.
        unanswered: the reply to an order that nobody answers, from the order and the trouble.
        parent: the window.

    Signals:
        answered: the order and its reply.
    """

    answered = Signal(object, object)

    def __init__(
        self,
        name: str,
        client: Callable[[], OrderClient[Any]],
        timeout_s: float,
        unanswered: Callable[[OrderT, str], Reply],
        parent: QObject | None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._client = client
        self._timeout_s = timeout_s
        self._unanswered = unanswered
        self._orders: queue.SimpleQueue[OrderT | None] = queue.SimpleQueue()

    def ask(self, order: OrderT) -> None:
        """Have `order` asked; returns at once."""
        self._orders.put(order)

    def close(self) -> None:
        """End the thread and wait for it. Idempotent."""
        self._orders.put(None)
        self.wait()

    def run(self) -> None:
        """Ask until closed."""
        client = self._client()
        while (order := self._orders.get()) is not None:
            try:
                reply = client.call(order, self._timeout_s)
            except BusError as error:
                reply = self._unanswered(order, str(error))
            self.answered.emit(order, reply)
        client.close()


def control_desk(folder: SessionFolder, parent: QObject) -> OrderDesk[Order]:
    """Return the desk that asks control."""
    endpoint = folder.endpoint("orders")
    return OrderDesk("orders", lambda: OrderClient(endpoint), ORDER_TIMEOUT_S, refused, parent)
