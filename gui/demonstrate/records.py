"""The demonstrations on the disk, read beside the window, and the last one taken back."""

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from gui.demonstrate.tally import Demonstration, Recorded
from gui.review.held_session import GoOn, HeldSession, ReadHeld
from gui.texts import demonstrate as words
from recorder.edits.edit import RelabelOutcome
from recorder.edits.editing import write_edit
from recorder.edits.listed import ListedClip
from recorder.edits.log import log_size
from recorder.edits.naming import find_clip
from teleop.errors import EpisodeError
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder

LOOK_S = 1.0
GRACE_MS = 5000  # for an episode that is being taken back when the window closes
MOST_SESSIONS = 50  # of today that are looked into


def begin_of_today() -> int:
    """When today began here, in nanoseconds since 1970."""
    midnight = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return round(midnight.timestamp() * 1e9)


def demonstrations_in(held: HeldSession | None) -> tuple[ListedClip, ...]:
    """The finished demonstrations of a session after all edits; none of one that was not read."""
    clips = held.clips if held is not None else ()
    return tuple(
        each
        for each in clips
        if held is not None and each.header.demonstration and held.finished(each)
    )


def read_recorded(
    folder: SessionFolder, since_epoch_ns: int, read: ReadHeld, go_on: GoOn
) -> Recorded:
    """What this session holds, and what it and those beside it hold since an instant.

    Args:
        folder: the session.
        since_epoch_ns: the instant.
        read: has a session's episodes read; damaged ones are passed over.
        go_on: False: it is not wanted any more, and what is returned is not whole.

    Raises:
        EpisodeError: a log of edits may not be read.
    """
    here = demonstrations_in(read(folder, go_on))
    elsewhere: list[ListedClip] = []
    for other in sessions_since(folder, since_epoch_ns):
        if not go_on():
            break
        elsewhere += _since(demonstrations_in(read(other, go_on)), since_epoch_ns)
    return Recorded(
        session=tuple(map(_demonstration, here)),
        episodes=frozenset(each.header.episode for each in here),
        today=tuple(map(_demonstration, _since(here, since_epoch_ns))),
        elsewhere=tuple(map(_demonstration, elsewhere)),
    )


def sessions_since(folder: SessionFolder, since_epoch_ns: int) -> list[SessionFolder]:
    """The other sessions in the same folder into which an episode came since an instant."""
    found: list[tuple[int, Path]] = []
    for path in folder.path.absolute().parent.glob("*/episodes"):
        changed_ns = path.stat().st_mtime_ns
        if changed_ns >= since_epoch_ns and path.parent != folder.path.absolute():
            found.append((changed_ns, path.parent))
    return [SessionFolder(path) for _, path in sorted(found, reverse=True)[:MOST_SESSIONS]]


def take_back(folder: SessionFolder, episode: int, read: ReadHeld, go_on: GoOn) -> None:
    """Discard a recorded episode; it stays on the disk, and the edit can be undone.

    Where `go_on` says no before the session was read, nothing is changed.

    Raises:
        EpisodeError: it is not finished, or edited already, or nothing can be written.
    """
    held = read(folder, go_on)
    if held is None:
        return
    views = held.views
    clip = find_clip(views, str(episode))
    if not all(views.recorded[piece.episode].finished for piece in clip.pieces):
        raise EpisodeError(words.SAVING)
    if not clip.discarded:
        write_edit(folder, views, RelabelOutcome(clip.name, Outcome.DISCARDED))


def _since(clips: tuple[ListedClip, ...], since_epoch_ns: int) -> Iterator[ListedClip]:
    return (each for each in clips if each.header.opened_epoch_ns >= since_epoch_ns)


def _demonstration(each: ListedClip) -> Demonstration:
    header = each.header
    return Demonstration(
        name=each.clip.name,
        episode=header.episode,
        operator=header.operator,
        instruction=header.instruction,
        outcome=header.outcome,
        duration_s=each.duration_s,
        operator_s=header.operator_s,
    )


class RecordsReader(QThread):
    """Reads at the start, and whenever an episode was saved or edited.

    Args:
        folder: the session.
        read: has a session's episodes read elsewhere.

    Signals:
        found: a `Recorded`.
        failed: number of an episode that could not be taken back, and why.
    """

    found = Signal(object)
    failed = Signal(int, str)

    def __init__(self, folder: SessionFolder, read: ReadHeld, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("demonstrations")
        self._folder = folder
        self._read_held = read
        self._over = threading.Event()
        self._news = threading.Event()
        self._unwanted: list[int] = []

    def look(self) -> None:
        """Read again; returns at once."""
        self._news.set()

    def take_back(self, episode: int) -> None:
        """Have `episode` discarded; returns at once."""
        self._unwanted.append(episode)
        self._news.set()

    def run(self) -> None:
        """Read until closed."""
        seen = None
        while not self._over.is_set():
            told = self._news.is_set()
            self._news.clear()
            while self._unwanted:
                self._discard(self._unwanted.pop(0))
            signs = (log_size(self._folder), _changed(self._folder.episodes))
            if told or signs != seen:
                seen = signs
                self._read()
            self._news.wait(LOOK_S)

    def _read(self) -> None:
        try:
            recorded = read_recorded(
                self._folder, begin_of_today(), self._read_held, lambda: not self._over.is_set()
            )
        except EpisodeError:
            return  # told by whoever edits; the numbers stay as they are
        if not self._over.is_set():
            self.found.emit(recorded)

    def _discard(self, episode: int) -> None:
        try:
            take_back(
                self._folder,
                episode,
                self._read_held,
                lambda: not self.isInterruptionRequested(),
            )
        except EpisodeError as error:
            self.failed.emit(episode, str(error))

    def close(self) -> None:
        """End the thread and wait for it. Idempotent."""
        self._over.set()
        self._news.set()
        if not self.wait(GRACE_MS):
            self.requestInterruption()
            self.wait()


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
