"""From finished pieces to the rows of the table: means over the seeds, and how far they spread."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from learner.bench_learner.pieces import Base, Cell, Point
from learner.bench_learner.pieces import Sequence as Session

GOAL = 0.95
AFTER = (5, 10, 30)


@dataclass(frozen=True)
class Spread:
    """Over seeds: the mean, and the standard deviation (0 of a single one)."""

    mean: float
    spread: float


@dataclass(frozen=True)
class Row:
    """One method on one shift. None: the sessions were not that long, or none got there.

    Attributes:
        seeds: sessions that the row is of.
        base, after_5, after_10, after_30: success. A session that ended before that many
            corrections, because the policy needed no more, counts with its last version.
        settled: success once the learner has finished what it was at after the last correction.
        near_change, held_out_change: of success, on the distribution the base was taught on and
            on the shifts that were not corrected.
        corrections_to_95: the fewest after which an evaluated version had 0.95, of the sessions
            that got there; `reached_95` says what share did.
        made: corrections that were made.
        fit_seconds_p50: from the end of an episode's file to the version that learned from it.
        refused: versions turned down by the gate, a session.
    """

    method: str
    shift: str
    seeds: int
    base: Spread
    after_5: Spread | None
    after_10: Spread | None
    after_30: Spread | None
    settled: Spread | None
    near_change: Spread
    held_out_change: Spread
    corrections_to_95: Spread | None
    reached_95: float
    made: Spread
    operator_seconds: Spread
    fit_seconds_p50: Spread | None
    refused: Spread


@dataclass(frozen=True)
class SequenceRow:
    """One shift in the sessions that went through all shifts.

    Attributes:
        before, own, end: success when its turn began, when it was over, when all were over.
        near_change: over the whole session, on the distribution the base was taught on.
    """

    method: str
    shift: str
    seeds: int
    before: Spread
    own: Spread
    end: Spread
    made: Spread
    near_change: Spread


def spread(values: Iterable[float | None]) -> Spread | None:
    """Of the values that are there; None if there are none."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    deviation = statistics.stdev(known) if len(known) > 1 else 0.0
    return Spread(round(statistics.fmean(known), 4), round(deviation, 4))


def after(curve: Sequence[Point], corrections: int, most: int) -> float | None:
    """Success after so many corrections.

    Args:
        curve: of one session, from 0 corrections on.
        corrections: how many.
        most: the session would have gone on to this many.
    """
    if corrections > most:
        return None
    return [point.success for point in curve if point.corrections <= corrections][-1]


def corrections_to(curve: Sequence[Point], goal: float = GOAL) -> int | None:
    """The fewest corrections after which success reached the goal."""
    return next((point.corrections for point in curve if point.success >= goal), None)


def row_of(cells: Sequence[Cell], most: int) -> Row:
    """The row of the sessions of one method on one shift; there is at least one."""
    goals = [corrections_to(cell.curve) for cell in cells]
    fits = [statistics.median(cell.fit_s) if cell.fit_s else None for cell in cells]
    five, ten, thirty = (spread(after(cell.curve, n, most) for cell in cells) for n in AFTER)
    return Row(
        method=cells[0].method,
        shift=cells[0].shift,
        seeds=len(cells),
        base=_spread(cell.curve[0].success for cell in cells),
        after_5=five,
        after_10=ten,
        after_30=thirty,
        settled=spread(cell.settled for cell in cells),
        near_change=_spread(cell.near_change for cell in cells),
        held_out_change=_spread(cell.held_out_change for cell in cells),
        corrections_to_95=spread(goals),
        reached_95=round(sum(goal is not None for goal in goals) / len(goals), 4),
        made=_spread(cell.made for cell in cells),
        operator_seconds=_spread(cell.operator_s for cell in cells),
        fit_seconds_p50=spread(fits),
        refused=_spread(cell.refused for cell in cells),
    )


def sequence_rows(sessions: Sequence[Session]) -> list[SequenceRow]:
    """The rows of one method's sessions through all shifts; there is at least one."""
    near = _spread(session.near_change for session in sessions)
    rows: list[SequenceRow] = []
    for index, first in enumerate(sessions[0].turns):
        turns = [session.turns[index] for session in sessions]
        rows.append(
            SequenceRow(
                method=sessions[0].method,
                shift=first.shift,
                seeds=len(sessions),
                before=_spread(turn.before for turn in turns),
                own=_spread(turn.own for turn in turns),
                end=_spread(turn.end for turn in turns),
                made=_spread(turn.made for turn in turns),
                near_change=near,
            )
        )
    return rows


def change(before: Base, after: Sequence[bool]) -> float:
    """Of success, on the scenes that were evaluated afterwards."""
    return sum(after) / len(after) - before.rate(len(after))


def _spread(values: Iterable[float]) -> Spread:
    found = spread(values)
    return found or Spread(0.0, 0.0)
