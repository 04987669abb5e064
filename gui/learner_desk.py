"""Asks the learner for the operator. A version can be served also where there is no learner.

What is served is a pointer in a file (see teleop/serving.py), and the policy process follows it by
itself. So a rollback never waits for a learner that hangs or is gone.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from gui.learner_view import OPERATOR
from gui.order_desk import OrderDesk
from gui.texts import learner as words
from teleop.bus import OrderClient
from teleop.errors import NudgeError
from teleop.learner_messages import LearnerOrder, LearnerOrderKind
from teleop.order_messages import Reply
from teleop.serving import move_serving
from teleop.session_folder import LEARNER_ORDERS, SessionFolder

TIMEOUT_S = 1.0


def learner_desk(folder: SessionFolder, parent: QObject | None) -> OrderDesk[LearnerOrder]:
    """Return the desk that asks the learner."""
    endpoint = folder.endpoint(LEARNER_ORDERS)
    return OrderDesk(
        "learner orders",
        lambda: OrderClient(endpoint, LearnerOrder, server="learner"),
        TIMEOUT_S,
        partial(without_learner, policies=folder.policies),
        parent,
    )


def without_learner(order: LearnerOrder, trouble: str, policies: Path) -> Reply:
    """What the window can do by itself where the learner does not answer."""
    if order.kind is not LearnerOrderKind.SERVE:
        return Reply(accepted=False, reason=trouble)
    try:
        move_serving(policies, order.version, OPERATOR, words.BY_THE_WINDOW)
    except (NudgeError, OSError) as error:
        return Reply(accepted=False, reason=str(error))
    return Reply(accepted=True, reason=words.FOLLOWS_BY_ITSELF)
