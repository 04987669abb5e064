"""All that the time line shows of a clip, made once."""

from dataclasses import dataclass

import numpy as np

from gui.review.player.marks import Mark, marks_of
from gui.review.player.moments import times_of
from gui.review.player.runs import changes, lead_of, runs
from gui.review.values import ClipTrack
from gui.view import Lead
from recorder.labels import Label
from teleop.messages import Arm


@dataclass(frozen=True)
class LeadSpan:
    """Seconds in which one leads."""

    begin_s: float
    end_s: float
    lead: Lead


@dataclass(frozen=True)
class LabelSpan:
    """Seconds of one label that is worth a word."""

    begin_s: float
    end_s: float
    label: Label


@dataclass(frozen=True)
class VersionMark:
    """A policy version proposes from here on."""

    at_s: float
    version: int


@dataclass(frozen=True)
class Line:
    """A clip as the time line draws it; pairs are one each arm."""

    length_s: float
    leads: tuple[tuple[LeadSpan, ...], tuple[LeadSpan, ...]]
    labels: tuple[tuple[LabelSpan, ...], tuple[LabelSpan, ...]]
    versions: tuple[VersionMark, ...]
    marks: tuple[Mark, ...]
    changes_s: tuple[float, ...]


EMPTY = Line(0.0, ((), ()), ((), ()), (), (), ())
WITH_WORDS = frozenset(Label) - {Label.ROLLOUT, Label.HOLD}


def line_of(track: ClipTrack) -> Line:
    """Make the time line of a clip."""
    if not len(track.stamps_ns):
        return EMPTY
    times_s = times_of(track.stamps_ns)
    ends_s = np.concatenate((times_s[1:], times_s[-1:]))

    def leads(arm: Arm) -> tuple[LeadSpan, ...]:
        return tuple(
            LeadSpan(
                float(times_s[run.start]),
                float(ends_s[run.stop - 1]),
                lead_of(track.mode_names[run.code]),
            )
            for run in runs(track.modes[:, arm])
        )

    def labels(arm: Arm) -> tuple[LabelSpan, ...]:
        return tuple(
            LabelSpan(float(times_s[run.start]), float(ends_s[run.stop - 1]), Label(run.code))
            for run in runs(track.labels[:, arm])
            if run.code in WITH_WORDS
        )

    return Line(
        float(times_s[-1]),
        (leads(Arm.LEFT), leads(Arm.RIGHT)),
        (labels(Arm.LEFT), labels(Arm.RIGHT)),
        tuple(VersionMark(float(times_s[run.start]), run.code) for run in runs(track.version)),
        marks_of(track),
        tuple(dict.fromkeys(float(times_s[each.row]) for each in changes(track))),
    )
