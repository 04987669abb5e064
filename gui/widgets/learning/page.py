"""The page of the learning, over the middle of the window: banner and buttons stay in sight."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.action_spec import Intent
from gui.actions import spec_of
from gui.learner_view import (
    BUSY,
    LearnerView,
    delays_text,
    newest_text,
    rollback_target,
    serving_text,
    state_text,
)
from gui.pages import PageContext, PageWidget
from gui.rates import WINDOW, Rates, rates
from gui.texts import learning as texts
from gui.view import EpisodeMark, View
from gui.widgets.buttons import push_button
from gui.widgets.chart import LearnerChart
from gui.widgets.learning.corrections import ChangeList
from gui.widgets.learning.detail import VersionDetail
from gui.widgets.learning.losses import LossCurves
from gui.widgets.learning.notes import CoachList
from gui.widgets.learning.versions import VersionTable
from gui.widgets.panel import Panel, TextLabel
from teleop.learner_messages import LearnerState

TOP, BOTTOM = 6, 5  # shares of the height: versions, corrections
COLUMNS = 24
LEAST = 206  # pixels of the lower half: a card with its words


class LearningPage(PageWidget):
    """Versions and their detail above; corrections, coaching and rates below."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        look, commands = context.look, context.commands
        self._look = look
        self._chosen = -1
        self._view = LearnerView()
        self._marks: tuple[EpisodeMark, ...] | None = None
        self.setAccessibleName(texts.TITLE)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.serving = TextLabel("value", texts.NOT_SERVING, name=texts.SERVED_NAME)
        self.newest = TextLabel("dim", "", name=texts.NEWEST_NAME)
        self.state = TextLabel("dim", texts.NO_LEARNER, name=texts.STATE_NAME)
        self.heartbeat = TextLabel("small", texts.NEVER_HEARD, name=texts.HEARTBEAT_NAME)
        self.delays = TextLabel("small", "", name=texts.DELAYS_NAME)
        self.progress = QProgressBar(textVisible=False, maximum=1000)
        self.progress.setFixedSize(150, 10)
        self.progress.setAccessibleName(texts.PROGRESS_NAME)
        self.buttons = {
            does: push_button(commands, self, does, "Close" if does is Intent.LEARNING else "")
            for does in (
                Intent.ROLL_BACK,
                Intent.CONSOLIDATE,
                Intent.PAUSE_LEARNING,
                Intent.LEARNING,
            )
        }
        self.table = VersionTable(look, self)
        self.table.chosen.connect(self._choose)
        self.detail = VersionDetail(look, self)
        self.detail.serve_wanted.connect(context.serve)
        self.changes = ChangeList(look, self)
        self.coaching = CoachList(self)
        self.errors = Panel(texts.LOSSES, self)
        self.losses = LossCurves(look, self)
        self.rates = Panel(texts.EPISODES, self)
        self.summary = TextLabel("small", "", name=texts.SUMMARY_NAME)
        self.chart = LearnerChart(look, self)
        self._place()

    def _place(self) -> None:
        doing = QHBoxLayout()
        doing.setSpacing(12)
        for widget in (self.state, self.progress, self.heartbeat, self.delays):
            doing.addWidget(widget)
        doing.addStretch(1)
        which = QHBoxLayout()
        which.setSpacing(16)
        which.addWidget(self.serving)
        which.addWidget(self.newest)
        which.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(which)
        words.addLayout(doing)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addLayout(words, 1)
        for button in self.buttons.values():
            head.addWidget(button)
        versions = Panel(texts.VERSIONS, self)
        versions.body.addWidget(self.table, 1)
        for text, colour in (
            (texts.SUCCESS, self._look.success),
            (texts.INTERVENTION, self._look.intervention),
            (texts.OPERATOR_S, self._look.operator_time),
        ):
            legend = TextLabel("title", text)
            legend.setStyleSheet(f"color: {colour}")
            self.rates.title_row.addWidget(legend)
        self.errors.title_row.addWidget(TextLabel("small", texts.REFUSED_MARK))
        self.errors.body.addWidget(self.losses, 1)
        self.rates.body.addWidget(self.chart, 1)
        self.rates.body.addWidget(self.summary)
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.GAP, 4, theme.GAP, 4)
        grid.setSpacing(theme.GAP)
        grid.addLayout(head, 0, 0, 1, COLUMNS)
        for row, places in enumerate(
            (
                ((versions, 15), (self.detail, 9)),
                ((self.changes, 6), (self.coaching, 4), (self.errors, 6), (self.rates, 8)),
            ),
            start=1,
        ):
            first = 0
            for widget, width in places:
                grid.addWidget(widget, row, first, 1, width)
                first += width
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        grid.setRowMinimumHeight(2, LEAST)
        grid.setRowStretch(1, TOP)
        grid.setRowStretch(2, BOTTOM)

    def show_view(self, view: View) -> None:
        self.show_learning(view.learner, view.episode.finished)
        signs = [each for each in view.vitals.processes if each.name == "learner"]
        age_s = signs[0].age_s if signs else float("inf")
        self.heartbeat.show_text(texts.heartbeat(age_s))
        lost = texts.LATE_S < age_s < float("inf")
        self.heartbeat.show_level("warning" if lost else "")

    def opened(self) -> None:
        """Every opening shows the serving version first."""
        self._chosen = -1

    def show_learning(self, view: LearnerView, marks: tuple[EpisodeMark, ...]) -> None:
        """Show `view`, and the chart over `marks`."""
        self._view = view
        self.serving.show_text(f"serving {serving_text(view)}")
        self.newest.show_text(newest_text(view))
        self.state.show_text(state_text(view))
        self.delays.show_text(delays_text(view))
        busy = view.state in BUSY
        self.progress.setVisible(busy)
        self.progress.setValue(round(1000 * view.progress) if busy else 0)
        target = rollback_target(view)
        key = spec_of(Intent.ROLL_BACK).key
        back = self.buttons[Intent.ROLL_BACK]
        back.setEnabled(target >= 0)
        back.setText(f"Roll back to v{target}  {key}" if target >= 0 else f"Roll back  {key}")
        paused = view.state is LearnerState.PAUSED
        pause = self.buttons[Intent.PAUSE_LEARNING]
        pause.setText(
            f"{'Go on learning' if paused else 'Pause learning'}  "
            f"{spec_of(Intent.PAUSE_LEARNING).key}"
        )
        chosen = self._chosen if self._chosen >= 0 else view.serving
        self.table.show_view(view, chosen)
        self.detail.show_version(view, chosen)
        learned = any(each.corrections for each in view.versions)
        self.changes.show_changes(view.changes, of_before=learned)
        self.losses.show_view(view)
        self.coaching.show_notes(view.coaching, kept=bool(view.changes) or not learned)
        if marks is not self._marks:
            self._marks = marks
            curves = rates(marks)
            self.chart.show_rates(curves)
            self.summary.show_text(summary_text(curves))

    def _choose(self, version: int) -> None:
        self._chosen = version
        self.show_learning(self._view, self._marks or ())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._look.window))


def summary_text(curves: Rates) -> str:
    """Return success beside intervention of the last episodes: one alone misleads."""
    if not curves.episodes:
        return texts.NO_EPISODE
    count = min(WINDOW, len(curves.episodes))
    operated = sum(curves.operator_s[-count:])
    successes = round(curves.success[-1] * count / 100.0)
    return (
        f"last {count}: success {curves.success[-1]:.0f} %, with help "
        f"{curves.intervention[-1]:.0f} %, {texts.per_success(operated, successes)}"
    )
