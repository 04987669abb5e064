"""What can be done with the clip that is shown: edit, export, compare; and the shift's report."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.actions import spec_of
from gui.pages import PageContext
from gui.review.changed.sheet import ChangedSheet
from gui.review.changed.versions import first_corrected
from gui.review.edits.edit_list import EditList
from gui.review.edits.editor import Editor
from gui.review.edits.relabel import Relabelling, RelabelSheet
from gui.review.edits.requests import NewLabel, Rows
from gui.review.edits.sheet import Sheet
from gui.review.export.reporter import Reporter
from gui.review.export.sheet import ExportSheet
from gui.review.parts import ActionsPart, PlayerPart
from gui.review.values import ClipRow, ClipTrack
from gui.texts import changed, export
from gui.texts import edits as texts
from gui.view import Level
from gui.widgets.panel import Panel, TextLabel
from recorder.labels import Label
from teleop.messages import Arm, Outcome

# The buttons, row by row.
BUTTONS = (
    (Intent.TRIM_CLIP, Intent.CUT_CLIP),
    (Intent.RELABEL_CLIP, Intent.DISCARD_CLIP),
    (Intent.UNDO_EDIT, Intent.LIST_EDITS, Intent.EXPORT),
    (Intent.WHAT_CHANGED, Intent.REPORT),
)
COLUMNS = 6  # of the grid that they stand in
ON_A_TRACK = (Intent.TRIM_CLIP, Intent.CUT_CLIP)
ON_A_CLIP = (Intent.RELABEL_CLIP, Intent.DISCARD_CLIP)


class ClipActions(ActionsPart):
    """Buttons with their keys, and what became of the last one."""

    def __init__(self, context: PageContext, player: PlayerPart, parent: QWidget) -> None:
        super().__init__(context, player, parent)
        self._session: Path | None = None
        self._row: ClipRow | None = None
        self._track: ClipTrack | None = None
        self._marked: tuple[ClipRow, ...] = ()
        self.editor = Editor(context.library.read_held, self)
        self.editor.said.connect(self._say)
        self.editor.edited.connect(self._edited)
        self.editor.busy.connect(self._show_busy)
        player.selection_changed.connect(self._show_marks)
        look = context.look
        self.relabel = RelabelSheet(player, look, spec_of(Intent.RELABEL_CLIP).key, self)
        self.relabel.wanted.connect(self._relabel)
        self.relabel.label_wanted.connect(self._label)
        self.edits = EditList(player, look, spec_of(Intent.LIST_EDITS).key, self)
        self.edits.undo_wanted.connect(self._undo_number)
        self.editor.read.connect(self.edits.show_edits)
        self.export = ExportSheet(player, look, spec_of(Intent.EXPORT).key, self)
        self.export.said.connect(self._say)
        self.compared = ChangedSheet(player, look, spec_of(Intent.WHAT_CHANGED).key, self)
        self.compared.drawn.connect(player.show_other_actions)
        player.moved.connect(self._moved)
        self.reporter = Reporter(self)
        self.reporter.said.connect(self._say)
        self.clip = TextLabel("small", texts.NO_CLIP, name=texts.TITLE)
        self.marks = TextLabel("small", "", name=texts.MARKED_ROWS)
        self.answer = TextLabel("small", "", name=texts.ANSWER_NAME)
        for label in (self.clip, self.marks, self.answer):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.buttons = {does: self._button(does) for row in BUTTONS for does in row}
        self._place()
        self._show_state()

    @property
    def intents(self) -> Mapping[Intent, Callable[[], object]]:
        return {
            Intent.TRIM_CLIP: self._trim,
            Intent.CUT_CLIP: self._cut,
            Intent.RELABEL_CLIP: self._open_relabel,
            Intent.DISCARD_CLIP: self._discard,
            Intent.UNDO_EDIT: self._undo,
            Intent.LIST_EDITS: self._open_list,
            Intent.WHAT_CHANGED: self._open_compared,
            Intent.EXPORT: self._open_export,
            Intent.REPORT: self._report,
        }

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """All of them; one at most is open."""
        return (self.relabel, self.edits, self.export, self.compared)

    def _button(self, does: Intent) -> QPushButton:
        spec = spec_of(does)
        button = QPushButton(f"{spec.text}  {spec.key}", self)
        button.setAutoDefault(False)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # each has its key
        button.setAccessibleDescription(spec.hint)
        button.setToolTip(spec.hint)
        button.setFont(theme.font(theme.SMALL))
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(self.context.commands[does].trigger)
        return button

    def _place(self) -> None:
        panel = Panel(texts.TITLE, self)
        grid = QGridLayout()
        grid.setSpacing(4)
        for place, row in enumerate(BUTTONS):
            width = COLUMNS // len(row)
            for column, does in enumerate(row):
                grid.addWidget(self.buttons[does], place, column * width, 1, width)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        panel.title_row.insertWidget(1, self.clip, 100)
        panel.body.addWidget(self.marks)
        panel.body.addLayout(grid)
        panel.body.addWidget(self.answer)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(panel)

    def show_session(self, session: Path) -> None:
        if session != self._session:
            self._session = session
            self.edits.dismiss()
        self._show_state()

    def show_clip(self, row: ClipRow | None, track: ClipTrack | None) -> None:
        other = row is None or self._row is None or row.name != self._row.name
        self._row, self._track = row, track
        if other:
            self.relabel.dismiss()
        elif row is not None and not self.relabel.isHidden():
            self.relabel.show_row(row)
        self.compared.show_track(track)
        self._show_state()

    def show_marked(self, rows: tuple[ClipRow, ...]) -> None:
        self._marked = rows
        self._show_state()

    def close_part(self) -> None:
        self.editor.close()
        self.export.close_child()
        self.compared.close_child()
        self.reporter.close()

    def _chosen(self) -> tuple[ClipRow, ...]:
        """The clips that an edit of whole clips is about: never any but the one that is shown."""
        row = self._row
        if row is None:
            return ()
        names = [each.name for each in self._marked if each.session == row.session]
        return self._marked if row.name in names else (row,)

    def _rows(self) -> Rows | None:
        found = self.player.selection() if self._track is not None else None
        return Rows(*found) if found is not None else None

    def _show_state(self) -> None:
        chosen = self._chosen()
        line = texts.NO_CLIP
        if chosen:
            first = chosen[0]
            line = texts.clip_line(
                first.name, first.outcome, edited=first.edited, count=len(chosen)
            )
        self.clip.show_text(line)
        spec = spec_of(Intent.DISCARD_CLIP)
        what = texts.discard_several(len(chosen)) if len(chosen) > 1 else spec.text
        self.buttons[Intent.DISCARD_CLIP].setText(f"{what}  {spec.key}")
        for does in ON_A_CLIP:
            self.buttons[does].setEnabled(bool(chosen))
        self._show_marks()

    def _show_marks(self) -> None:
        track, rows = self._track, self._rows()
        line = texts.NO_MARKS if track is not None else ""
        if track is not None and rows is not None and rows.stop > rows.start:
            stamps = track.stamps_ns
            begin, end = stamps[rows.start], stamps[min(rows.stop, len(stamps)) - 1]
            line = texts.marks_line(
                float(begin - stamps[0]) / 1e9,
                float(end - stamps[0]) / 1e9,
                rows.stop - rows.start,
            )
        self.marks.show_text(line)
        for does in ON_A_TRACK:
            self.buttons[does].setEnabled(rows is not None)
        self.relabel.show_marks(line, marked=rows is not None)

    def _show_busy(self, busy: bool) -> None:
        if busy:
            self.answer.show_text(texts.BUSY)

    def _say(self, sentence: str, done: bool) -> None:
        self.answer.show_text(sentence)
        if not done:
            self.context.say(sentence, Level.WARNING)

    def _edited(self, session: Path) -> None:
        if not self.edits.isHidden():
            self.editor.list_edits(session)
        self.changed.emit(str(session))

    def _on_marks(self, edit: Callable[[ClipTrack, Rows], None]) -> None:
        rows = self._rows()
        if self._track is None:
            self._say(texts.refused(texts.NO_CLIP if self._row is None else texts.READING), False)
        elif rows is None:
            self._say(texts.refused(texts.NO_MARKS), False)
        else:
            edit(self._track, rows)

    def _trim(self) -> None:
        self._on_marks(self.editor.keep)

    def _cut(self) -> None:
        self._on_marks(self.editor.cut_out)

    def _label(self, label: Label, arms: tuple[Arm, ...]) -> None:
        self._on_marks(lambda track, rows: self.editor.label(track, NewLabel(rows, arms, label)))

    def _relabel(self, asked: Relabelling) -> None:
        if self._row is not None:
            self.editor.relabel(self._row, asked.outcome, asked.instruction)

    def _discard(self) -> None:
        chosen = tuple(row for row in self._chosen() if row.outcome is not Outcome.DISCARDED)
        if chosen:
            self.editor.outcome(chosen, Outcome.DISCARDED)
        else:
            self._say(texts.refused(texts.NO_CLIP), False)

    def _undo(self) -> None:
        self._undo_number(0)

    def _undo_number(self, number: int) -> None:
        if self._session is not None:
            self.editor.undo(self._session, number)
        else:
            self._say(texts.refused(texts.NO_CLIP), False)

    def _open_relabel(self) -> None:
        if self._row is None:
            self._say(texts.refused(texts.NO_CLIP), False)
        elif self._open(self.relabel, texts.RELABEL_TITLE.format(clip=self._row.name)):
            self.relabel.show_row(self._row)

    def _open_list(self) -> None:
        if self._session is None:
            self._say(texts.refused(texts.NO_CLIP), False)
        elif self._open(self.edits, texts.EDITS_TITLE.format(session=self._session.name)):
            self.editor.list_edits(self._session)

    def _open_compared(self) -> None:
        if self._row is None:
            self._say(texts.refused(texts.NO_CLIP), False)
        elif self._open(self.compared, changed.TITLE.format(clip=self._row.name)):
            self.compared.begin()
            row = first_corrected(self._track)
            if row >= 0:
                self.player.go_to(row)

    def _open_export(self) -> None:
        if self._session is None:
            self._say(texts.refused(texts.NO_CLIP), False)
        elif self._open(self.export, export.TITLE):
            self.export.show_choice(self._session, self._row, self._marked)

    def _report(self) -> None:
        self.reporter.write(self._session or self.context.folder.path)

    def _moved(self, row: int) -> None:
        track = self._track
        if track is not None and 0 <= row < len(track.stamps_ns):
            self.compared.show_time(float(track.stamps_ns[row] - track.stamps_ns[0]) / 1e9)

    def _open(self, sheet: Sheet, title: str) -> bool:
        """Show a sheet in place of any other, or put it away; whether it is open now."""
        was_open = not sheet.isHidden()
        for each in self.sheets:
            each.dismiss()
        if not was_open:
            sheet.present(title)
        return not was_open
