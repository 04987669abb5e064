"""What a session did before this window was opened, from its files, and what was edited since.

The charts must not start anew because somebody closed the window, and they show what the learner
learns from.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QThread, Signal

from gui.episode_log import KEPT, PastEpisodes
from gui.view import EpisodeMark
from recorder.edits.listed import listed
from recorder.edits.log import log_size
from recorder.edits.session_views import session_views
from recorder.header import saved_message
from teleop.errors import EpisodeError
from teleop.learner_messages import (
    PolicyPublished,
)
from teleop.session_folder import SessionFolder

LOOK_S = 1.0  # between two looks at the log of edits


class _Manifest(msgspec.Struct):
    """What the window needs of a policy version's manifest; the rest is passed over."""

    version: int
    parent: int
    accepted: bool
    provisional: bool
    reason: str


def past_episodes(
    folder: SessionFolder, go_on: Callable[[], bool] = lambda: True
) -> PastEpisodes | None:
    """The finished episodes after all edits; damaged ones are passed over.

    None if `go_on` said no meanwhile.

    Raises:
        EpisodeError: the log of edits may not be read.
    """
    views = session_views(folder, lambda done, total: go_on())
    marks: list[EpisodeMark] = []
    newest = None
    finished = {name for name, entry in views.recorded.items() if entry.finished}
    for each in listed(folder, views, []):
        if not go_on():
            return None
        if not all(piece.episode in finished for piece in each.clip.pieces):
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
    numbers = frozenset(views.recorded[name].header.episode for name in finished)
    return PastEpisodes(tuple(marks[-KEPT:]), numbers, newest)


def past_versions(folder: SessionFolder) -> Iterator[PolicyPublished]:
    """Yield the policy versions of the session, oldest first; unreadable ones are passed over."""
    for path in sorted(folder.policies.glob("v*/manifest.json")):
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


def _read_manifest(path: Path) -> _Manifest | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Manifest)
    except (OSError, msgspec.DecodeError):
        return None


class HistoryReader(QThread):
    """Reads the files beside the window: at the start, and whenever somebody edited.

    Signals:
        found: one message about the past.
    """

    found = Signal(object)

    def __init__(self, folder: SessionFolder, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self._folder = folder
        self._over = threading.Event()

    def run(self) -> None:
        """Read until closed."""
        for message in past_versions(self._folder):
            self.found.emit(message)
        read_to = -1
        while not self._over.is_set():
            size = log_size(self._folder)
            if size != read_to:
                self._read()
                read_to = size
            self._over.wait(LOOK_S)

    def _read(self) -> None:
        try:
            past = past_episodes(self._folder, lambda: not self._over.is_set())
        except EpisodeError:
            return  # told by whoever edits; the marks stay as they are
        if past is not None:
            self.found.emit(past)

    def close(self) -> None:
        """End the thread and wait for it. Idempotent."""
        self._over.set()
        self.wait()
