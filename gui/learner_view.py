"""What the window shows of the learning, and the words for it. No Qt, no I/O."""

import math
import statistics
from dataclasses import dataclass

from gui.texts import learner as words
from gui.texts import learning as texts
from teleop.learner_messages import (
    CoachNote,
    CorrectionReport,
    EpisodeReport,
    LearnerState,
    VersionReport,
)
from teleop.serving import Move, way

STATES = {
    None: words.NO_LEARNER,
    LearnerState.STARTING: "starting",
    LearnerState.WAITING: words.WAITING_FOR_CORRECTIONS,
    LearnerState.HEAD_UPDATE: words.UPDATING_THE_HEAD,
    LearnerState.FULL_FIT: words.FITTING_ALL_OF_IT,
    LearnerState.GATE: words.CHECKING_AT_THE_GATE,
    LearnerState.PAUSED: "paused",
}
BUSY = {LearnerState.HEAD_UPDATE, LearnerState.FULL_FIT, LearnerState.GATE}
SPEEDS = {
    "base": words.BASE_POLICY,
    "head": words.PROVISIONAL_HEAD,
    "full": words.FULL_FIT,
    "consolidate": "consolidated",
    "import": "imported",
}
OPERATOR = "operator"  # `Move.by` where a person moved the pointer


@dataclass(frozen=True)
class CoachLine:
    """One coaching note."""

    note: CoachNote
    seen: bool = False  # put away; it stays in the list


@dataclass(frozen=True)
class LearnerView:
    """What the learner does and what is served. Tuples of what came: the newest first."""

    serving: int = -1
    newest: int = -1
    provisional: frozenset[int] = frozenset()
    refused: str = ""  # the gate's sentence about the newest version, where it was refused
    state: LearnerState | None = None
    progress: float = 0.0
    loss_demonstrations: float = float("nan")
    loss_corrections: float = float("nan")
    corrections: int = 0
    demonstrations: int = 0
    message: str = ""
    serving_delays_s: tuple[float, ...] = ()  # from the end of a correction to its version served
    versions: tuple[VersionReport, ...] = ()
    moves: tuple[Move, ...] = ()  # of the serving pointer, the newest last
    changes: tuple[CorrectionReport, ...] = ()  # one for each correction: what came of it
    coaching: tuple[CoachLine, ...] = ()
    episodes: tuple[EpisodeReport, ...] = ()

    @property
    def moved(self) -> Move | None:
        """The last move of the serving pointer."""
        return self.moves[-1] if len(self.moves) > 0 else None

    @property
    def notes_unseen(self) -> tuple[CoachLine, ...]:
        """Coaching that was not put away, the oldest first."""
        return tuple(line for line in reversed(self.coaching) if not line.seen)


def report_of(view: LearnerView, version: int) -> VersionReport | None:
    """Return what is known of `version`."""
    return next((each for each in view.versions if each.version == version), None)


def rollback_target(view: LearnerView) -> int:
    """Return the version that was served before the present one; -1: there is none.

    Where the way is not known it is the newest one before that passed the gate.
    """
    served = [version for version in way(view.moves) if report_of(view, version) is not None]
    if served:
        return served[-2] if len(served) > 1 else -1
    return next(
        (each.version for each in view.versions if each.accepted and each.version < view.serving),
        -1,
    )


def made_text(view: LearnerView, version: int) -> str:
    """Return in words how `version` was made; empty: not known."""
    report = report_of(view, version)
    if report is not None and report.speed:
        return SPEEDS.get(report.speed, report.speed)
    return SPEEDS["head"] if version in view.provisional else ""


def served_text(view: LearnerView) -> str:
    """Return who chose the version that is served, where the operator did."""
    moved = view.moved
    if moved is None or moved.by != OPERATOR or moved.version != view.serving:
        return ""
    return words.ROLLED_BACK_BY_YOU if moved.version < moved.before else words.CHOSEN_BY_YOU


def awaited_text(view: LearnerView) -> str:
    """Return the version that the operator chose, while it waits for a safe moment."""
    moved = view.moved
    if moved is None or moved.by != OPERATOR or moved.version == view.serving:
        return ""
    return words.follows(moved.version)


def serving_text(view: LearnerView) -> str:
    """Return the serving version, how it was made, who chose it, and what follows it."""
    if view.serving < 0:
        pointer = view.moved
        return texts.NO_POLICY if pointer is None else texts.to_be_served(pointer.version)
    words = (
        f"v{view.serving}",
        made_text(view, view.serving),
        served_text(view),
        awaited_text(view),
    )
    return " · ".join(filter(None, words))


def version_text(view: LearnerView, version: int) -> str:
    """Return a version's name, with its tag while only its head is fitted."""
    if version < 0:
        return "—"
    return words.provisional(version) if version in view.provisional else f"v{version}"


def newest_text(view: LearnerView) -> str:
    """Return what to say of the newest version beside the serving one."""
    if view.newest < 0 or view.newest == view.serving:
        return words.IS_THE_NEWEST if view.serving >= 0 else ""
    report = report_of(view, view.newest)
    refused = " refused" if report is not None and not report.accepted else ""
    return words.newest(version_text(view, view.newest), refused)


def loss_text(loss: float) -> str:
    """Return a loss in three digits; NaN, and less than nothing, is not measured yet."""
    return "—" if math.isnan(loss) or loss < 0 else f"{loss:.3g}"


def error_text(error: float) -> str:
    """Return an error for a table; as `loss_text`, but all of one length."""
    return "—" if math.isnan(error) or error < 0 else f"{error:.3f}"


def seconds_text(seconds: float) -> str:
    """Return a duration for a table; less than nothing is not known."""
    if seconds < 0 or math.isnan(seconds):
        return "—"
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    return words.minutes_old(minutes) if minutes < 100 else f"{minutes / 60:.0f} h"


def loss_of(report: VersionReport, stratum: str) -> float:
    """Return a version's error on one kind of rows; NaN: not measured."""
    found = (each.error for each in report.losses if each.stratum == stratum)
    return next(found, float("nan"))


def delays_text(view: LearnerView) -> str:
    """Return the corrections so far, and how long one took to be served."""
    learned = max((len(each.corrections) for each in view.versions), default=0)
    corrections = max(view.corrections, learned)
    count = words.correction(corrections, "" if corrections == 1 else "s")
    delays = view.serving_delays_s or published_after_s(view)
    if not delays:
        return count
    done = "served" if view.serving_delays_s else "published"
    median = statistics.median(delays)
    return words.delays_told(count, done, delays[-1], median)


def published_after_s(view: LearnerView) -> tuple[float, ...]:
    """From a correction's end to the version learned from it, the newest last; from the files."""
    return tuple(
        each.seconds_from_handback
        for each in reversed(view.versions)
        if each.accepted and each.seconds_from_handback >= 0.0
    )


def state_text(view: LearnerView) -> str:
    """Return what the learner is at, with its progress."""
    words = STATES[view.state]
    return f"{words} {100 * view.progress:.0f} %" if view.state in BUSY else words


def episode_text(name: str) -> str:
    """Return an episode's name as it is printed: `episode_00012` is episode 12."""
    number = name.removeprefix("episode_")
    return words.episode(int(number)) if number.isdecimal() else name
