"""What an arena holds: a line of JSON for each revision of an episode, only ever added to.

The line is written last, after what it speaks of: rows that no line names were never there. A last
line that a crash tore is passed over, and so is a line about rows that the files do not hold.
"""

import contextlib
import zlib
from collections.abc import Callable
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from learner.growing_file import GrowingFile
from learner.samples import Stratum


class About(msgspec.Struct, frozen=True, array_like=True):
    """What is known of an episode beside its rows.

    Attributes:
        source: changes when its files or edits do; empty: not known.
        outcome: the `Outcome`'s value.
        instruction: the one it was recorded under.
        shows: instructions that it demonstrates.
        newest_ns: wall clock time of its end, -1: not known.
    """

    source: str = ""
    outcome: str = ""
    instruction: str = ""
    shows: tuple[str, ...] = ()
    newest_ns: int = -1


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One revision of an episode.

    Attributes:
        name: the episode's.
        revision: of what may be learned from it, see `record.revision_of`; empty: nothing.
        first: the number of its first row in the arena.
        count: of its rows.
        runs: stratum, first row, one past the last row, all counted from `first`.
        images_end: bytes of the arena's images up to its last one.
    """

    name: str
    revision: str = ""
    first: int = 0
    count: int = 0
    runs: tuple[tuple[int, int, int], ...] = ()
    images_end: int = 0
    about: About = About()

    def places(self, stratum: Stratum) -> NDArray[np.int64]:
        """Its rows of a stratum, counted from `first`."""
        found = [np.arange(a, b) for kind, a, b in self.runs if kind == stratum]
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def rows_of(self, stratum: Stratum) -> int:
        """How many rows of a stratum it has."""
        return sum(b - a for kind, a, b in self.runs if kind == stratum)


def runs_of(stratum_N: NDArray[np.int8]) -> tuple[tuple[int, int, int], ...]:
    """Rows of the same stratum that follow one another, for `Entry.runs`."""
    if len(stratum_N) == 0:
        return ()
    edges = [0, *(np.flatnonzero(np.diff(stratum_N)) + 1).tolist(), len(stratum_N)]
    return tuple((int(stratum_N[a]), a, b) for a, b in pairwise(edges))


class Index:
    """The lines of one arena.

    Args:
        file: its file.
        kind: what this arena holds; one of another kind is begun anew.
        holds: whether the other files hold what an entry speaks of; the first that they do not,
            and all that came after it, are taken out.

    Attributes:
        torn: some were taken out.
        newest: the last entry of each episode, by name.
        revisions: the last entry of each revision, by episode and revision.
    """

    def __init__(
        self, file: GrowingFile, kind: str, holds: Callable[[Entry], bool] = lambda entry: True
    ) -> None:
        self._file = file
        lines = file.read(0, file.size).splitlines(keepends=True)
        head = f"nudge-arena 1 {kind}\n".encode()
        self.begun_anew = not lines or lines[0] != head
        self.newest: dict[str, Entry] = {}
        self.revisions: dict[tuple[str, str], Entry] = {}
        self.torn = False
        if self.begun_anew:
            file.truncate(0)
            file.append(head)
            return
        size = len(head)
        for line in lines[1:]:
            entry = _decoded(line)
            if entry is None or not holds(entry):
                self.torn = entry is not None
                break
            self._take(entry)
            size += len(line)
        file.truncate(size)

    def close(self) -> None:
        """Idempotent."""
        self._file.close()

    def append(self, entry: Entry) -> None:
        """Add a line."""
        self._file.append(_encoded(entry))
        self._take(entry)

    def _take(self, entry: Entry) -> None:
        self.newest[entry.name] = entry
        if entry.revision:
            self.revisions[entry.name, entry.revision] = entry


def _encoded(entry: Entry) -> bytes:
    text = msgspec.json.encode(entry)
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _decoded(line: bytes) -> Entry | None:
    with contextlib.suppress(ValueError, msgspec.DecodeError):
        if line.endswith(b"\n") and int(line[:8], 16) == zlib.crc32(line[9:-1]):
            return msgspec.json.decode(line[9:-1], type=Entry)
    return None
