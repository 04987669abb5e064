"""Demonstrations counted: for the target of an instruction, and of each operator. Pure."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, replace

from gui.demonstrate.plan import Made
from teleop.messages import Outcome


@dataclass(frozen=True)
class Demonstration:
    """One recorded demonstration, after all edits.

    Attributes:
        name: what it is called in its session.
        operator_s: in which the operator drove.
    """

    name: str
    episode: int
    operator: str
    instruction: str
    outcome: Outcome
    duration_s: float
    operator_s: float


@dataclass(frozen=True)
class Recorded:
    """What the files hold.

    Attributes:
        session: of the session that the window is open on, oldest first.
        episodes: numbers of all its recorded episodes, which what was seen live is no news of.
        today: those of them that are of today.
        elsewhere: of today too, of the other sessions in the same folder.
    """

    session: tuple[Demonstration, ...] = ()
    episodes: frozenset[int] = frozenset()
    today: tuple[Demonstration, ...] = ()
    elsewhere: tuple[Demonstration, ...] = ()


@dataclass(frozen=True)
class OperatorRow:
    """One operator's demonstrations; what was discarded counts for nothing but itself."""

    operator: str
    episodes: int
    successes: int
    median_s: float
    operator_s: float
    discards: int


def with_live(
    recorded: tuple[Demonstration, ...],
    known: frozenset[int],
    made: tuple[Made, ...],
    taken_back: int = -1,
) -> tuple[Demonstration, ...]:
    """The recorded demonstrations, and those that ended since the files were read.

    Args:
        recorded: by the files.
        known: numbers of all episodes in them.
        made: as they were seen.
        taken_back: number of one that is being discarded.
    """
    recorded = tuple(
        replace(each, outcome=Outcome.DISCARDED) if each.episode == taken_back else each
        for each in recorded
    )
    live = (
        Demonstration(
            "", each.episode, each.operator, each.instruction, each.outcome, each.duration_s,
            each.duration_s,
        )
        for each in made
        if each.episode not in known
    )  # fmt: skip
    return (*recorded, *live)


def counted(demonstrations: Iterable[Demonstration], instruction: str) -> int:
    """How many of that instruction succeeded."""
    return sum(
        each.outcome is Outcome.SUCCESS and each.instruction == instruction
        for each in demonstrations
    )


def newest_kept(demonstrations: Iterable[Demonstration]) -> int:
    """The number of the newest one that counts for something, -1: there is none."""
    kept = (each.episode for each in demonstrations if each.outcome is not Outcome.DISCARDED)
    return max(kept, default=-1)


def rows_of(demonstrations: Iterable[Demonstration]) -> tuple[OperatorRow, ...]:
    """A row for each operator, the busiest first."""
    grouped: dict[str, list[Demonstration]] = {}
    for each in demonstrations:
        grouped.setdefault(each.operator, []).append(each)
    rows = (_row(operator, theirs) for operator, theirs in grouped.items())
    return tuple(sorted(rows, key=lambda row: (-row.episodes, row.operator)))


def _row(operator: str, theirs: list[Demonstration]) -> OperatorRow:
    kept = [each for each in theirs if each.outcome is not Outcome.DISCARDED]
    return OperatorRow(
        operator=operator,
        episodes=len(kept),
        successes=sum(each.outcome is Outcome.SUCCESS for each in kept),
        median_s=statistics.median([each.duration_s for each in kept]) if kept else 0.0,
        operator_s=sum(each.operator_s for each in kept),
        discards=len(theirs) - len(kept),
    )
