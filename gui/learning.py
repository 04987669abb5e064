"""What the operator wants of the learner, and what became of it: every click is answered."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from gui.action_spec import Intent
from gui.actions import spec_of
from gui.learner_desk import learner_desk
from gui.learner_view import LearnerView, rollback_target
from gui.order_words import learner_order_text
from gui.texts import learner as words
from gui.view import Level
from teleop.learner_messages import LearnerOrder, LearnerOrderKind, LearnerState
from teleop.order_messages import Reply
from teleop.session_folder import SessionFolder


class Learning(QObject):
    """Turns intents into orders to the learner.

    Signals:
        began: what is asked now, in a few words.
        ended: what became of it, and how well.
    """

    began = Signal(str)
    ended = Signal(str, object)

    def __init__(self, folder: SessionFolder, parent: QObject) -> None:
        super().__init__(parent)
        self._view = LearnerView()
        self.desk = learner_desk(folder, self)
        self.desk.answered.connect(self._take_answer)
        self.intents: dict[Intent, Callable[[], object]] = {
            Intent.ROLL_BACK: self.roll_back,
            Intent.CONSOLIDATE: self.consolidate,
            Intent.PAUSE_LEARNING: self.pause_or_go_on,
        }

    def know(self, view: LearnerView) -> None:
        """What there is to roll back to follows from what is served."""
        self._view = view

    @Slot(int)
    def serve(self, version: int) -> None:
        """Have `version` served."""
        self._ask(LearnerOrder(LearnerOrderKind.SERVE, version))

    def roll_back(self) -> None:
        """Have the version before the serving one served."""
        target = rollback_target(self._view)
        if target >= 0:
            self.serve(target)
        else:
            self.ended.emit(words.nowhere(spec_of(Intent.ROLL_BACK).text), Level.WARNING)

    def consolidate(self) -> None:
        """Have all of it fitted anew."""
        self._ask(LearnerOrder(LearnerOrderKind.CONSOLIDATE))

    def pause_or_go_on(self) -> None:
        """Let the learner rest, or go on if it does."""
        paused = self._view.state is LearnerState.PAUSED
        self._ask(LearnerOrder(LearnerOrderKind.GO_ON if paused else LearnerOrderKind.PAUSE))

    def _ask(self, order: LearnerOrder) -> None:
        self.began.emit(f"{learner_order_text(order)} …")
        self.desk.ask(order)

    @Slot(object, object)
    def _take_answer(self, order: LearnerOrder, reply: Reply) -> None:
        text = learner_order_text(order)
        if reply.accepted:
            because = f": {reply.reason}" if reply.reason else ""
            self.ended.emit(f"{text} ✔{because}", Level.OK)
        else:
            self.ended.emit(f"{text} refused: {reply.reason}", Level.WARNING)
