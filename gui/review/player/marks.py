"""What happened in a clip, as marks for the time line: from its rows, and what was recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from gui.review.player.moments import gaps, moments, times_of
from gui.review.player.runs import changes, runs
from gui.review.values import ClipTrack
from gui.texts import player as texts
from teleop.messages import Arm, Array
from teleop.stream_messages import EventKind

CLOSED, OPEN = 0.35, 0.65  # of the way between a clip's least and greatest opening
TRAVEL = 0.15  # of the gripper, below which nothing was gripped
PAUSE_S = 1.0  # the same limit again within it is one mark
TOGETHER_S = 0.3


class Weight(IntEnum):
    """Which mark keeps its words where there is no room for all."""

    SMALL = 0
    PLAIN = 1
    LOSS = 2
    CHANGE = 3


@dataclass(frozen=True)
class Mark:
    """Something at one moment of a clip."""

    at_s: float
    text: str
    weight: Weight
    arm: Arm | None = None


LOSSES = (EventKind.STEPS_LOST, EventKind.IMAGES_LOST, EventKind.SAMPLES_LOST, EventKind.SILENT)
FROM_ROWS = (EventKind.TAKEOVER, EventKind.HAND_BACK)  # also where edits left some out


def marks_of(track: ClipTrack) -> tuple[Mark, ...]:
    """All marks of a clip, oldest first."""
    times_s = times_of(track.stamps_ns)
    found = [
        Mark(
            float(times_s[each.row]),
            texts.change(each.arm, takeover=each.takeover),
            Weight.CHANGE,
            each.arm,
        )
        for each in changes(track)
    ]
    found += _limits(track.limits, times_s)
    for arm in Arm:
        found += _grips(track.opening[:, arm], times_s, arm)
    found += _events(track, times_s)
    found += (
        Mark(
            float(times_s[row]),
            texts.gap(float(track.stamps_ns[row] - track.stamps_ns[row - 1]) / 1e9),
            Weight.LOSS,
        )
        for row in gaps(track.stamps_ns)
    )
    return tuple(sorted(found, key=lambda mark: mark.at_s))


def _events(track: ClipTrack, times_s: Array) -> list[Mark]:
    """What the recorder was told, but for what the rows themselves tell."""
    events = [event for event in track.events if event.kind not in FROM_ROWS]
    if not events or not len(times_s):
        return []
    stamps = [int(track.stamps_ns[0]) + round(event.at_s * 1e9) for event in events]
    at_s = moments(track.stamps_ns, times_s, stamps)
    return [
        Mark(
            float(moment),
            event.text or event.kind.replace("_", " "),
            Weight.LOSS if event.kind in LOSSES else Weight.PLAIN,
            event.arm,
        )
        for event, moment in zip(events, at_s, strict=True)
    ]


def _limits(limits: Sequence[str], times_s: Array) -> list[Mark]:
    """Where limits begin to act; those of one moment are one mark."""
    places: dict[str, int] = {}
    codes = np.array([places.setdefault(text, len(places)) for text in limits], np.int64)
    names = [tuple(filter(None, text.split(", "))) for text in places]
    begun: list[tuple[float, list[str]]] = []
    last: dict[str, float] = {}
    for run in runs(codes):
        at_s = float(times_s[run.start])
        fresh = [name for name in names[run.code] if at_s - last.get(name, -PAUSE_S) >= PAUSE_S]
        last |= dict.fromkeys(names[run.code], float(times_s[run.stop - 1]))
        if fresh and begun and at_s - begun[-1][0] < TOGETHER_S:
            begun[-1][1].extend(fresh)
        elif fresh:
            begun.append((at_s, fresh))
    return [Mark(at_s, texts.limits(fresh), Weight.SMALL) for at_s, fresh in begun]


def _grips(opening: Array, times_s: Array, arm: Arm) -> list[Mark]:
    """Where a gripper closes or opens, by its measured opening, with hysteresis."""
    if not len(opening) or float(np.ptp(opening)) < TRAVEL:
        return []
    least, travel = float(opening.min()), float(np.ptp(opening))
    closed = opening < least + CLOSED * travel
    known = np.flatnonzero(closed | (opening > least + OPEN * travel))
    turned = known[1:][closed[known[1:]] != closed[known[:-1]]]
    return [
        Mark(float(times_s[row]), texts.grip(arm, closed=bool(closed[row])), Weight.PLAIN, arm)
        for row in turned
    ]
