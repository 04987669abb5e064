"""What the learner does, what is served, and what came of it."""

import math
import statistics

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from gui import theme
from gui.rates import rates
from gui.view import EpisodeMark, LearnerView
from gui.widgets.chart import LearnerChart
from gui.widgets.panel import Panel, TextLabel
from teleop.learner_messages import (
    LearnerState,
)

STATES = {
    None: "no learner",
    LearnerState.STARTING: "starting",
    LearnerState.WAITING: "waiting for corrections",
    LearnerState.HEAD_UPDATE: "updating the head",
    LearnerState.FULL_FIT: "fitting all of it",
    LearnerState.GATE: "checking at the gate",
    LearnerState.PAUSED: "paused",
}
BUSY = {LearnerState.HEAD_UPDATE, LearnerState.FULL_FIT, LearnerState.GATE}


class LearnerPanel(Panel):
    """Versions, state and losses on the left, the chart on the right."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__("Learner", parent)
        self._marks: tuple[EpisodeMark, ...] | None = None
        self.serving = TextLabel("value", "serving —", name="Serving version")
        self.newest = TextLabel("dim", "", name="Newest version")
        self.state = TextLabel("text", STATES[None], name="Learner state")
        self.progress = QProgressBar(textVisible=False, maximum=1000)
        self.progress.setFixedHeight(10)
        self.progress.setAccessibleName("Progress of the present fit")
        self.losses = TextLabel("small", "", name="Losses")
        self.delays = TextLabel("small", "", name="Seconds from correction to serving")
        self.message = TextLabel("small", "", name="Learner message")
        self.message.setWordWrap(True)
        versions = QHBoxLayout()
        versions.setSpacing(10)
        versions.addWidget(self.serving)
        versions.addWidget(self.newest, 1)
        left = QVBoxLayout()
        left.setSpacing(3)
        left.addLayout(versions)
        for widget in (self.state, self.progress, self.losses, self.delays):
            left.addWidget(widget)
        left.addWidget(self.message, 1)
        self.chart = LearnerChart(look, self)
        for text, colour in (
            ("● success %", look.success),
            ("■ intervention %", look.intervention),
            ("▮ operator s", look.operator_time),
        ):
            legend = TextLabel("title", text)
            legend.setStyleSheet(f"color: {colour}")
            self.title_row.addWidget(legend)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addLayout(left, 2)
        row.addWidget(self.chart, 3)
        self.body.addLayout(row, 1)

    def show_learner(self, view: LearnerView, marks: tuple[EpisodeMark, ...]) -> None:
        """Show `view`, and the chart over `marks`."""
        self.serving.show_text(f"serving {version_text(view, view.serving)}")
        self.newest.show_text(newest_text(view))
        self.state.show_text(STATES[view.state])
        self.progress.setValue(round(1000 * view.progress) if view.state in BUSY else 0)
        self.losses.show_text(
            f"loss  demonstrations {loss_text(view.loss_demonstrations)}"
            f"  corrections {loss_text(view.loss_corrections)}"
        )
        self.delays.show_text(delays_text(view))
        self.message.show_text(view.refused or view.message)
        self.message.show_level("warning" if view.refused else "")
        if marks is not self._marks:
            self._marks = marks
            self.chart.show_rates(rates(marks))


def version_text(view: LearnerView, version: int) -> str:
    """Return a version's name, with its tag while only its head is fitted."""
    if version < 0:
        return "—"
    return f"v{version} provisional" if version in view.provisional else f"v{version}"


def newest_text(view: LearnerView) -> str:
    """Return what to say of the newest version beside the serving one."""
    if view.newest < 0 or view.newest == view.serving:
        return "is the newest" if view.serving >= 0 else ""
    return f"newest {version_text(view, view.newest)}"


def loss_text(loss: float) -> str:
    """Return a loss in three digits; NaN is not measured yet."""
    return "—" if math.isnan(loss) else f"{loss:.3g}"


def delays_text(view: LearnerView) -> str:
    """Return the corrections so far, and how long one took to be served."""
    count = f"{view.corrections} correction{'' if view.corrections == 1 else 's'}"
    if not view.serving_delays_s:
        return count
    median = statistics.median(view.serving_delays_s)
    return f"{count}, served after {view.serving_delays_s[-1]:.1f} s (median {median:.1f} s)"
