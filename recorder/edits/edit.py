"""What can be done to recorded episodes afterwards.

Every edit names rows of the recording, never rows of what an earlier edit left: an edit means the
same whatever is undone around it. Rows are half open, `start` up to but not including `stop`.
"""

from collections.abc import Iterable

import msgspec

from recorder.labels import Label
from teleop.messages import Arm, Outcome


class Span(msgspec.Struct, frozen=True):
    """Rows of one recorded episode."""

    episode: str  # its name
    start: int
    stop: int


class Trim(msgspec.Struct, frozen=True, tag="trim"):
    """Rows of a clip are left out."""

    clip: str
    out: tuple[Span, ...]


class RelabelOutcome(msgspec.Struct, frozen=True, tag="outcome"):
    """A clip went otherwise than was recorded; DISCARDED: nobody is to learn from it."""

    clip: str
    outcome: Outcome


class RelabelInstruction(msgspec.Struct, frozen=True, tag="instruction"):
    """A clip shows something else than was said."""

    clip: str
    instruction: str


class RelabelRows(msgspec.Struct, frozen=True, tag="label"):
    """What an arm did in some rows is good for something else."""

    clip: str
    rows: tuple[Span, ...]
    arms: tuple[Arm, ...]
    label: Label


class Split(msgspec.Struct, frozen=True, tag="split"):
    """A clip becomes two; `row` of `episode` is the first of the second one."""

    clip: str
    episode: str
    row: int


class Merge(msgspec.Struct, frozen=True, tag="merge"):
    """Several clips become one, in the order in which they were recorded."""

    clips: tuple[str, ...]


class Undo(msgspec.Struct, frozen=True, tag="undo"):
    """An earlier edit does not count; if that is an undo, what it took back counts again."""

    number: int


Edit = Trim | RelabelOutcome | RelabelInstruction | RelabelRows | Split | Merge | Undo


class Entry(msgspec.Struct, frozen=True):
    """An edit in the log.

    Attributes:
        number: by which it is undone, from 1 on.
        epoch_ns: when, by the wall clock.
        edit: what.
        uids: of the recorded episodes it is about, by name; where one is empty, it is of a
            version that had none.
    """

    number: int
    epoch_ns: int
    edit: Edit
    uids: dict[str, str] = {}


def undone(entries: Iterable[Entry]) -> dict[int, int]:
    """The numbers of the entries that do not count, each with that of the undo that took it back.

    An undo that was itself undone takes nothing back.
    """
    found: dict[int, int] = {}
    for entry in sorted(entries, key=lambda each: each.number, reverse=True):
        if isinstance(entry.edit, Undo) and entry.number not in found:
            found.setdefault(entry.edit.number, entry.number)
    return found


def counting(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries that count: neither undone nor undoing, oldest first."""
    known = tuple(entries)
    gone = undone(known)
    return tuple(
        entry for entry in known if entry.number not in gone and not isinstance(entry.edit, Undo)
    )


def clips_of(edit: Edit) -> tuple[str, ...]:
    """The clips that an edit names."""
    match edit:
        case Merge():
            return edit.clips
        case Undo():
            return ()
        case _:
            return (edit.clip,)


def sentence(edit: Edit) -> str:
    """What an edit does, for people."""
    match edit:
        case Trim():
            rows = sum(span.stop - span.start for span in edit.out)
            return f"leaves {rows} rows out of {edit.clip}"
        case RelabelOutcome(outcome=Outcome.DISCARDED):
            return f"discards {edit.clip}"
        case RelabelOutcome():
            return f"calls {edit.clip} {edit.outcome}"
        case RelabelInstruction():
            return f"gives {edit.clip} the instruction {edit.instruction!r}"
        case RelabelRows():
            rows = sum(span.stop - span.start for span in edit.rows)
            arms = " and ".join(arm.name.lower() for arm in edit.arms)
            return f"labels {rows} rows of {edit.clip} ({arms}) {edit.label.name.lower()}"
        case Split():
            return f"splits {edit.clip} at row {edit.row} of {edit.episode}"
        case Merge():
            return f"merges {', '.join(edit.clips)}"
        case Undo():
            return f"takes edit {edit.number} back"
