"""The session's log of fits: what each learned from, written down before it begins.

    policies/fits.jsonl       one line of JSON for each event, the newest last

A fit is a function of what its lines say and of the versions they name. So a learner that was
killed makes an unfinished fit again from the same lists, and gets the same weights bit by bit.
"""

import os
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path

import msgspec

from learner.methods.method import Speed

FITS = "fits.jsonl"


class Cause(StrEnum):
    """Why a fit was begun."""

    CORRECTION = "correction"  # the operator corrected something
    BACKGROUND = "background"  # a fuller fit of what a quick one learned
    ORDER = "order"  # somebody asked for it
    TAKEN_BACK = "taken back"  # a correction that was learned is no longer so
    CATCH_UP = "catch up"  # corrections came while a full fit was made
    EXERCISE = "exercise"  # to load the machine


class Begun(msgspec.Struct, frozen=True, tag="begun"):
    """A fit begins.

    Attributes:
        fit: its number, from 0.
        method: a name in `learner.methods.method.METHODS`.
        speed: how far it goes.
        ground: the version it may start from, beside the base.
        seed: of everything random in it.
        revisions: what it draws from: episodes and demonstrations, with their revisions.
        corrections: rows of corrections in each episode that has some.
        cause: why.
        handback_ns: monotonic, of the correction that caused it; -1: none did.
        moves: of the serving pointer by an operator so far.
        wall_ns: when.
    """

    fit: int
    method: str
    speed: Speed
    ground: int
    seed: int
    revisions: dict[str, str]
    corrections: dict[str, int]
    cause: Cause
    handback_ns: int
    moves: int
    wall_ns: int


class Widened(msgspec.Struct, frozen=True, tag="widened"):
    """From this phase on a fit that goes on draws from what came meanwhile, too."""

    fit: int
    phase: int
    revisions: dict[str, str]
    corrections: dict[str, int]


class Dropped(msgspec.Struct, frozen=True, tag="dropped"):
    """A fit will come to no version.

    Attributes:
        fit: its number.
        reason: a sentence.
        final: another one would fare no better.
    """

    fit: int
    reason: str
    final: bool


class Suspected(msgspec.Struct, frozen=True, tag="suspected"):
    """Corrections that the gate found to contradict the rest; no later fit draws from them."""

    fit: int
    revisions: dict[str, str]


Line = Begun | Widened | Dropped | Suspected


@dataclass(frozen=True)
class Record:
    """What the log says of one fit."""

    begun: Begun
    widened: tuple[Widened, ...] = ()
    dropped: Dropped | None = None
    suspected: Suspected | None = None

    def revisions(self, phase: int) -> dict[str, str]:
        """What the steps of a phase draw from."""
        lists = [each.revisions for each in self.widened if each.phase <= phase]
        return lists[-1] if lists else self.begun.revisions

    @property
    def corrections(self) -> dict[str, int]:
        """Rows of corrections in each episode that any phase drew from."""
        return self.begun.corrections | {
            name: rows for each in self.widened for name, rows in each.corrections.items()
        }

    @property
    def learned(self) -> dict[str, str]:
        """The corrected episodes it draws from, with the revisions."""
        every = self.begun.revisions | {
            name: revision for each in self.widened for name, revision in each.revisions.items()
        }
        return {name: every[name] for name in self.corrections}


@dataclass
class FitLog:
    """The lines of one session; a last line that a crash cut short was never there.

    Args:
        policies: the folder.
    """

    policies: Path
    records: dict[int, Record] = field(default_factory=dict[int, Record], init=False)
    lines: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        path = self.policies / FITS
        content = path.read_bytes() if path.exists() else b""
        whole = 0
        for line in content.splitlines(keepends=True):
            try:
                read = msgspec.json.decode(line, type=Line)
            except msgspec.DecodeError:
                break
            if not line.endswith(b"\n"):
                break
            self._take(read)
            whole += len(line)
        if whole < len(content):
            os.truncate(path, whole)

    def append(self, line: Line) -> None:
        """Write a line; it would survive a power cut when this returns."""
        with (self.policies / FITS).open("ab") as file:
            file.write(msgspec.json.encode(line) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._take(line)

    def suspected(self) -> set[tuple[str, str]]:
        """Episodes with the revisions that no fit is to draw from any more."""
        found = [record.suspected for record in self.records.values()]
        return {pair for each in found if each for pair in each.revisions.items()}

    def next_fit(self) -> int:
        """The number of the next fit."""
        return max(self.records, default=-1) + 1

    def _take(self, line: Line) -> None:
        self.lines += 1
        if isinstance(line, Begun):
            self.records[line.fit] = Record(line)
        elif (record := self.records.get(line.fit)) is not None:
            match line:
                case Widened():
                    record = replace(record, widened=(*record.widened, line))
                case Dropped():
                    record = replace(record, dropped=line)
                case Suspected():
                    record = replace(record, suspected=line)
            self.records[line.fit] = record


def seed_of(session_seed: int, fit: int) -> int:
    """The seed of a fit: 63 bits that follow from the session's seed and the fit's number."""
    content = f"{session_seed}:{fit}".encode()
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "little") >> 1
