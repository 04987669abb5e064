"""Which policy versions a session has, read once in a thread of its own."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from PySide6.QtCore import QObject, QThread, Signal

from gui.review.values import ClipTrack
from recorder.labels import Label
from recorder.summary import VersionManifest
from teleop.errors import PolicyError
from teleop.serving import MANIFEST, serving_version
from teleop.session_folder import SessionFolder


@dataclass(frozen=True)
class VersionChoice:
    """A version that can be compared."""

    number: int
    serving: bool = False
    accepted: bool = True
    provisional: bool = False


@dataclass(frozen=True)
class VersionsFound:
    """The versions of a session, rising."""

    session: Path
    versions: tuple[VersionChoice, ...]

    @property
    def serving(self) -> int:
        """The version that is served; the newest where none is."""
        numbers = [each.number for each in self.versions if each.serving]
        return (numbers or [each.number for each in self.versions[-1:]] or [-1])[0]


class ReadVersions(QThread):
    """Looks at the store of a session.

    Signals:
        finished_with: a `VersionsFound`.
    """

    finished_with = Signal(object)

    def __init__(self, session: Path, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("read versions")
        self._session = session

    def run(self) -> None:
        """Read every manifest."""
        self.finished_with.emit(VersionsFound(self._session, found_versions(self._session)))


def found_versions(session: Path) -> tuple[VersionChoice, ...]:
    """The versions of a session, rising; those that cannot be read are left out."""
    policies = SessionFolder(session).policies
    try:
        serving = serving_version(policies)
    except (PolicyError, OSError):
        serving = -1
    found: list[VersionChoice] = []
    for path in policies.glob(f"v[0-9]*/{MANIFEST}"):
        try:
            made = msgspec.json.decode(path.read_bytes(), type=VersionManifest)
        except (OSError, msgspec.DecodeError):
            continue
        number = made.version
        found.append(VersionChoice(number, number == serving, made.accepted, made.provisional))
    return tuple(sorted(found, key=lambda each: each.number))


def first_corrected(track: ClipTrack | None) -> int:
    """The first row of a clip in which the operator has taken over; -1: there is none."""
    if track is None:
        return -1
    taken = np.flatnonzero((track.labels == Label.INTERVENTION).any(axis=1))
    return int(taken[0]) if len(taken) else -1


def corrected_version(track: ClipTrack) -> int:
    """The version that the operator took over from first in a clip; -1: not known."""
    asked = track.version[: first_corrected(track) + 1]
    known = asked[asked >= 0]
    return int(known[-1]) if len(known) else -1


def usual_pair(found: VersionsFound, track: ClipTrack) -> tuple[int, int]:
    """The versions to compare unless the operator says otherwise.

    They are the one that was corrected and the one that serves, or the newest where that is the
    same.
    """
    numbers = [each.number for each in found.versions]
    old = corrected_version(track)
    old = old if old in numbers else numbers[0]
    new = found.serving if found.serving != old else numbers[-1]
    return old, new
