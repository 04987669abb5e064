"""What the learner does next. A pure decision.

A correction comes before all that is in the background: a quick fit preempts a full one, which is
paused and then goes on with what it has.
"""

from dataclasses import dataclass
from enum import StrEnum


class Task(StrEnum):
    """One thing to do."""

    NOTHING = "NOTHING"
    FINISH_QUICK = "FINISH_QUICK"  # one that was begun
    UNLEARN = "UNLEARN"  # from a version that never learned what was taken back
    CATCH_UP = "CATCH_UP"  # from a full version that lacks the last corrections
    QUICK = "QUICK"
    GO_ON = "GO_ON"  # with the fit in the background
    CONSOLIDATE = "CONSOLIDATE"
    FULL = "FULL"


@dataclass(frozen=True)
class Due:
    """What there is to do."""

    paused: bool = False
    quick_running: bool = False
    taken_back: bool = False  # something the serving version has learned is no longer so
    behind: bool = False  # a full version stands ready, but for the last corrections
    fresh: bool = False  # corrections that no fit has drawn from
    running: bool = False  # a fit in the background
    consolidate: bool = False  # asked for, or left to do after something was taken back
    full: bool = False
    exercise: bool = False


def next_task(due: Due) -> Task:
    """The first of these that applies."""
    order = (
        (due.paused, Task.NOTHING),
        (due.quick_running, Task.FINISH_QUICK),
        (due.taken_back, Task.UNLEARN),
        (due.fresh, Task.QUICK),
        (due.behind, Task.CATCH_UP),
        (due.running, Task.GO_ON),
        (due.consolidate, Task.CONSOLIDATE),
        (due.full or due.exercise, Task.FULL),
    )
    return next((task for applies, task in order if applies), Task.NOTHING)
