"""Success of a policy on unseen scenes, in lockstep."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from learner.paired import wilson_interval
from teleop.interfaces import Policy
from teleop.lockstep import Lockstep
from teleop.messages import Outcome


@dataclass(frozen=True)
class Score:
    """Of the episodes that were run."""

    successes: int
    episodes: int

    @property
    def rate(self) -> float:
        """Share of successes; 0 without episodes."""
        return self.successes / self.episodes if self.episodes else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, 95 % of the time."""
        return wilson_interval(self.successes, self.episodes)


def _silent(score: Score) -> None:
    del score


def evaluate(
    lockstep: Lockstep,
    policy: Policy,
    distribution: str,
    seeds: Iterable[int],
    *,
    failures_allowed: int | None = None,
    progress: Callable[[Score], None] = _silent,
) -> Score:
    """Run the policy alone, one episode a seed.

    Args:
        lockstep: the cell.
        policy: reset before each episode.
        distribution: of the scenes.
        seeds: of the scenes.
        failures_allowed: stop once there are more; the score is then of the episodes so far.
        progress: told after each episode.
    """
    score = Score(0, 0)
    for seed in seeds:
        result = lockstep.run_episode(distribution, seed, policy)
        score = Score(score.successes + (result.outcome is Outcome.SUCCESS), score.episodes + 1)
        progress(score)
        if failures_allowed is not None and score.episodes - score.successes > failures_allowed:
            break
    return score
