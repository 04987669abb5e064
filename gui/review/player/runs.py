"""What of a clip changes seldom, as runs of rows: who leads an arm, labels, policy versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gui.review.values import ClipTrack
from gui.view import Lead
from teleop.messages import Arm, Mode

LEAD_OF = {
    Mode.POLICY: Lead.POLICY,
    Mode.OPERATOR: Lead.OPERATOR,
    Mode.HOLD: Lead.HOLD,
    Mode.REWIND: Lead.REWIND,
}
BEFORE_CORRECTION_S = 1.0
NEAR_S = 0.02  # a jump to what comes next does not stay where it is


@dataclass(frozen=True)
class Run:
    """Rows `start` up to but not including `stop` that share a code."""

    start: int
    stop: int
    code: int


def runs(codes: NDArray[np.integer]) -> tuple[Run, ...]:
    """The runs of equal codes (T,), in order."""
    if not len(codes):
        return ()
    starts = np.concatenate(([0], np.flatnonzero(np.diff(codes)) + 1))
    stops = np.concatenate((starts[1:], [len(codes)]))
    return tuple(
        Run(int(start), int(stop), int(codes[start]))
        for start, stop in zip(starts, stops, strict=True)
    )


def lead_of(name: str) -> Lead:
    """Who leads in a recorded mode; a mode of a newer program: nobody known."""
    return LEAD_OF.get(Mode(name), Lead.NO_DATA) if name in tuple(Mode) else Lead.NO_DATA


@dataclass(frozen=True)
class Change:
    """A takeover or a hand-back."""

    row: int
    arm: Arm
    takeover: bool


def changes(track: ClipTrack) -> tuple[Change, ...]:
    """Takeovers and hand-backs of both arms, oldest first.

    A hold, and a rewind, belongs to whoever drove before it.
    """
    found: list[Change] = []
    for arm in Arm:
        for one, other in _driven(track, arm):
            taken = track.mode_names[other.code] == Mode.OPERATOR
            if track.mode_names[one.code] != track.mode_names[other.code]:
                found.append(Change(other.start, arm, taken))
    return tuple(sorted(found, key=lambda change: (change.row, change.arm)))


def _driven(track: ClipTrack, arm: Arm) -> Sequence[tuple[Run, Run]]:
    """Runs of policy or operator, each with the next one."""
    leading = [
        run
        for run in runs(track.modes[:, arm])
        if track.mode_names[run.code] in (Mode.POLICY, Mode.OPERATOR)
    ]
    return list(pairwise(leading))


def next_change(times_s: Sequence[float], at_s: float, way: int) -> float | None:
    """The nearest of rising `times_s` after (1) or before (-1) `at_s`."""
    if way > 0:
        return next((each for each in times_s if each > at_s + NEAR_S), None)
    return next((each for each in reversed(times_s) if each < at_s - NEAR_S), None)
