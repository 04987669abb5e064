"""What an export has done so far: a folder beside the target that becomes the target at the end.

    TARGET.part/            everything is built here
        export.json         the options and the finished episodes; replaced as a whole, synced
        lock                held by the export that is under way

An episode counts as done when the journal names it; what else a killed export left in the folder
is written anew. TARGET itself appears by one rename, so it is complete whenever it is there.
"""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from recorder.export.export import ExportOptions
from recorder.storage import part_of, sync
from teleop import __version__
from teleop.errors import ConversionError

RECORD = "nudge_export.json"  # the journal's name in a finished folder
_JOURNAL, _LOCK = "export.json", "lock"


class Entry(msgspec.Struct, frozen=True):
    """An episode that is in the target whole.

    Attributes:
        name: of the episode.
        rows: of each of its pieces; a gap in time divides an episode.
        first: the first row's action as it was computed, to be found again when read back.
        last: the last row's.
    """

    name: str
    rows: tuple[int, ...]
    first: tuple[float, ...]
    last: tuple[float, ...]


def entry_of(name: str, pieces: Sequence[NDArray[np.float64]]) -> Entry:
    """The entry of an episode whose pieces have these actions, (M, A) each."""
    rows = tuple(len(actions) for actions in pieces)
    return Entry(name, rows, tuple(pieces[0][0].tolist()), tuple(pieces[-1][-1].tolist()))


class _Record(msgspec.Struct, frozen=True):
    format: str
    options: ExportOptions
    entries: tuple[Entry, ...] = ()
    nudge: str = __version__


class Journal:
    """The folder that an export is built in.

    Args:
        target: what it becomes.
        name: of the format.
        options: those of the first run hold.

    Raises:
        ConversionError: the target is there already, is being written by another export, was
            begun with other options, or cannot be written.
    """

    def __init__(self, target: Path, name: str, options: ExportOptions) -> None:
        if target.exists():
            ours = target.is_file() or (target / RECORD).exists()
            rest = ", or add --overwrite to replace it" if ours else "; this is no finished export"
            raise ConversionError(f"{target} is there already. Name another target{rest}.")
        self.target = target
        self.folder = part_of(target)
        with self._sentence():
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        with contextlib.ExitStack() as refused:
            refused.callback(self.close)
            self._claim()
            self._record = self._begun(_Record(name, options))
            refused.pop_all()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """In the order in which they were added."""
        return self._record.entries

    @property
    def names(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.entries)

    @property
    def pieces(self) -> int:
        """How many pieces all entries have: the number of the next one."""
        return sum(len(entry.rows) for entry in self.entries)

    def add(self, entry: Entry) -> None:
        """Count an episode as done; its files must be synced."""
        entries = (*self.entries, entry)
        self._record = msgspec.structs.replace(self._record, entries=entries)
        with self._sentence():
            sync(self.folder)
            self._write(self.folder / _JOURNAL, self._record)

    def publish(self, built: str = "") -> Path:
        """Make the target of the file `built` in the folder, or of the folder itself."""
        with self._sentence():
            if built:
                sync(self.folder / built)
                (self.folder / built).rename(self.target)
                sync(self.target.parent)
                shutil.rmtree(self.folder)
            else:
                (self.folder / _JOURNAL).rename(self.folder / RECORD)
                (self.folder / _LOCK).unlink(missing_ok=True)
                sync(self.folder)
                self.folder.rename(self.target)
                sync(self.target.parent)
        self.close()
        return self.target

    def close(self) -> None:
        """Idempotent."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _claim(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConversionError(
                f"Another export into {self.target} is under way. Wait for it, or name another "
                "target."
            ) from None

    def _begun(self, fresh: _Record) -> _Record:
        """What an earlier run left, or a fresh record, written at once."""
        done = self.folder / RECORD  # killed between the two renames of `publish`
        with self._sentence():
            if done.exists() and not (self.folder / _JOURNAL).exists():
                done.rename(self.folder / _JOURNAL)
        try:
            found = msgspec.json.decode((self.folder / _JOURNAL).read_bytes(), type=_Record)
        except FileNotFoundError:
            others = sorted(path.name for path in self.folder.iterdir() if path.name != _LOCK)
            if [other for other in others if not other.startswith(_JOURNAL)]:
                raise ConversionError(
                    f"{self.folder} holds something else ('{others[0]}'). Name another target."
                ) from None
            with self._sentence():
                self._write(self.folder / _JOURNAL, fresh)
            return fresh
        except (OSError, msgspec.DecodeError, msgspec.ValidationError) as error:
            raise ConversionError(
                f"{self.folder} was not begun by this version ({error}). Delete it, or name "
                "another target."
            ) from None
        if found.format == fresh.format and not found.entries:  # nothing of it is done yet
            with self._sentence():
                self._write(self.folder / _JOURNAL, fresh)
            return fresh
        if (found.format, found.options) != (fresh.format, fresh.options):
            raise ConversionError(
                f"{self.folder} was begun as {found.format} with {_told(found.options)}, not as "
                f"{fresh.format} with {_told(fresh.options)}. Continue it with the same options, "
                "delete it, or name another target."
            )
        return found

    @staticmethod
    def _write(path: Path, record: _Record) -> None:
        fresh = path.with_name(path.name + ".tmp")
        fresh.write_bytes(msgspec.json.format(msgspec.json.encode(record)))
        sync(fresh)
        fresh.rename(path)
        sync(path.parent)

    @contextlib.contextmanager
    def _sentence(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            raise ConversionError(
                f"Cannot write {self.folder}: {error.strerror or error}. Episodes that are done "
                "stay done; the same command continues."
            ) from error


def _told(options: ExportOptions) -> str:
    values: dict[str, Any] = msgspec.to_builtins(options)
    usual: dict[str, Any] = msgspec.to_builtins(ExportOptions())
    other = [f"{name} {value}" for name, value in values.items() if value != usual[name]]
    return ", ".join(other) or "the usual options"
