"""When an episode ends, and how: by the task's own status, by the clock, or by the operator.

The rules are pure functions over `EpisodeState`; `teleop.control` carries them out.
"""

from dataclasses import dataclass, replace

from teleop.chunks import NEVER
from teleop.config import EpisodeConfig
from teleop.messages import EpisodeEnded, Outcome, SessionMode, TaskStatus
from teleop.order_messages import OrderKind

NO_EPISODE = -1

# What the operator's orders make of the episode that is open.
LABELS: dict[OrderKind, Outcome] = {
    OrderKind.SUCCESS: Outcome.SUCCESS,
    OrderKind.FAIL: Outcome.FAIL,
    OrderKind.DISCARD: Outcome.DISCARDED,
    OrderKind.RESET: Outcome.DISCARDED,
}


@dataclass(frozen=True)
class EpisodeState:
    """The episode that is open, if one is, and what the next one is numbered."""

    episode: int = NO_EPISODE
    next_episode: int = 0
    opened_ns: int = NEVER
    index: int = 0  # of the next step
    inserted_since_ns: int = NEVER


@dataclass(frozen=True)
class Ending:
    """Why an episode is over."""

    outcome: Outcome
    reason: str


def opened(state: EpisodeState, now_ns: int) -> EpisodeState:
    """Open the next episode."""
    number = state.next_episode
    return EpisodeState(episode=number, next_episode=number + 1, opened_ns=now_ns)


def closed(state: EpisodeState, ending: Ending, now_ns: int) -> tuple[EpisodeState, EpisodeEnded]:
    """Close the open episode."""
    message = EpisodeEnded(state.episode, now_ns, ending.outcome, ending.reason)
    return EpisodeState(next_episode=state.next_episode), message


def watch(
    state: EpisodeState,
    now_ns: int,
    status: TaskStatus,
    mode: SessionMode,
    config: EpisodeConfig,
) -> tuple[EpisodeState, Ending | None]:
    """Count one step of the open episode, and say whether it is over by itself.

    A plug counts as inserted when it has stayed inserted for `settle_s`, also past the time limit.
    A stop ends the episode without a label: nobody has judged it.
    """
    since_ns = NEVER
    if status.inserted:
        since_ns = now_ns if state.inserted_since_ns == NEVER else state.inserted_since_ns
    state = replace(state, index=state.index + 1, inserted_since_ns=since_ns)
    if mode is SessionMode.STOPPED:
        return state, Ending(Outcome.UNLABELLED, "stopped")
    if not config.automatic:
        return state, None
    if status.dropped:
        return state, Ending(Outcome.FAIL, "dropped")
    if status.inserted:
        settled = now_ns - since_ns >= config.settle_s * 1e9
        return state, Ending(Outcome.SUCCESS, "inserted") if settled else None
    if now_ns - state.opened_ns >= config.time_limit_s * 1e9:
        return state, Ending(Outcome.FAIL, "time out")
    return state, None
