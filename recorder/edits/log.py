"""`edits.log` of a session: a line of JSON for each edit, only ever added to.

Each line carries the check sum of what it says. A last line without its end is what a crash left
of an edit that nobody was told is kept: it is passed over, and gone after the next edit. A damaged
line elsewhere is named, and every other one counts.
"""

import fcntl
import os
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from recorder.edits.edit import Entry
from recorder.storage import sync
from teleop.errors import EpisodeError
from teleop.session_folder import SessionFolder

LOG = "edits.log"


class _Line(msgspec.Struct, frozen=True):
    crc32: int  # of the text of `entry`
    entry: msgspec.Raw


@dataclass(frozen=True)
class EditLog:
    """What a log said when it was read.

    Attributes:
        entries: oldest first.
        damaged: a sentence for each line that is not whole.
        size: bytes up to the end of the last whole line.
        lines: how many lines there are, damaged ones too.
    """

    entries: tuple[Entry, ...] = ()
    damaged: tuple[str, ...] = ()
    size: int = 0
    lines: int = 0

    @property
    def next_number(self) -> int:
        return max(self.lines, max((entry.number for entry in self.entries), default=0)) + 1


def log_path(folder: SessionFolder) -> Path:
    """Where a session's edits are written down."""
    return folder.path / LOG


def log_size(folder: SessionFolder) -> int:
    """Bytes of the log; whoever follows the edits reads it again when this has changed."""
    try:
        return log_path(folder).stat().st_size
    except FileNotFoundError:
        return 0


def read_log(folder: SessionFolder) -> EditLog:
    """Read all edits of a session.

    Raises:
        EpisodeError: the log is there and may not be read.
    """
    path = log_path(folder)
    try:
        return _parse(path.read_bytes(), path)
    except FileNotFoundError:
        return EditLog()
    except OSError as error:
        raise EpisodeError(f"The edits in {path} cannot be read: {error}.") from error


def append_entry(folder: SessionFolder, make: Callable[[EditLog], Entry]) -> Entry:
    """Add an edit; once this returns, it is on the disk. Others wait meanwhile.

    Args:
        folder: the session.
        make: given the log as it is now, returns the entry to add, or raises.

    Raises:
        EpisodeError: the log cannot be written; it is as it was.
    """
    path = log_path(folder)
    try:
        with _locked(path) as handle:
            content = _read_all(handle)
            log = _parse(content, path)
            entry = make(log)
            text = msgspec.json.encode(entry)
            line = msgspec.json.encode(_Line(zlib.crc32(text), msgspec.Raw(text))) + b"\n"
            if log.size < len(content):
                os.ftruncate(handle, log.size)
            elif content and not content.endswith(b"\n"):
                line = b"\n" + line
            _write_all(handle, line, back_to=log.size)
            os.fsync(handle)
        sync(path.parent)
    except OSError as error:
        raise EpisodeError(
            f"The edit cannot be written to {path}: {error}. Nothing was changed."
        ) from error
    return entry


@contextmanager
def _locked(path: Path) -> Generator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _read_all(handle: int) -> bytes:
    return os.pread(handle, os.fstat(handle).st_size, 0)


def _write_all(handle: int, line: bytes, back_to: int) -> None:
    try:
        written = os.write(handle, line)
    except OSError:
        os.ftruncate(handle, back_to)
        raise
    if written != len(line):
        os.ftruncate(handle, back_to)
        raise OSError("the disk is full")


def _parse(content: bytes, path: Path) -> EditLog:
    entries: list[Entry] = []
    damaged: list[str] = []
    lines = content.split(b"\n")
    last = lines.pop()
    for number, line in enumerate(lines, start=1):
        entry = _entry(line)
        if entry is None:
            damaged.append(f"Line {number} of {path} is damaged; that edit does not count.")
        else:
            entries.append(entry)
    size = len(content) - len(last)
    entry = _entry(last)
    if entry is not None:  # only its end of line is missing
        entries.append(entry)
        size = len(content)
    return EditLog(tuple(entries), tuple(damaged), size, len(lines) + (entry is not None))


def _entry(line: bytes) -> Entry | None:
    try:
        found = msgspec.json.decode(line, type=_Line)
        if zlib.crc32(found.entry) != found.crc32:
            return None
        return msgspec.json.decode(found.entry, type=Entry)
    except msgspec.DecodeError:
        return None
