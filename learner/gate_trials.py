"""Simulated rollouts before a candidate is served, where a simulator is at hand and allowed.

Candidate and serving version work on the same scenes, one after the other; a scene is drawn in so
many milliseconds that a dozen of them cost as much as a full fit, so it is off unless asked for.
"""

from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Protocol

from learner.model import PolicyNet
from learner.paired import Paired, chance_of_worse
from learner.policy import FlowPolicy
from teleop.config import SessionConfig
from teleop.interfaces import Policy
from teleop.lockstep import Lockstep
from teleop.messages import Outcome


class Trials(Protocol):
    """Runs two policies on the same scenes."""

    def run(self, candidate: PolicyNet, serving: PolicyNet) -> Paired:
        """The candidate is the first of the pair."""
        ...


@dataclass(frozen=True)
class TrialsConfig:
    """How many scenes, and which."""

    distributions: tuple[str, ...] = ("near",)
    """the scenes are drawn from each in turn"""
    scenes: int = 12
    """in all"""
    first_seed: int = 40_000_000
    """of the scenes"""
    enough: float = 0.1
    """stop as soon as so small a chance says that the candidate is worse"""


class LockstepTrials:
    """Implements `Trials` in the simulated plug cell.

    Args:
        lockstep: the cell; to be used in the thread that made it.
        config: how many scenes.
        between: called after each scene, some seconds apart; a process has to stay responsive.
    """

    def __init__(
        self,
        lockstep: Lockstep,
        config: TrialsConfig | None = None,
        between: Callable[[], None] = lambda: None,
    ) -> None:
        self._lockstep = lockstep
        self._config = config or TrialsConfig()
        self._between = between

    def run(self, candidate: PolicyNet, serving: PolicyNet) -> Paired:
        first, second = FlowPolicy(candidate, 1), FlowPolicy(serving, 0)
        paired = Paired()
        for scene in range(self._config.scenes):
            paired = paired.and_scene(self._success(first, scene), self._success(second, scene))
            self._between()
            if chance_of_worse(paired) < self._config.enough:
                break
        return paired

    def _success(self, policy: Policy, scene: int) -> bool:
        names = self._config.distributions
        seed = self._config.first_seed + scene
        result = self._lockstep.run_episode(names[scene % len(names)], seed, policy)
        return result.outcome is Outcome.SUCCESS


@contextmanager
def simulated_trials(
    config: SessionConfig, between: Callable[[], None]
) -> Generator[LockstepTrials | None]:
    """The trials that a session asks for, on its own scenes and on those the base was taught on.

    None: it asks for none.
    """
    asked = config.learning.gate_scenes
    if not asked:
        yield None
        return
    distributions = tuple(dict.fromkeys((config.cell.distribution, "near")))
    with closing(Lockstep(config)) as lockstep:
        yield LockstepTrials(lockstep, TrialsConfig(distributions, asked), between)
