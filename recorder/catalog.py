"""The headers of all episodes of a session, fast: each from a small file beside the episode.

`episode.json` repeats the header of the HDF5 files beside it, and names their sizes and times of
change. It is a cache and nothing else: where it is missing, damaged or older than what it
describes, the episode is read and it is written anew.
"""

import contextlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from recorder.episode_file import check_header, open_episode
from recorder.episode_paths import episode_paths, name_of, segments_of
from recorder.reader import EpisodeReader
from recorder.schema import SUMMARY, WHOLE, Header
from teleop.errors import EpisodeError, SessionError
from teleop.session_folder import SessionFolder


@dataclass(frozen=True)
class CatalogEntry:
    """One episode as it was recorded.

    Attributes:
        path: what `EpisodeReader` takes.
        header: of the whole episode; while it is recorded, of its finished segments.
        size: bytes of its files.
    """

    path: Path
    header: Header
    size: int

    @property
    def name(self) -> str:
        """What people call it: `episode_00012`."""
        return name_of(self.path)

    @property
    def finished(self) -> bool:
        """Whether no row can be added any more."""
        return self.header.state.finished

    @property
    def duration_s(self) -> float:
        """From its opening to its end; 0 where the end is not known."""
        return max(0, self.header.ended_ns - self.header.opened_ns) * 1e-9


class _File(msgspec.Struct, frozen=True, array_like=True):
    """A file as it was when the summary of it was written."""

    name: str
    size: int
    changed_ns: int


class _Summary(msgspec.Struct, frozen=True):
    """The content of `episode.json`."""

    files: tuple[_File, ...]
    crc32: int  # of the header's text
    header: msgspec.Raw


Progress = Callable[[int, int], bool]  # told how many of how many are done; False: stop there


def no_news(done: int, total: int) -> bool:
    """Tell nobody how far the reading has come, and go on."""
    del done, total
    return True


def require_session(folder: SessionFolder) -> None:
    """Raise SessionError unless the folder is a session's."""
    if not folder.episodes.is_dir():
        raise SessionError(
            f"{folder.path} is no session folder: it has no folder 'episodes'. Name the folder "
            "that `nudge demo` or `nudge session` printed."
        )


def scan(
    folder: SessionFolder,
    unreadable: Callable[[str], None],
    progress: Progress = no_news,
) -> Iterator[CatalogEntry]:
    """Yield every readable episode of the session, in the order of their names.

    Args:
        folder: the session.
        unreadable: told a sentence about each that cannot be read.
        progress: told how far it has come; it may stop the scan.
    """
    paths = episode_paths(folder)
    for done, path in enumerate(paths, start=1):
        try:
            yield entry_of(path)
        except EpisodeError as error:
            unreadable(str(error))
        if not progress(done, len(paths)):
            return


def entry_of(path: Path) -> CatalogEntry:
    """The entry of one episode, from its cache where that still holds.

    Raises:
        EpisodeError: it cannot be read.
    """
    files = _files_of(path)
    size = sum(file.size for file in files)
    cached = _cached(path, files)
    if cached is not None:
        return CatalogEntry(path, cached, size)
    header = _read(path)
    if header.state.finished:
        _write(path, files, header)
    return CatalogEntry(path, header, size)


def remember(path: Path) -> None:
    """Write the cache of a finished episode, so that its first listing is fast as well.

    What cannot be read or written is left to that listing.
    """
    with contextlib.suppress(EpisodeError):
        entry_of(path)


def summary_path(path: Path) -> Path:
    """Where the cache of an episode's header lies."""
    return path / SUMMARY if path.suffix != ".h5" else path.with_suffix(".json")


def _files_of(path: Path) -> tuple[_File, ...]:
    """The files that hold the episode now; none if they vanished meanwhile."""
    if path.suffix == ".h5":
        return tuple(filter(None, (_look_at(path),)))
    whole = _look_at(path / WHOLE)
    if whole is not None:
        return (whole,)
    return tuple(filter(None, map(_look_at, segments_of(path))))


def _look_at(path: Path) -> _File | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return _File(path.name, found.st_size, found.st_mtime_ns)


def _cached(path: Path, files: tuple[_File, ...]) -> Header | None:
    try:
        summary = msgspec.json.decode(summary_path(path).read_bytes(), type=_Summary)
        if not files or summary.files != files or summary.crc32 != zlib.crc32(summary.header):
            return None
        return msgspec.json.decode(summary.header, type=Header)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _read(path: Path) -> Header:
    whole = path if path.suffix == ".h5" else path / WHOLE
    if whole.is_file():
        with open_episode(whole) as file:
            return check_header(file, whole)
    with EpisodeReader(path) as episode:
        return episode.header


def _write(path: Path, files: tuple[_File, ...], header: Header) -> None:
    """Put the cache there, whole or not at all. What may not be written is read anew next time."""
    text = msgspec.json.encode(header)
    content = msgspec.json.encode(_Summary(files, zlib.crc32(text), msgspec.Raw(text)))
    target = summary_path(path)
    part = target.with_name(f".{target.name}.part")
    with contextlib.suppress(OSError):
        part.write_bytes(content)
        part.replace(target)
