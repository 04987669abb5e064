"""Sessions and their clips, to choose one from."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStackedWidget,
    QWidget,
)

from gui import theme
from gui.action_spec import Intent
from gui.actions import spec_of
from gui.review.clip_delegate import ROW, ClipDelegate
from gui.review.clip_filter import Filter, Order, Which, recorded
from gui.review.clip_model import ROW_ROLE, ClipModel
from gui.review.session_choice import SessionChoice
from gui.review.values import ClipRow
from gui.texts import review as texts
from gui.widgets.devices.use_form import choice
from gui.widgets.own_keys import keeps
from gui.widgets.panel import Panel, TextLabel
from teleop.messages import Outcome

WIDTHS, OPEN = (130, 98), 150  # px of the two choices, and of one that is open
LOOK_MS = 40  # after which the rows that are in sight are looked for


def first_choice(rows: Sequence[ClipRow]) -> int:
    """Which clip is shown before anybody chose one: the first that came to an end with a label."""
    ended = (Outcome.SUCCESS, Outcome.FAIL)
    return next(
        (
            place
            for place, row in enumerate(rows)
            if row.outcome in ended and not (row.open or row.trouble)
        ),
        0,
    )


class FilterField(QLineEdit):
    """Words that a clip must hold."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(texts.FILTER)
        self.setAccessibleDescription(texts.FILTER_HINT)
        self.setToolTip(texts.FILTER_HINT)
        self.setPlaceholderText(texts.filter_hint(spec_of(Intent.REVIEW_FILTER).key))
        self.setClearButtonEnabled(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def event(self, event: QEvent) -> bool:
        return keeps(event) or super().event(event)


class Browser(Panel):
    """The choice of sessions, a filter, and the list of clips or a sentence in its place.

    Signals:
        chosen: the `ClipRow` to show, None: there is none.
        marked: all rows that are marked, oldest first.
        in_sight: names of the clips whose small pictures are missing, as they stand in the list.
    """

    chosen = Signal(object)
    marked = Signal(object)
    in_sight = Signal(object)

    def __init__(self, own: str, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(texts.EPISODES, parent)
        self._chosen = ""
        self._place_chosen = 0
        self._reading = 0
        self.sessions = SessionChoice(own, spec_of(Intent.REVIEW_OPEN), self)
        self.filter = FilterField(self)
        self.which = choice(texts.WHICH, list(Which), self)
        self.order = choice(texts.ORDER, list(Order), self)
        self.count = TextLabel("small", name=texts.EPISODES)
        self.model = ClipModel(self)
        self.list = QListView(self)
        self.sentence = TextLabel("dim", texts.READING_SESSION)
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stage = QStackedWidget(self)
        self.trouble = TextLabel("small")
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        self._look_timer = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._set_list(look)
        self._place()
        self._connect()

    def _set_list(self, look: theme.Theme) -> None:
        view = self.list
        view.setModel(self.model)
        view.setItemDelegate(ClipDelegate(look, view))
        view.setUniformItemSizes(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setAccessibleName(texts.LIST)
        view.setFrameShape(QListView.Shape.NoFrame)
        view.verticalScrollBar().setSingleStep(ROW // 2)

    def _place(self) -> None:
        self.title_row.addWidget(self.count)
        choices = QHBoxLayout()
        choices.setSpacing(theme.GAP)
        choices.addWidget(self.filter, 1)
        choices.addWidget(self.which)
        choices.addWidget(self.order)
        for box, width in zip((self.which, self.order), WIDTHS, strict=True):
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            box.setFont(theme.font(theme.SMALL))
            box.setFixedWidth(width)
            box.view().setMinimumWidth(OPEN)
        self.stage.addWidget(self.sentence)
        self.stage.addWidget(self.list)
        self.body.addWidget(self.sessions)
        self.body.addLayout(choices)
        self.body.addWidget(self.stage, 1)
        self.body.addWidget(self.trouble)

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._filter_changed)
        self.which.currentIndexChanged.connect(self._filter_changed)
        self.order.currentIndexChanged.connect(self._filter_changed)
        selection = self.list.selectionModel()
        selection.currentChanged.connect(self._current_changed)
        selection.selectionChanged.connect(self._selection_changed)
        self.list.verticalScrollBar().valueChanged.connect(self._look_soon)
        self._look_timer.timeout.connect(self._look)

    @property
    def row(self) -> ClipRow | None:
        """The clip that is chosen, as it was listed last."""
        return next((row for row in self.model.rows if row.name == self._chosen), None)

    def begin_session(self, session: str) -> None:
        """Show another session, of which nothing is known yet."""
        self._chosen = ""
        self._place_chosen = 0
        self.sessions.show_session(session)
        self.model.forget()
        self.show_trouble(())
        self._say(texts.READING_SESSION)

    def show_rows(self, rows: tuple[ClipRow, ...], reading: int = 0) -> None:
        """Show clips of the session.

        Args:
            rows: all that are known.
            reading: how many there will be, 0: these are all.
        """
        self._reading = reading
        self.model.show_rows(rows)
        self._arranged()

    def show_trouble(self, lines: tuple[str, ...]) -> None:
        """Say what could not be read, in one line; all of it as a tip."""
        self.trouble.setVisible(bool(lines))
        more = texts.more_text(len(lines) - 1) if len(lines) > 1 else ""
        self.trouble.show_text(f"{lines[0]}{more}" if lines else "")
        self.trouble.setToolTip("\n".join(lines))

    def show_no_session(self, why: str) -> None:
        """Say in the place of the list why there is none."""
        self.model.show_rows(())
        self.count.show_text("")
        self._say(why)

    def step(self, by: int) -> None:
        """Choose the clip that many lines further down."""
        shown = len(self.model.shown)
        if shown:
            at = self.model.place_of(self._chosen)
            self._choose(min(max(at + by, 0), shown - 1))

    def begin_filter(self) -> None:
        """Let the operator type."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._look_timer.start()

    def _say(self, text: str) -> None:
        self.sentence.show_text(text)
        self.stage.setCurrentWidget(self.sentence)

    @Slot()
    def _filter_changed(self) -> None:
        which, order = Which(self.which.currentText()), Order(self.order.currentText())
        self.model.show_filter(Filter(self.filter.text(), which, order))
        self._arranged()

    def _arranged(self) -> None:
        """Keep the chosen clip chosen; choose the first where none is."""
        rows, shown = self.model.rows, self.model.shown
        self.count.show_text(texts.sums_text(rows, len(shown), self._reading))
        if shown:
            self.stage.setCurrentWidget(self.list)
            at = self.model.place_of(self._chosen)
            if at >= 0 and self.list.currentIndex().row() != at:
                self._choose(at)
            elif not self._chosen:
                self._choose(first_choice(shown))
            elif at < 0 and self.row is None:  # an edit took it away
                self._choose(min(self._place_chosen, len(shown) - 1))
        elif rows:
            self._say(texts.NONE_MATCHES.format(count=len(rows)))
        elif self._reading:
            self._say(texts.READING_SESSION)
        else:
            self._say(texts.NO_EPISODES)
            if self._chosen:
                self._chosen = ""
                self.chosen.emit(None)
        self._look_timer.start()

    def _choose(self, at: int) -> None:
        """Make a line the current one, and the only one that is marked."""
        index = self.model.index(at)
        # Said outright: with Ctrl held, as by the keys of this, a list would add to the marks.
        only = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.list.selectionModel().setCurrentIndex(index, only)
        self.list.scrollTo(index)

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex) -> None:
        row = current.data(ROW_ROLE)
        if isinstance(row, ClipRow):
            self._place_chosen = current.row()
            if row.name != self._chosen:
                self._chosen = row.name
                self.chosen.emit(row)

    @Slot()
    def _selection_changed(self) -> None:
        found = [index.data(ROW_ROLE) for index in self.list.selectionModel().selectedIndexes()]
        rows = [row for row in found if isinstance(row, ClipRow)]
        self.marked.emit(tuple(sorted(rows, key=recorded)))

    @Slot()
    def _look_soon(self) -> None:
        self._look_timer.start()

    @Slot()
    def _look(self) -> None:
        """Tell which lines in sight lack their small picture."""
        view, shown = self.list.viewport().rect(), self.model.shown
        first = self.list.indexAt(view.topLeft()).row()
        if not self.list.isVisible() or first < 0:
            return
        last = min(len(shown), first + view.height() // ROW + 2)
        names = [row.name for row in shown[first:last] if not row.trouble]
        self.in_sight.emit(tuple(name for name in names if name not in self.model.pictures))
