"""What the learner does, what is served, and what came of it."""

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from gui import theme
from gui.learner_view import (
    BUSY,
    STATES,
    LearnerView,
    delays_text,
    loss_text,
    newest_text,
    serving_text,
)
from gui.rates import rates
from gui.view import EpisodeMark
from gui.widgets.chart import LearnerChart
from gui.widgets.panel import Panel, TextLabel


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
        doing = QHBoxLayout()  # beside the state: with the serving version it would crowd the chart
        doing.setSpacing(10)
        doing.addWidget(self.state)
        doing.addStretch(1)
        doing.addWidget(self.newest)
        left = QVBoxLayout()
        left.setSpacing(3)
        left.addWidget(self.serving)
        left.addLayout(doing)
        for widget in (self.progress, self.losses, self.delays):
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
        self.serving.show_text(f"serving {serving_text(view)}")
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
