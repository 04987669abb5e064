"""One trial: a session with a few honest corrections, then one that is honest or poisoned."""

from dataclasses import dataclass

import numpy as np

from learner.bench_gate.held_memory import Features, HeldMemory
from learner.bench_gate.poison import Poison, poisoned
from learner.gate import Gate, Verdict
from learner.gate_checks import CONSISTENCY
from learner.memory import MixConfig
from learner.methods.method import Ground, Method, Speed
from learner.model import PolicyNet
from learner.replay import Demonstrations
from learner.samples import Samples

MOST_EARLIER = 4
KINDS = tuple(Poison)


@dataclass(frozen=True)
class Stage:
    """What all trials share."""

    base: PolicyNet
    demonstrations: Demonstrations
    corrections: dict[str, Samples]
    method: Method
    gate: Gate
    features: Features

    def memory(self, episodes: dict[str, Samples], net: PolicyNet) -> HeldMemory:
        return HeldMemory(self.demonstrations, episodes, net, self.features)


@dataclass(frozen=True)
class Trial:
    """What the gate said."""

    kind: str  # of poison, or "honest"
    earlier: int  # honest corrections that were learned before
    verdict: Verdict

    @property
    def served(self) -> bool:
        return self.verdict.accepted

    @property
    def served_but_for_consistency(self) -> bool:
        """Whether nothing else would have refused it."""
        return all(check.passed or check.name == CONSISTENCY for check in self.verdict.checks)

    @property
    def refused_by(self) -> str:
        """The first check that failed."""
        return next((check.name for check in self.verdict.checks if not check.passed), "")


def run_trial(stage: Stage, number: int, seed: int) -> tuple[Trial, Trial]:
    """The honest and the poisoned half of a trial; both begin with the same served version."""
    rng = np.random.default_rng([seed, number])
    count = int(rng.integers(0, MOST_EARLIER + 1))
    names = rng.choice(list(stage.corrections), count + 1, replace=False).tolist()
    earlier, new = tuple(names[:-1]), names[-1]
    known = {name: stage.corrections[name] for name in earlier}
    serving = stage.base
    if earlier:
        serving = fitted(stage, stage.base, known, seed=number)
    kind = KINDS[number % len(KINDS)]
    bad = poisoned(stage.corrections[new], kind, stage.demonstrations.train, rng)
    halves = {"honest": stage.corrections[new], kind.value: bad}
    honest, poison = (
        Trial(word, count, _judged(stage, serving, known, (new, samples), number))
        for word, samples in halves.items()
    )
    return honest, poison


def _judged(
    stage: Stage,
    serving: PolicyNet,
    known: dict[str, Samples],
    new: tuple[str, Samples],
    number: int,
) -> Verdict:
    name, samples = new
    episodes = {**known, name: samples}
    candidate = fitted(stage, serving, episodes, seed=1000 + number)
    return stage.gate.judge(
        candidate,
        stage.memory(episodes, candidate),
        serving,
        stage.memory(episodes, serving),
        tuple(known),
        (name,),
    )


def fitted(stage: Stage, serving: PolicyNet, episodes: dict[str, Samples], seed: int) -> PolicyNet:
    """The quick fit that would follow a hand-back."""
    memory = stage.memory(episodes, serving)
    ground = Ground(
        stage.base, serving, stage.base, memory, memory.under(stage.base), MixConfig(), seed
    )
    fit = stage.method.fit(ground, Speed.QUICK)
    if fit is None:
        return serving
    while not fit.finished:
        fit.step()
    return fit.net
