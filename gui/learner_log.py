"""Folds the learner's and the policy's messages into what the learner panel shows. No Qt."""

from gui.view import LearnerView
from teleop.learner_messages import (
    LearnerStatus,
    PolicyPublished,
    PolicyServing,
)
from teleop.messages import (
    Step,
)

DELAYS_KEPT = 200


class LearnerLog:
    """Versions, losses, and how long a correction took to be served."""

    def __init__(self) -> None:
        self._status: LearnerStatus | None = None
        self._serving = -1
        self._newest = -1
        self._provisional: frozenset[int] = frozenset()
        self._refused = ""
        self._delays_s: tuple[float, ...] = ()

    def status(self, message: LearnerStatus) -> None:
        self._status = message
        self._newest = max(self._newest, message.newest_version)

    def published(self, message: PolicyPublished) -> None:
        self._newest = max(self._newest, message.version)
        if message.provisional:
            self._provisional |= {message.version}
        self._refused = "" if message.accepted else f"v{message.version}: {message.reason}"

    def serving(self, message: PolicyServing) -> None:
        if message.version != self._serving and message.handback_ns >= 0:
            delay_s = (message.stamp_ns - message.handback_ns) / 1e9
            self._delays_s = (*self._delays_s, delay_s)[-DELAYS_KEPT:]
        self._serving = message.version
        self._newest = max(self._newest, message.version)

    def stepped(self, step: Step) -> None:
        """A window opened late learns the serving version from the steps."""
        if self._serving < 0:
            self._serving = step.policy_version

    def view(self) -> LearnerView:
        status = self._status
        view = LearnerView(
            serving=self._serving,
            newest=self._newest,
            provisional=self._provisional,
            refused=self._refused,
            serving_delays_s=self._delays_s,
        )
        if status is None:
            return view
        return LearnerView(
            serving=view.serving,
            newest=view.newest,
            provisional=view.provisional,
            refused=view.refused,
            state=status.state,
            progress=status.progress,
            loss_demonstrations=status.loss_demonstrations,
            loss_corrections=status.loss_corrections,
            corrections=status.corrections,
            demonstrations=status.demonstrations,
            message=status.message,
            serving_delays_s=view.serving_delays_s,
        )
