"""The form of an export, its progress and its result. The work is done by a child process."""

import importlib.util
from pathlib import Path

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from gui import theme
from gui.review.edits.sheet import Sheet, SheetButton
from gui.review.export.choice import ExportChoice, Scope, arguments, usual_target
from gui.review.export.folder_dialog import FolderDialog
from gui.review.export.verb_child import VerbChild
from gui.review.values import ClipRow
from gui.texts import export as texts
from gui.widgets.own_keys import OwnKeys
from gui.widgets.panel import Panel, TextLabel
from recorder.export.export import FORMATS, ExportFormat
from recorder.export.progress_lines import ExportProgress, progress_in
from recorder.export.work import Exported

STEPS = 1000  # of the bar


class ExportSheet(Sheet):
    """Format, clips, target and options.

    Signals:
        said: what became of an export, and whether it was done.
    """

    said = Signal(str, bool)

    def __init__(self, area: QWidget, look: theme.Theme, key: str, parent: QWidget) -> None:
        super().__init__(area, look, key, parent)
        self._session: Path | None = None
        self._clips: dict[Scope, tuple[ClipRow, ...]] = {}
        self._own_target = True  # nobody has typed another
        self._told: list[str] = []
        self.child = VerbChild(self)
        self.child.line.connect(self._take_line)
        self.child.ended.connect(self._take_end)
        self.formats = QButtonGroup(self)
        self.scopes = QButtonGroup(self)
        self.target = QLineEdit(self)
        self.target.setAccessibleName(texts.TARGET)
        self.target.installEventFilter(OwnKeys(self.target))
        self.target.textEdited.connect(self._typed)
        self.rate = self._number(1000, texts.RATE_OWN, texts.RATE)
        self.image_size = self._number(4096, texts.SIZE_OWN, texts.SIZE)
        self.video = QCheckBox(texts.VIDEO, self)
        self.overwrite = QCheckBox(texts.OVERWRITE, self)
        self.skip = QCheckBox(texts.SKIP, self)
        self.start = SheetButton(texts.START, self)
        self.start.clicked.connect(self._start)
        self.cancel = SheetButton(texts.CANCEL, self)
        self.cancel.clicked.connect(self._cancel)
        self.bar = QProgressBar(textVisible=False, maximum=STEPS)
        self.bar.setFixedHeight(12)
        self.bar.setAccessibleName(texts.PROGRESS_NAME)
        self.state = TextLabel("text", "", name=texts.STATE_NAME)
        self.state.setWordWrap(True)
        self._folder: FolderDialog | None = None
        self._place()
        self._show_running(False)

    def _number(self, most: int, own: str, name: str) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(0, most)
        box.setSpecialValueText(own)
        box.setAccessibleName(name)
        box.setMinimumWidth(150)
        box.installEventFilter(OwnKeys(box))
        return box

    def _place(self) -> None:
        formats = Panel(texts.FORMAT, self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        for place, row in enumerate(FORMATS):
            missing = missing_modules(row)
            button = QRadioButton(row.name, self)
            button.setEnabled(not missing)
            button.setAccessibleDescription(texts.format_line(row, missing))
            self.formats.addButton(button, place)
            grid.addWidget(button, place, 0)
            grid.addWidget(TextLabel("small", texts.format_line(row, missing)), place, 1)
        grid.setColumnStretch(1, 1)
        formats.body.addLayout(grid)
        formats.body.addStretch(1)
        self.formats.button(0).setChecked(True)
        self.formats.idClicked.connect(self._format_changed)
        clips = Panel(texts.CLIPS, self)
        for place, _ in enumerate(Scope):
            button = QRadioButton("", self)
            self.scopes.addButton(button, place)
            clips.body.addWidget(button)
        options = Panel(texts.OPTIONS, self)
        for box, text in ((self.rate, texts.RATE), (self.image_size, texts.SIZE)):
            line = QHBoxLayout()
            line.addWidget(box)
            line.addWidget(TextLabel("small", text), 1)
            options.body.addLayout(line)
        for box in (self.video, self.overwrite, self.skip):
            options.body.addWidget(box)
        columns = QHBoxLayout()
        columns.setSpacing(8)
        columns.addWidget(formats, 3)
        right = QWidget(self)
        stack = QGridLayout(right)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(clips, 0, 0)
        stack.addWidget(options, 1, 0)
        columns.addWidget(right, 2)
        self.body.addLayout(columns)
        choose = SheetButton(texts.CHOOSE, self)
        choose.clicked.connect(self._choose_folder)
        to = QHBoxLayout()
        to.addWidget(TextLabel("title", texts.TARGET.upper()))
        to.addWidget(self.target, 1)
        to.addWidget(choose)
        self.body.addLayout(to)
        run = QHBoxLayout()
        run.addWidget(self.start)
        run.addWidget(self.cancel)
        run.addWidget(self.bar, 1)
        self.body.addLayout(run)
        self.body.addWidget(self.state)
        self.body.addStretch(1)

    @property
    def format(self) -> ExportFormat:
        """The one that is chosen."""
        return FORMATS[self.formats.checkedId()]

    @property
    def scope(self) -> Scope:
        """Which clips are chosen."""
        return tuple(Scope)[self.scopes.checkedId()]

    def show_choice(
        self, session: Path, shown: ClipRow | None, marked: tuple[ClipRow, ...]
    ) -> None:
        """Offer clips of `session`; what was chosen and typed stays as far as it can."""
        other = session != self._session
        self._session = session
        self._clips = {
            Scope.THIS: (shown,) if shown is not None else (),
            Scope.MARKED: marked if len(marked) > 1 else (),
            Scope.ALL: (),
        }
        names = (
            texts.this_clip(shown.name if shown is not None else ""),
            texts.marked_clips(len(marked)),
            texts.all_clips(session.name),
        )
        for place, (scope, name) in enumerate(zip(Scope, names, strict=True)):
            button = self.scopes.button(place)
            button.setText(name)
            button.setEnabled(scope is Scope.ALL or bool(self._clips[scope]))
        checked = self.scopes.checkedButton()
        if checked is None or not checked.isEnabled() or other:
            usual = Scope.MARKED if len(marked) > 1 else Scope.ALL
            self.scopes.button(tuple(Scope).index(usual)).setChecked(True)
        if other:
            self._own_target = True
        self._format_changed()

    def choice(self) -> ExportChoice | None:
        """What is chosen; None: no session."""
        if self._session is None:
            return None
        row = self.format
        return ExportChoice(
            format=row.name,
            session=self._session,
            target=Path(self.target.text().strip()).expanduser(),
            clips=tuple(clip.name for clip in self._clips[self.scope]),
            fps=float(self.rate.value()) if self.rate.isEnabled() else 0.0,
            size=self.image_size.value(),
            video="av1" if self.video.isChecked() and self.video.isEnabled() else "h264",
            overwrite=self.overwrite.isChecked(),
            skip_damaged=self.skip.isChecked(),
        )

    def close_child(self) -> None:
        """End the child. Idempotent."""
        self.child.stop()

    def _format_changed(self) -> None:
        row = self.format
        self.rate.setEnabled(row.fps > 0)
        self.video.setEnabled(row.name == "lerobot")
        if self._own_target and self._session is not None:
            self.target.setText(str(usual_target(self._session, row)))

    def _typed(self) -> None:
        self._own_target = not self.target.text().strip()

    def _choose_folder(self) -> None:
        if self._folder is None:
            self._folder = FolderDialog(self)
            self._folder.chosen.connect(self._take_folder)
        self._folder.ask(Path(self.target.text().strip() or ".").expanduser().parent)

    def _take_folder(self, folder: str) -> None:
        self.target.setText(str(Path(folder) / Path(self.target.text()).name))
        self._own_target = False

    def _start(self) -> None:
        choice = self.choice()
        if choice is None or self.child.running:
            return
        if not self.target.text().strip():
            self.state.show_text(texts.NO_TARGET)
            return
        self._told = []
        self.bar.setValue(0)
        self.state.show_text(texts.LOOKING)
        self._show_running(True)
        self.child.start(*arguments(choice))

    def _cancel(self) -> None:
        self.child.stop()
        self._show_running(False)
        self._conclude(texts.CANCELLED, done=False)

    def _take_line(self, line: str) -> None:
        progress = progress_in(line)
        if progress is None:
            self._told.append(line.removeprefix("nudge: "))
        else:
            self._show_progress(progress)

    def _show_progress(self, progress: ExportProgress) -> None:
        self.bar.setValue(round(STEPS * progress.share))
        self.state.show_text(texts.progress_line(progress))

    def _take_end(self, well: bool, output: bytes) -> None:
        self._show_running(False)
        try:
            done = msgspec.json.decode(output, type=Exported)
        except msgspec.DecodeError:
            self._conclude(" ".join(self._told[-3:]) or texts.DIED, done=False)
            return
        self.bar.setValue(STEPS if well else self.bar.value())
        self._conclude(texts.result(done), done=well)

    def _conclude(self, sentence: str, *, done: bool) -> None:
        self.state.show_text(sentence)
        self.said.emit(sentence, done)

    def _show_running(self, running: bool) -> None:
        self.start.setEnabled(not running)
        self.cancel.setEnabled(running)
        self.bar.setVisible(running or self.bar.value() > 0)


def missing_modules(row: ExportFormat) -> tuple[str, ...]:
    """What a format needs and is not installed."""
    return tuple(need for need in row.needs if importlib.util.find_spec(need) is None)
