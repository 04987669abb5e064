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
from gui.texts import learner as words
from gui.view import EpisodeMark
from gui.widgets.chart import LearnerChart
from gui.widgets.panel import Panel, TextLabel


class LearnerPanel(Panel):
    """Versions, state and losses on the left, the chart on the right."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(words.LEARNER, parent)
        self._marks: tuple[EpisodeMark, ...] | None = None
        self.serving = TextLabel("value", words.NOT_SERVING, name=words.SERVING_VERSION)
        self.newest = TextLabel("dim", "", name=words.NEWEST_VERSION)
        self.state = TextLabel("text", STATES[None], name=words.LEARNER_STATE)
        self.progress = QProgressBar(textVisible=False, maximum=1000)
        self.progress.setFixedHeight(10)
        self.progress.setAccessibleName(words.PROGRESS)
        self.losses = TextLabel("small", "", name=words.LOSSES)
        self.delays = TextLabel("small", "", name=words.DELAYS)
        self.message = TextLabel("small", "", name=words.LEARNER_MESSAGE)
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
            (words.SUCCESS, look.success),
            (words.INTERVENTION, look.intervention),
            (words.OPERATOR_S, look.operator_time),
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
        self.serving.show_text(words.serving(serving_text(view)))
        self.newest.show_text(newest_text(view))
        self.state.show_text(STATES[view.state])
        self.progress.setValue(round(1000 * view.progress) if view.state in BUSY else 0)
        self.losses.show_text(
            words.losses(loss_text(view.loss_demonstrations), loss_text(view.loss_corrections))
        )
        self.delays.show_text(delays_text(view))
        self.message.show_text(view.refused or view.message)
        self.message.show_level("warning" if view.refused else "")
        if marks is not self._marks:
            self._marks = marks
            self.chart.show_rates(rates(marks))
