"""What an operator could do better, from corrected episodes: pure functions of the recorded rows.

A note is for a person at work: it names one thing and says what to do. Better none than a wrong
one; the limits below lie beyond everything that an honest scripted operator does.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recorder.episode_data import EpisodeData
from recorder.labels import POLICY, Intervention, interventions
from teleop.learner_messages import Coaching, CoachNote
from teleop.messages import Arm, Array, Outcome
from teleop.stream_messages import EventKind
from teleop.takeover_messages import NoticeKind

SCORE_LEFT = 0.8  # of the score at which the operator was called: below it the call is over


@dataclass(frozen=True)
class CoachConfig:
    """From where on a correction is worth a note."""

    force_n: float = 8.0
    """a force that a person sees as pressing"""
    pressed_s: float = 3.0
    """of it before a takeover"""
    stuck_m: float = 0.002
    """what a person sees as no progress"""
    stuck_s: float = 6.0
    """of no progress before a takeover"""
    called_s: float = 5.0
    """from a call for help that stood until the takeover"""
    overlong_s: float = 15.0
    """of one correction"""
    gripper_events: int = 6
    """of all corrections, from which on their balance counts"""
    gripper_share: float = 0.2
    """of them that the rarer kind must have"""
    gripper_each: int = 4
    """events in one correction that are too many"""


@dataclass(frozen=True)
class GripperCount:
    """What the operator made a gripper do during corrections."""

    opened: int = 0
    closed: int = 0

    def __add__(self, other: "GripperCount") -> "GripperCount":
        return GripperCount(self.opened + other.opened, self.closed + other.closed)


def notes_on(
    name: str, episode: EpisodeData, config: CoachConfig | None = None
) -> tuple[CoachNote, ...]:
    """What there is to say of the corrections in one episode; at most one note of a kind.

    Args:
        name: of the episode, as the operator sees it.
        episode: its rows; a demonstration has no corrections.
        config: limits.

    Raises:
        EpisodeIncomplete: what it needs of the episode is damaged.
    """
    config = config or CoachConfig()
    if episode.header.demonstration or len(episode) == 0:
        return ()
    found = interventions(episode.column("modes"))
    stamps_ns: NDArray[np.int64] = episode.column("stamp_ns")
    notes: dict[Coaching, CoachNote] = {}
    for each in found:
        stamp_ns = int(stamps_ns[each.takeover])
        for kind, sentence in (
            (Coaching.LATE, _late(episode, each, config)),
            (Coaching.OVERLONG, _overlong(episode, each, config)),
            (Coaching.GRIPPER, _fidgeted(episode, each, config)),
        ):
            if sentence:
                notes.setdefault(kind, CoachNote(stamp_ns, kind, name, sentence))
    if found and episode.header.outcome is Outcome.FAIL:
        note = CoachNote(int(stamps_ns[-1]), Coaching.IN_VAIN, name, _IN_VAIN)
        notes[Coaching.IN_VAIN] = note
    return tuple(notes.values())


_IN_VAIN = (
    "The episode failed, so what you did in it hardly counts. Stay until it goes well; if it did "
    "succeed, relabel it in Review."
)


def _late(episode: EpisodeData, each: Intervention, config: CoachConfig) -> str:
    arm = each.arm.name.lower()
    pressed_s = _pressed_s(episode, each, config)
    if pressed_s > config.pressed_s:
        return (
            f"The {arm} arm had pressed with more than {config.force_n:.0f} N for "
            f"{pressed_s:.0f} s. Take over as soon as it presses without getting on."
        )
    called_s = _called_s(episode, each)
    if called_s > config.called_s:
        return (
            f"You were called {called_s:.0f} s before you took the {arm} arm over. Take over "
            f"at the call, or allow fewer calls."
        )
    stuck_s = _stuck_s(episode, each, config)
    if stuck_s > config.stuck_s:
        return (
            f"The arms had made no progress for {stuck_s:.0f} s. Take over as soon as the "
            f"policy hesitates; it learns from where you begin."
        )
    return ""


def _seconds_of_last(episode: EpisodeData, each: Intervention, true: NDArray[np.bool_]) -> float:
    """For how long `true` held without a break in the rows up to the takeover."""
    stamps_ns = episode.column("stamp_ns")
    held = true[: each.takeover]
    breaks = np.flatnonzero(~held)
    first = int(breaks[-1]) + 1 if len(breaks) else 0
    return float(stamps_ns[each.takeover] - stamps_ns[first]) * 1e-9


def _pressed_s(episode: EpisodeData, each: Intervention, config: CoachConfig) -> float:
    force = np.linalg.norm(episode.column("wrench")[:, each.arm, :3], axis=1)
    driven = episode.column("modes")[:, each.arm] == POLICY
    return _seconds_of_last(episode, each, driven & (force > config.force_n))


def _stuck_s(episode: EpisodeData, each: Intervention, config: CoachConfig) -> float:
    """The time for which the tools have stayed where they are to each other."""
    position = episode.column("position")
    across = position[:, 0] - position[:, 1]
    near = np.linalg.norm(across - across[each.takeover], axis=1) < config.stuck_m
    driven = (episode.column("modes") == POLICY).all(axis=1)
    return _seconds_of_last(episode, each, driven & near)


def _called_s(episode: EpisodeData, each: Intervention) -> float:
    """The time since a call for help whose reason has stood ever since; 0: there was none."""
    stamps_ns = episode.column("stamp_ns")
    score = np.maximum(
        episode.column("novelty")[:, each.arm], episode.column("force_surprise")[:, each.arm]
    )
    driven = episode.column("modes")[:, each.arm] == POLICY
    for event in episode.events():
        row = int(np.searchsorted(stamps_ns, event.stamp_ns))
        mine = event.source in ("", each.arm.name.lower())
        is_call = event.kind is EventKind.NOTICE and event.text.startswith(NoticeKind.HELP)
        if not (is_call and mine and row < each.takeover):
            continue
        stood = score[row : each.takeover] >= SCORE_LEFT * score[row]
        if (stood & driven[row : each.takeover]).all():
            return float(stamps_ns[each.takeover] - stamps_ns[row]) * 1e-9
    return 0.0


def _overlong(episode: EpisodeData, each: Intervention, config: CoachConfig) -> str:
    stamps_ns = episode.column("stamp_ns")
    arm = each.arm.name.lower()
    last = min(each.end, len(stamps_ns) - 1)
    seconds = float(stamps_ns[last] - stamps_ns[each.takeover]) * 1e-9
    if not each.handed_back and episode.header.outcome is Outcome.SUCCESS:
        return (
            f"You finished the task yourself. Let the {arm} arm go once it is back on track, so "
            f"that it shows what it can do; cut the rest away with `nudge record trim`."
        )
    if seconds > config.overlong_s:
        return (
            f"{seconds:.0f} s in one correction of the {arm} arm is long. Let go once it is "
            f"back on track; for a whole task record a demonstration (F8)."
        )
    return ""


def _fidgeted(episode: EpisodeData, each: Intervention, config: CoachConfig) -> str:
    count = _events(episode, each)
    if count.opened + count.closed < config.gripper_each:
        return ""
    return (
        f"The {each.arm.name.lower()} gripper moved {count.opened + count.closed} times in one "
        f"correction. Close it once, when the part is in place; the policy copies every move."
    )


def gripper_count(episode: EpisodeData) -> GripperCount:
    """How often the operator opened and closed the grippers in the corrections of an episode.

    Raises:
        EpisodeIncomplete: what it needs of the episode is damaged.
    """
    if episode.header.demonstration or len(episode) == 0:
        return GripperCount()
    total = GripperCount()
    for each in interventions(episode.column("modes")):
        total += _events(episode, each)
    return total


def _events(episode: EpisodeData, each: Intervention) -> GripperCount:
    """Turning points of the commanded opening that are worth the name."""
    opening: Array = episode.column("executed_opening")[each.takeover : each.end, each.arm]
    moves = list(_moves(opening))
    return GripperCount(sum(move > 0 for move in moves), sum(move < 0 for move in moves))


LEAST_MOVE = 0.25  # of the whole opening


def _moves(opening_N: Array) -> Iterator[int]:
    """Yield +1 for each opening and -1 for each closing; what moves on is the same one."""
    if len(opening_N) == 0:
        return
    low = high = float(opening_N[0])
    going = 0
    for opening in map(float, opening_N):
        low, high = min(low, opening), max(high, opening)
        if going <= 0 and opening - low >= LEAST_MOVE:
            going, high = 1, opening
            yield 1
        elif going >= 0 and high - opening >= LEAST_MOVE:
            going, low = -1, opening
            yield -1
        if going > 0:
            low = high = max(high, opening)
        elif going < 0:
            low = high = min(low, opening)


def unbalanced(
    count: GripperCount, stamp_ns: int, config: CoachConfig | None = None
) -> CoachNote | None:
    """What there is to say of the grippers over all corrections together."""
    config = config or CoachConfig()
    total = count.opened + count.closed
    if total < config.gripper_events:
        return None
    if min(count.opened, count.closed) >= config.gripper_share * total:
        return None
    often, rare = ("opens", "close") if count.opened > count.closed else ("closes", "open")
    sentence = (
        f"Your corrections open a gripper {count.opened} times and close it {count.closed} times: "
        f"the policy will learn that it {often}. Show also when to {rare} it."
    )
    return CoachNote(stamp_ns, Coaching.GRIPPER, "", sentence)


def inexpressible(name: str, arm: Arm, stamp_ns: int) -> CoachNote:
    """The base policy cannot express a correction, as the method's manifold check has found."""
    sentence = (
        f"The base policy cannot do what you showed with the {arm.name.lower()} arm. Corrections "
        f"will not teach it: record some demonstrations of this (F8), then fit again."
    )
    return CoachNote(stamp_ns, Coaching.INEXPRESSIBLE, name, sentence)


def set_aside(name: str, stamp_ns: int) -> CoachNote:
    """The gate found that a correction contradicts its own recording, or what was done before."""
    sentence = (
        f"Nothing is learned from your correction of {name}: the arms did not move as it says, or "
        f"it goes against what was done in the same state. Look at it in Review; trim it there, or "
        f"discard it."
    )
    return CoachNote(stamp_ns, Coaching.SET_ASIDE, name, sentence)
