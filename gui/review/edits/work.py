"""Reading and writing a session's edits in one-shot threads: they wait for disks and locks."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from gui.review.held_session import ReadHeld
from recorder.edits.edit import Edit, Entry
from recorder.edits.editing import write_edit
from recorder.edits.log import read_log
from recorder.edits.session_views import SessionViews
from teleop.errors import NudgeError
from teleop.session_folder import SessionFolder

GRACE_MS = 5000  # for an edit that is under way when the window closes
MakeEdits = Callable[[SessionViews], tuple[Edit, ...]]


@dataclass(frozen=True)
class EditsDone:
    """What became of an order to edit.

    Attributes:
        entries: what was written down.
        log: all edits of the session with them.
        trouble: why it was refused; empty: it was not.
    """

    session: Path
    entries: tuple[Entry, ...] = ()
    log: tuple[Entry, ...] = ()
    trouble: str = ""


class WriteEdits(QThread):
    """Writes edits down, one after the other, and ends; stops at the first that is refused.

    Args:
        session: its folder.
        make: the edits of what the session is now.
        read: has its episodes read elsewhere.

    Signals:
        finished_with: an `EditsDone`.
    """

    finished_with = Signal(object)

    def __init__(self, session: Path, make: MakeEdits, read: ReadHeld, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("write edits")
        self._session, self._make, self._read = session, make, read

    def run(self) -> None:
        """Read the session, make the edits of what it is now, write them."""
        folder = SessionFolder(self._session)
        written: list[Entry] = []
        log: tuple[Entry, ...] = ()
        trouble = ""
        try:
            held = self._read(folder, lambda: not self.isInterruptionRequested())
            if held is not None:
                log = held.views.log.entries
                for edit in self._make(held.views):
                    written.append(write_edit(folder, held.views, edit))
                    log = (*log, written[-1])
        except NudgeError as error:
            trouble = str(error)
        except OSError as error:
            trouble = f"{self._session} cannot be read: {error}."
        self.finished_with.emit(EditsDone(self._session, tuple(written), log, trouble))

    def close(self) -> None:
        """Wait for it; where the files that it needs do not come, give up. Idempotent."""
        if not self.wait(GRACE_MS):
            self.requestInterruption()
            self.wait()


@dataclass(frozen=True)
class EditsRead:
    """The edits of a session, oldest first.

    Attributes:
        trouble: a sentence for each that is damaged, or why there are none to show.
    """

    session: Path
    entries: tuple[Entry, ...]
    trouble: tuple[str, ...]


class ReadEdits(QThread):
    """Reads the log of edits once.

    Signals:
        finished_with: an `EditsRead`.
    """

    finished_with = Signal(object)

    def __init__(self, session: Path, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("read edits")
        self._session = session

    def run(self) -> None:
        """Read."""
        try:
            log = read_log(SessionFolder(self._session))
            found = EditsRead(self._session, log.entries, log.damaged)
        except NudgeError as error:
            found = EditsRead(self._session, (), (str(error),))
        self.finished_with.emit(found)
