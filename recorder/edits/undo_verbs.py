"""`nudge record undo`, and `edits`, which lists what can be taken back."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
import tyro

from recorder.edits.edit import Entry, Undo, undone
from recorder.edits.session_views import SessionViews
from recorder.edits.telling import log_lines
from recorder.edits.verb_parts import EditOptions, carry_out, views_of
from teleop.cli_options import parse
from teleop.errors import EpisodeError


@dataclass(frozen=True)
class EditsTold:
    """What `nudge record edits --json` prints.

    Attributes:
        undone: by the number of an edit that does not count: that of the undo.
    """

    edits: tuple[Entry, ...]
    undone: dict[int, int]
    trouble: tuple[str, ...]


@dataclass(frozen=True)
class UndoOptions(EditOptions):
    """Which edit."""

    number: Annotated[tyro.conf.Positional[int], tyro.conf.arg(metavar="[NUMBER]")] = 0
    """of the edit, as `nudge record edits` lists it; the last one that counts if not given"""


def undo(arguments: list[str]) -> int:
    """Take an edit back; that is an edit as well, and can be taken back."""
    options = parse(
        UndoOptions,
        arguments,
        prog="nudge record undo",
        description="Take an edit back. That is an edit as well, and can be taken back.",
    )
    views = views_of(options.session)
    number = options.number or _last_counting(views)
    return carry_out(options, views, Undo(number))


def _last_counting(views: SessionViews) -> int:
    gone = undone(views.log.entries)
    counting = [
        entry.number
        for entry in views.log.entries
        if entry.number not in gone and not isinstance(entry.edit, Undo)
    ]
    if not counting:
        raise EpisodeError("There is no edit to take back.")
    return counting[-1]


@dataclass(frozen=True)
class EditsOptions:
    """Which session, and how to print."""

    session: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="SESSION")]
    """a session folder"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


def edits(arguments: list[str]) -> int:
    """List what was edited, by numbers for undo."""
    options = parse(
        EditsOptions,
        arguments,
        prog="nudge record edits",
        description="List what was edited, by the numbers that undo takes.",
    )
    views = views_of(options.session)
    if options.json:
        told = EditsTold(views.log.entries, undone(views.log.entries), views.trouble)
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
    else:
        sys.stdout.write("\n".join(log_lines(views)) + "\n")
    return 1 if views.trouble else 0
