"""One or several sessions as one shift: sums, operators, moves of the serving pointer. Pure."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recorder.summary import EpisodeSummary, SessionSummary
from teleop.serving import Move

UNNAMED = ""  # the operator of episodes in which nobody said a name


@dataclass(frozen=True)
class Tally:
    """Sums over episodes that count, and over the operator's time in them.

    Attributes:
        operator_s: of arms that a policy drove otherwise.
    """

    episodes: int
    successes: int
    unaided: int
    takeovers: int
    operator_s: float
    demonstrations: int = 0

    @property
    def seconds_per_success(self) -> float | None:
        """Operator's seconds that a success cost; None: there was none."""
        return self.operator_s / self.successes if self.successes else None


@dataclass(frozen=True)
class Shift:
    """Sessions, oldest first."""

    sessions: tuple[SessionSummary, ...]

    @property
    def episodes(self) -> tuple[EpisodeSummary, ...]:
        """Of all sessions, in the order in which they began."""
        found = [episode for session in self.sessions for episode in session.episodes]
        return tuple(sorted(found, key=lambda each: each.header.opened_epoch_ns))

    @property
    def counted(self) -> tuple[EpisodeSummary, ...]:
        return tuple(episode for episode in self.episodes if episode.counted)

    @property
    def corrections(self) -> int:
        """Interventions of single arms."""
        return sum(session.corrections for session in self.sessions)

    @property
    def seconds_to_serving_p50(self) -> float | None:
        """Median from a correction's end to the version learned from it."""
        times = [time for session in self.sessions for time in session.seconds_to_serving]
        return statistics.median(times) if times else None

    @property
    def served(self) -> int:
        """Moves of the serving pointers forwards, without those with which sessions began."""
        return sum(not rolled_back(move) and move.before >= 0 for move in self._moves)

    @property
    def rolled_back(self) -> int:
        """Moves of the serving pointers back."""
        return sum(map(rolled_back, self._moves))

    @property
    def _moves(self) -> Iterable[Move]:
        return (move for session in self.sessions for move in session.moves)


def shift_of(sessions: Iterable[SessionSummary]) -> Shift:
    """Put sessions into their order; those without an episode last."""

    def began(session: SessionSummary) -> float:
        return min(
            (episode.header.opened_epoch_ns for episode in session.episodes), default=float("inf")
        )

    return Shift(tuple(sorted(sessions, key=began)))


def tally(episodes: Sequence[EpisodeSummary]) -> Tally:
    """Count episodes; operator's time counts also where the outcome says nothing of a policy."""
    counted = [episode for episode in episodes if episode.counted]
    driven = [episode for episode in episodes if not episode.header.demonstration]
    return Tally(
        episodes=len(counted),
        successes=sum(episode.succeeded for episode in counted),
        unaided=sum(episode.unaided for episode in counted),
        takeovers=sum(episode.header.interventions for episode in counted),
        operator_s=sum(episode.header.operator_s for episode in driven),
        demonstrations=len(episodes) - len(driven),
    )


def by_operator(episodes: Sequence[EpisodeSummary]) -> tuple[tuple[str, Tally], ...]:
    """What each operator's episodes came to, by name; empty where nobody ever said one."""
    names = {episode.header.operator for episode in episodes}
    if names <= {UNNAMED}:
        return ()
    return tuple(
        (name, tally([each for each in episodes if each.header.operator == name]))
        for name in sorted(names, key=lambda name: (name == UNNAMED, name.casefold()))
    )


def rolled_back(move: Move) -> bool:
    """Whether a move went to an earlier version."""
    return move.version < move.before
