"""Asks the learner for the operator. A version can be served also where there is no learner.

What is served is a pointer in a file (see teleop/serving.py), and the policy process follows it by
itself. So a rollback never waits for a learner that hangs or is gone.
"""

import queue
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from gui.learner_view import OPERATOR
from teleop.bus import OrderClient
from teleop.errors import BusError, NudgeError
from teleop.learner_messages import LearnerOrder, LearnerOrderKind
from teleop.order_messages import Reply
from teleop.serving import move_serving
from teleop.session_folder import LEARNER_ORDERS, SessionFolder

TIMEOUT_S = 1.0


class LearnerDesk(QThread):
    """Asks one order after the other.

    Signals:
        answered: the order and its reply; no answer is a refusal that says so.
    """

    answered = Signal(object, object)

    def __init__(self, folder: SessionFolder, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("learner orders")
        self._folder = folder
        self._orders: queue.SimpleQueue[LearnerOrder | None] = queue.SimpleQueue()

    def ask(self, order: LearnerOrder) -> None:
        """Have `order` asked; returns at once."""
        self._orders.put(order)

    def close(self) -> None:
        """End the thread and wait for it. Idempotent."""
        self._orders.put(None)
        self.wait()

    def run(self) -> None:
        """Ask until closed."""
        endpoint = self._folder.endpoint(LEARNER_ORDERS)
        client = OrderClient(endpoint, LearnerOrder, server="learner")
        while (order := self._orders.get()) is not None:
            try:
                reply = client.call(order, TIMEOUT_S)
            except BusError as error:
                reply = without_learner(order, self._folder.policies, str(error))
            self.answered.emit(order, reply)
        client.close()


def without_learner(order: LearnerOrder, policies: Path, trouble: str) -> Reply:
    """What the window can do by itself where the learner does not answer."""
    if order.kind is not LearnerOrderKind.SERVE:
        return Reply(accepted=False, reason=trouble)
    try:
        move_serving(policies, order.version, OPERATOR, "in the window, without the learner")
    except (NudgeError, OSError) as error:
        return Reply(accepted=False, reason=str(error))
    return Reply(accepted=True, reason="the learner does not answer; the policy follows by itself")
