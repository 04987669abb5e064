"""What a session did before this window was opened, from its files, and what was edited since.

The charts must not start anew because somebody closed the window, and they show what the learner
learns from.
"""

import threading
from collections.abc import Container, Iterator
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QThread, Signal

from gui.console import NotesRead
from gui.episode_log import KEPT, PastEpisodes
from gui.review.held_session import HeldSession, ReadHeld
from gui.view import EpisodeMark
from recorder.edits.log import log_size
from recorder.header import saved_message
from teleop.errors import EpisodeError
from teleop.learner_messages import (
    CoachNote,
    GateCheck,
    PolicyPublished,
    StratumLoss,
    VersionReport,
)
from teleop.learner_told import told_since
from teleop.serving import MANIFEST, moves
from teleop.session_folder import SessionFolder

LOOK_S = 1.0  # between two looks at the log of edits and at the versions


class _Manifest(msgspec.Struct):
    """What the window needs of a policy version's manifest; the rest is passed over.

    The fields with a default came later; a number that was not measured is -1.
    """

    version: int
    parent: int
    accepted: bool
    provisional: bool
    reason: str
    method: str = ""
    speed: str = ""
    corrections: tuple[str, ...] = ()
    losses: tuple[StratumLoss, ...] = ()
    checks: tuple[GateCheck, ...] = ()
    updates: int = 0
    fit_s: float = -1.0
    data_age_s: float = -1.0
    seconds_from_handback: float = -1.0
    created_ns: int = 0

    def report(self) -> VersionReport:
        """The same as the learner's own message."""
        early = not self.speed and self.method in _SPEEDS  # what `method` said at first
        return VersionReport(
            version=self.version,
            parent=self.parent,
            method=self.method,
            speed=self.method if early else self.speed,
            accepted=self.accepted,
            reason=self.reason,
            corrections=self.corrections,
            losses=self.losses,
            checks=self.checks,
            updates=self.updates,
            fit_s=self.fit_s,
            data_age_s=self.data_age_s,
            seconds_from_handback=self.seconds_from_handback,
            created_ns=self.created_ns,
        )


_SPEEDS = ("base", "head", "full")


def past_episodes(held: HeldSession) -> PastEpisodes:
    """The finished episodes after all edits. Pure."""
    marks: list[EpisodeMark] = []
    newest = None
    for each in held.clips:
        if not held.finished(each):
            continue
        header = each.header
        newest = saved_message(header, each.clip.name, final=True)
        marks.append(
            EpisodeMark(
                header.episode,
                header.outcome,
                header.reason,
                header.interventions,
                header.operator_s,
                header.policy_version,
            )
        )
    recorded = held.views.recorded.values()
    numbers = frozenset(each.header.episode for each in recorded if each.finished)
    return PastEpisodes(tuple(marks[-KEPT:]), numbers, newest)


def past_versions(
    folder: SessionFolder, known: Container[int] = ()
) -> Iterator[PolicyPublished | VersionReport]:
    """Yield the session's policy versions but the `known`, oldest first, each as two messages.

    Unreadable ones are passed over.
    """
    for path in sorted(folder.policies.glob(f"v*/{MANIFEST}")):
        number = path.parent.name[1:]
        if not number.isdecimal() or int(number) in known:
            continue
        found = _read_manifest(path)
        if found is not None:
            yield PolicyPublished(
                version=found.version,
                parent=found.parent,
                path=str(path.parent),
                accepted=found.accepted,
                provisional=found.provisional,
                reason=found.reason,
                handback_ns=-1,
                published_ns=0,
            )
            yield found.report()


def _read_manifest(path: Path) -> _Manifest | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Manifest)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


class HistoryReader(QThread):
    """Reads the files beside the window: at the start, and whenever something changed there.

    Args:
        folder: the session.
        read: has its episodes read elsewhere; damaged ones are passed over.

    Signals:
        found: one message about the past.
    """

    found = Signal(object)

    def __init__(self, folder: SessionFolder, read: ReadHeld, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self._folder = folder
        self._read_held = read
        self._over = threading.Event()
        self._versions: set[int] = set()
        self._moves = 0
        self._told = 0  # bytes

    def run(self) -> None:
        """Read until closed."""
        read_to = -1
        while not self._over.is_set():
            self._look_at_versions()
            size = log_size(self._folder)
            if size != read_to:
                self._read()
                read_to = size
            self._over.wait(LOOK_S)

    def _look_at_versions(self) -> None:
        """Tell of versions, moves of the pointer and words about corrections that are new."""
        for message in past_versions(self._folder, self._versions):
            self._versions.add(message.version)
            self.found.emit(message)
        made = moves(self._folder.policies)
        for move in made[self._moves :]:
            self.found.emit(move)
        self._moves = len(made)
        before = self._told
        told, self._told = told_since(self._folder.policies, before)
        for message in told:
            self.found.emit(message)
            if before == 0 and isinstance(message, CoachNote):  # of before: kept in the list alone
                self.found.emit(NotesRead(message))

    def _read(self) -> None:
        try:
            held = self._read_held(self._folder, lambda: not self._over.is_set())
        except EpisodeError:
            return  # told by whoever edits; the marks stay as they are
        if held is not None:
            self.found.emit(past_episodes(held))

    def close(self) -> None:
        """End the thread and wait for it. Idempotent."""
        self._over.set()
        self.wait()
