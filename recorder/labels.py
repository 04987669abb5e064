"""What each recorded row is, per arm: derived from who drove, stored beside it.

A takeover starts an intervention; it lasts until the policy drives that arm again. An arm that
holds in between, because the device fell silent, is not handed back (DESIGN section 6, rule 1).
The last second before a takeover, or before the rewind that led to it, is what the operator
reacted to: the policy's mistake, kept out of imitation. Separating these rows follows Sirius (Liu
et al., RSS 2023).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from teleop.messages import Arm, Mode

PRE_INTERVENTION_S = 1.0
RECOVERY_S = 1.0

MODES = tuple(Mode)  # a mode's place is its code in the files
POLICY, OPERATOR, HOLD, REWIND = (
    MODES.index(mode) for mode in (Mode.POLICY, Mode.OPERATOR, Mode.HOLD, Mode.REWIND)
)


class Label(IntEnum):
    """What one arm's part of a row is good for."""

    ROLLOUT = 0  # the policy drives
    DEMONSTRATION = 1  # the operator drives, and no policy was asked
    PRE_INTERVENTION = 2  # the policy drives, and is about to be corrected
    INTERVENTION = 3  # the operator drives
    RECOVERY = 4  # the policy drives again, just after a hand-back
    HOLD = 5  # neither drives; also a rewind


@dataclass(frozen=True)
class Intervention:
    """One arm in the operator's hand, rows `takeover` up to but not including `end`."""

    arm: Arm
    takeover: int  # row
    end: int  # row of the hand-back, or one past the last row
    handed_back: bool  # False: the episode ended first


def interventions(modes: NDArray[np.integer]) -> tuple[Intervention, ...]:
    """Return the interventions of both arms in the order of their takeovers.

    Args:
        modes: (N, 2), codes of `MODES`.
    """
    found: list[Intervention] = []
    for arm in Arm:
        column = modes[:, arm]
        # A hold, and a rewind, belongs to whoever drove before it.
        rows = np.flatnonzero((column == POLICY) | (column == OPERATOR))
        operated = np.concatenate(([False], column[rows] == OPERATOR, [False]))
        starts = np.flatnonzero(operated[1:] & ~operated[:-1])
        ends = np.flatnonzero(~operated[1:] & operated[:-1])
        for start, end in zip(starts, ends, strict=True):
            back = bool(end < len(rows))
            last = int(rows[end]) if back else len(column)
            found.append(Intervention(arm, int(rows[start]), last, back))
    return tuple(sorted(found, key=lambda each: (each.takeover, each.arm)))


def takeovers(found: Sequence[Intervention]) -> int:
    """How often the operator took over; both arms at the same time count once.

    Args:
        found: in the order of their takeovers.
    """
    count, until = 0, -1
    for each in found:
        count += each.takeover >= until
        until = max(until, each.end)
    return count


def _rewound_from(modes: NDArray[np.integer], takeover: int) -> int:
    """The row that the takeover answers: where the rewind began, if one led to it."""
    row = takeover
    while row > 0 and modes[row - 1] in (HOLD, REWIND):
        row -= 1
    return row if (modes[row:takeover] == REWIND).any() else takeover


def label_rows(
    modes: NDArray[np.integer], stamp_ns: NDArray[np.int64], demonstration: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """Return the label of every row and arm, (N, 2), codes of `Label`.

    Args:
        modes: (N, 2), codes of `MODES`.
        stamp_ns: (N,), rising.
        demonstration: (N,), rows recorded without a policy.
    """
    labels = np.full(modes.shape, Label.ROLLOUT, dtype=np.int8)
    labels[modes == OPERATOR] = Label.INTERVENTION
    found = interventions(modes)
    for each in found:
        if each.handed_back:
            end_ns = stamp_ns[each.end] + round(RECOVERY_S * 1e9)
            until = int(np.searchsorted(stamp_ns, end_ns))
            labels[each.end : until, each.arm] = Label.RECOVERY
    for each in found:  # after the recoveries: what led to a takeover was no recovery
        failed = _rewound_from(modes[:, each.arm], each.takeover)
        start_ns = stamp_ns[failed] - round(PRE_INTERVENTION_S * 1e9)
        since = int(np.searchsorted(stamp_ns, start_ns))
        labels[since:failed, each.arm] = Label.PRE_INTERVENTION
    labels[modes == OPERATOR] = Label.INTERVENTION
    labels[demonstration] = Label.DEMONSTRATION
    labels[(modes == HOLD) | (modes == REWIND)] = Label.HOLD
    return labels
