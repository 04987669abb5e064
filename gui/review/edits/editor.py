"""Carries edits of clips out, one order at a time, and says what became of each."""

from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from gui.action_spec import Intent
from gui.actions import spec_of
from gui.review.edits import requests
from gui.review.edits.requests import NewLabel, Rows
from gui.review.edits.work import EditsDone, MakeEdits, ReadEdits, WriteEdits
from gui.review.held_session import ReadHeld
from gui.review.values import ClipRow, ClipTrack
from gui.texts import edits as texts
from recorder.edits.edit import Edit, Entry, RelabelOutcome, Undo, sentence
from teleop.messages import Outcome


class Editor(QObject):
    """Owns the threads.

    Args:
        read: has a session's episodes read elsewhere.

    Signals:
        said: a sentence about an edit, and whether it was done.
        edited: the session in which something was changed.
        read: the edits of a session, as `EditsRead`.
        busy: whether an edit is under way.
    """

    said = Signal(str, bool)
    edited = Signal(object)
    read = Signal(object)
    busy = Signal(bool)

    def __init__(self, read: ReadHeld, parent: QObject) -> None:
        super().__init__(parent)
        self._read = read
        self._writing: WriteEdits | None = None
        self._threads: list[QThread] = []

    def keep(self, track: ClipTrack, rows: Rows) -> None:
        """Leave out everything but `rows`."""
        self._write(track.row, lambda _: (requests.keep(track, rows, texts.WHOLE_MARKED),))

    def cut_out(self, track: ClipTrack, rows: Rows) -> None:
        """Leave `rows` out."""
        self._write(track.row, lambda _: (requests.cut_out(track, rows, texts.EMPTY_MARKS),))

    def label(self, track: ClipTrack, asked: NewLabel) -> None:
        """Say what rows are good for."""
        self._write(track.row, lambda _: (requests.relabelled(track, asked, texts.EMPTY_MARKS),))

    def outcome(self, rows: tuple[ClipRow, ...], outcome: Outcome) -> None:
        """Say how clips ended."""
        edits = tuple(requests.with_outcome(row.name, outcome) for row in rows)
        self._write(rows[0], lambda _: edits)

    def relabel(self, row: ClipRow, outcome: Outcome | None, instruction: str | None) -> None:
        """Say how a clip ended, what it shows, or both."""
        edits: list[Edit] = []
        if outcome is not None:
            edits.append(requests.with_outcome(row.name, outcome))
        if instruction is not None:
            edits.append(requests.with_instruction(row.name, instruction))
        if edits:
            self._write(row, lambda _: tuple(edits))
        else:
            self.said.emit(texts.NOT_CHANGED, False)

    def undo(self, session: Path, number: int = 0) -> None:
        """Take an edit back; 0: the last one that counts."""
        self._start(
            session,
            lambda views: (requests.undo_of(views.log.entries, number, texts.NOTHING_TO_UNDO),),
        )

    def list_edits(self, session: Path) -> None:
        """Have the session's edits read."""
        work = ReadEdits(session, self)
        work.finished_with.connect(self.read)
        self._run(work)

    def close(self) -> None:
        """Wait for what is under way; an edit is written within a moment. Idempotent."""
        if self._writing is not None:
            self._writing.close()
        for thread in self._threads:
            thread.wait()
        self._threads = []

    def _write(self, row: ClipRow, make: MakeEdits) -> None:
        if row.open:
            self.said.emit(texts.refused(texts.STILL_OPEN.format(clip=row.name)), False)
            return
        self._start(Path(row.session), make)

    def _start(self, session: Path, make: MakeEdits) -> None:
        if self._writing is not None:
            self.said.emit(texts.refused(texts.ONE_AT_A_TIME), False)
            return
        self._writing = WriteEdits(session, make, self._read, self)
        self._writing.finished_with.connect(self._take)
        self.busy.emit(True)
        self._run(self._writing)

    def _run(self, thread: QThread) -> None:
        self._threads.append(thread)
        thread.finished.connect(self._forget_ended)
        thread.start()

    def _forget_ended(self) -> None:
        for thread in [each for each in self._threads if each.isFinished()]:
            self._threads.remove(thread)
            thread.deleteLater()

    def _take(self, done: EditsDone) -> None:
        self._writing = None
        self.busy.emit(False)
        if done.trouble:
            self.said.emit(texts.refused(done.trouble), False)
        elif done.entries:
            self.said.emit(done_text(done), True)
        if done.entries:
            self.edited.emit(done.session)


def done_text(done: EditsDone) -> str:
    """Say what was written down."""
    last = done.entries[-1]
    key = spec_of(Intent.UNDO_EDIT).key
    if isinstance(last.edit, Undo):
        number = last.edit.number
        return texts.taken_back(number, _what(done.log, number))
    if len(done.entries) > 1:
        return texts.several(len(done.entries), last.number, key)
    return texts.done(last.number, sentence(last.edit), key, _after(last.edit))


def _after(edit: Edit) -> str:
    if isinstance(edit, RelabelOutcome) and edit.outcome is Outcome.DISCARDED:
        return texts.LEARNER_UNLEARNS
    return ""


def _what(log: tuple[Entry, ...], number: int) -> str:
    return next((sentence(entry.edit) for entry in log if entry.number == number), "")
