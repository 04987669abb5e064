"""The session that an import goes into: each episode appears there whole, or not at all.

An episode is written in a folder `importing` of the session and moved to the others when it is
finished, so that a killed import leaves no half demonstration for anybody to learn from.
"""

import re
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from recorder.catalog import scan
from recorder.folder_lock import locked
from recorder.imports.foreign import ForeignEpisode
from recorder.imports.mapping import Mapping
from recorder.imports.native import Told, write_native
from recorder.imports.resolve import Resolved
from recorder.storage import episode_name, sync
from teleop.config import SessionConfig
from teleop.errors import ConversionError
from teleop.messages import EpisodeSaved
from teleop.session_folder import SessionFolder
from teleop.session_record import SessionRecord, package_versions, write_record

SCRATCH = "importing"
_NUMBER = re.compile(r"episode_(\d{5,})")
_MAPPING = " mapping "


@dataclass(frozen=True)
class Earlier:
    """An episode that was imported before, and by which mapping."""

    name: str
    digest: str


class ImportTarget:
    """A session, locked, with its episodes known.

    Attributes:
        earlier: imported episodes by their source without the mapping.
    """

    def __init__(self, folder: SessionFolder) -> None:
        self._folder = folder
        self._scratch = SessionFolder(folder.path / SCRATCH)
        self.unreadable: list[str] = []
        self.earlier: dict[str, Earlier] = {}
        for entry in scan(folder, self.unreadable.append):
            source, found, digest = entry.header.source.rpartition(_MAPPING)
            if found:
                self.earlier[source] = Earlier(entry.name, digest)
        numbers = [_NUMBER.match(path.name) for path in folder.episodes.iterdir()]
        self._next = max((int(each[1]) for each in numbers if each), default=-1) + 1

    def add(
        self,
        source: str,
        episode: ForeignEpisode,
        resolved: Resolved,
        mapping: Mapping,
        told: Told,
    ) -> tuple[Path, EpisodeSaved]:
        """Write an episode; returns its folder.

        Raises:
            ConversionError: it cannot be imported.
            EpisodeError: it could not be written.
        """
        shutil.rmtree(self._scratch.path, ignore_errors=True)
        whole = f"{source}{_MAPPING}{mapping.digest()}"
        number = self._next
        saved = write_native(self._scratch, number, episode, resolved, mapping, whole, told)
        made, target = Path(saved.path), self._folder.episodes / episode_name(number)
        made.rename(target)
        sync(target.parent)
        self._next += 1
        self.earlier[source] = Earlier(target.name, mapping.digest())
        return target, saved


@contextmanager
def import_target(session: Path, instruction: str) -> Generator[ImportTarget]:
    """Open a session for imports; make it if there is none.

    Raises:
        ConversionError: the path is something else.
        FolderBusy: a recorder writes there.
        EpisodeError: it cannot be written.
    """
    folder = SessionFolder(session)
    if session.exists() and not (folder.episodes.is_dir() or _is_empty(session)):
        raise ConversionError(
            f"{session} is there and no session: it has no folder 'episodes'. Name a session, or a "
            "new folder."
        )
    with locked(folder):
        if not folder.config.exists():
            started = time.strftime("%Y-%m-%dT%H:%M:%S%z")
            config = SessionConfig(instruction=instruction) if instruction else SessionConfig()
            write_record(folder, SessionRecord(config, started, packages=package_versions()))
        try:
            yield ImportTarget(folder)
        finally:
            shutil.rmtree(folder.path / SCRATCH, ignore_errors=True)


def _is_empty(path: Path) -> bool:
    return path.is_dir() and next(path.iterdir(), None) is None
