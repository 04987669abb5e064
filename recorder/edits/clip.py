"""An episode as its readers are to see it, after all edits."""

from dataclasses import dataclass
from pathlib import Path

from recorder.labels import Label
from teleop.messages import Arm, Outcome


@dataclass(frozen=True)
class Source:
    """A recorded episode, as far as edits must know it.

    Attributes:
        uid: of the recording, empty in old ones.
        opened_ns: monotonic time of its opening; recordings are merged in this order.
        ended_ns: of its end, -1: not known.
        finished: no row can be added any more.
    """

    name: str
    path: Path
    rows: int
    outcome: Outcome
    uid: str = ""
    opened_ns: int = 0
    ended_ns: int = -1
    cameras: tuple[str, ...] = ()
    demonstration: bool = False
    finished: bool = True


@dataclass(frozen=True)
class Relabel:
    """Another label for an arm in rows of the recorded episode."""

    start: int
    stop: int
    arm: Arm
    label: Label


@dataclass(frozen=True)
class Piece:
    """Rows of one recorded episode.

    Attributes:
        relabels: what was changed in them, in the order of arms and rows, none overlapping.
        instruction: in place of the recorded one; None: as recorded.
    """

    episode: str
    path: Path
    start: int
    stop: int
    relabels: tuple[Relabel, ...] = ()
    instruction: str | None = None

    @property
    def rows(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class Clip:
    """What is shown, learned from and exported as one episode.

    Attributes:
        name: unique in the session; that of the recorded episode unless it was split or merged.
        pieces: in the order of their recording, none empty, no row in two clips.
        outcome: as recorded or relabelled; DISCARDED: kept, and to be left out.
        edits: numbers of the edits that shaped it; none: it is the recorded episode, which may
            still grow.
        split_from: names of what it was split from, the first split first.
    """

    name: str
    pieces: tuple[Piece, ...]
    outcome: Outcome
    edits: tuple[int, ...] = ()
    split_from: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return sum(piece.rows for piece in self.pieces)

    @property
    def discarded(self) -> bool:
        return self.outcome is Outcome.DISCARDED


def untouched(source: Source) -> Clip:
    """The whole of a recorded episode."""
    piece = Piece(source.name, source.path, 0, source.rows)
    return Clip(source.name, (piece,), source.outcome)
