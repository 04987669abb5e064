"""What an operator asks to be edited, and the edit of the log that it is. Pure.

Rows are those of the clip as the player shows it; the edit names the recorded rows behind them, so
it means the same whatever others edited meanwhile.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gui.review.values import ClipTrack
from recorder.edits.edit import (
    Edit,
    Entry,
    RelabelInstruction,
    RelabelOutcome,
    RelabelRows,
    Span,
    Trim,
    Undo,
    counting,
    undone,
)
from recorder.labels import Label
from teleop.errors import EpisodeError
from teleop.messages import Arm, Outcome


@dataclass(frozen=True)
class Rows:
    """Rows of a clip, half open."""

    start: int
    stop: int


@dataclass(frozen=True)
class NewLabel:
    """Another label for arms in rows of a clip."""

    rows: Rows
    arms: tuple[Arm, ...]
    label: Label


def recorded_spans(track: ClipTrack, rows: Rows) -> tuple[Span, ...]:
    """The recorded rows behind rows of a clip, in runs that follow each other."""
    start, stop = max(rows.start, 0), min(rows.stop, len(track.rows))
    if start >= stop:
        return ()
    own, which = track.rows[start:stop], track.recording[start:stop]
    breaks = np.flatnonzero((np.diff(own) != 1) | (np.diff(which) != 0)) + 1
    edges = [0, *breaks.tolist(), stop - start]
    return tuple(
        Span(track.recordings[int(which[begin])], int(own[begin]), int(own[end - 1]) + 1)
        for begin, end in pairwise(edges)
    )


def keep(track: ClipTrack, rows: Rows, nothing_left_out: str) -> Edit:
    """Leave out everything but `rows`.

    Raises:
        EpisodeError: `nothing_left_out`, where the rows are the whole clip.
    """
    before, after = Rows(0, rows.start), Rows(rows.stop, len(track.rows))
    out = (*recorded_spans(track, before), *recorded_spans(track, after))
    if not out:
        raise EpisodeError(nothing_left_out)
    return Trim(track.row.name, out)


def cut_out(track: ClipTrack, rows: Rows, no_rows: str) -> Edit:
    """Leave `rows` out.

    Raises:
        EpisodeError: `no_rows`, where there is none.
    """
    out = recorded_spans(track, rows)
    if not out:
        raise EpisodeError(no_rows)
    return Trim(track.row.name, out)


def relabelled(track: ClipTrack, asked: NewLabel, no_rows: str) -> Edit:
    """Give rows another label.

    Raises:
        EpisodeError: `no_rows`, where there is none.
    """
    spans = recorded_spans(track, asked.rows)
    if not spans:
        raise EpisodeError(no_rows)
    return RelabelRows(track.row.name, spans, asked.arms, asked.label)


def with_outcome(clip: str, outcome: Outcome) -> Edit:
    """Say that a clip ended otherwise."""
    return RelabelOutcome(clip, outcome)


def with_instruction(clip: str, instruction: str) -> Edit:
    """Say that a clip shows something else."""
    return RelabelInstruction(clip, instruction)


def undo_of(entries: tuple[Entry, ...], number: int, none_left: str) -> Undo:
    """Take an edit back; 0: the last one that counts.

    Raises:
        EpisodeError: `none_left`, where nothing counts.
    """
    if number:
        return Undo(number)
    left = counting(entries)
    if not left:
        raise EpisodeError(none_left)
    return Undo(left[-1].number)


def undone_by(entries: tuple[Entry, ...]) -> dict[int, int]:
    """The numbers of edits that do not count, each with that of what took it back."""
    return undone(entries)
