"""What the learner does when it is asked to."""

from learner.learner import Learner
from teleop.errors import NudgeError
from teleop.learner_messages import LearnerOrder, LearnerOrderKind
from teleop.order_messages import Reply


class Orders:
    """Carries orders out, each with a reply."""

    def __init__(self, learner: Learner) -> None:
        self._learner = learner

    def answer(self, order: LearnerOrder) -> Reply:
        """The reply to an order, after it was carried out or begun."""
        match order.kind:
            case LearnerOrderKind.SERVE:
                return self._serve(order.version)
            case LearnerOrderKind.CONSOLIDATE:
                if self._learner.paused:
                    return Reply(
                        accepted=False, reason="The learner is paused; let it go on first."
                    )
                self._learner.order_consolidation()
            case LearnerOrderKind.PAUSE:
                self._learner.save()
                self._learner.paused = True
            case LearnerOrderKind.GO_ON:
                self._learner.paused = False
        return Reply(accepted=True)

    def _serve(self, version: int) -> Reply:
        try:
            self._learner.outlook.served.choose(version)
        except NudgeError as error:
            return Reply(accepted=False, reason=str(error))
        return Reply(accepted=True)
