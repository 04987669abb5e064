"""What a session did before this window was opened, from its files.

The charts must not start anew because somebody closed the window.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QThread, Signal

from recorder.header import saved_message
from recorder.reader import check_header, open_episode
from teleop.errors import EpisodeError
from teleop.learner_messages import (
    PolicyPublished,
)
from teleop.messages import (
    EpisodeSaved,
)
from teleop.session_folder import SessionFolder


class _Manifest(msgspec.Struct):
    """What the window needs of a policy version's manifest; the rest is passed over."""

    version: int
    parent: int
    accepted: bool
    provisional: bool
    reason: str


def past_episodes(folder: SessionFolder) -> Iterator[EpisodeSaved]:
    """Yield the finished episodes, oldest first; damaged files are passed over."""
    for path in sorted(folder.episodes.glob("*.h5")):
        try:
            with open_episode(path) as file:
                header = check_header(file, path)
        except EpisodeError:
            continue
        yield saved_message(header, str(path), final=True)


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
    """Reads the files once, beside the window.

    Signals:
        found: one message about the past.
    """

    found = Signal(object)

    def __init__(self, folder: SessionFolder, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self._folder = folder

    def run(self) -> None:
        """Read until done or closed."""
        for source in (past_versions, past_episodes):
            for message in source(self._folder):
                if self.isInterruptionRequested():
                    return
                self.found.emit(message)

    def close(self) -> None:
        """End the thread and wait for it. Idempotent."""
        self.requestInterruption()
        self.wait()
