"""What a method of learning from corrections is: from what there is to a fit.

A method decides which rows are drawn, how they weigh, and which weights move. It owns no files, no
clock and no gate: the learner makes the steps, keeps them, and judges what came out.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from learner.memory import Memory, MixConfig
from learner.methods.fit import Fit
from learner.model import PolicyNet
from learner.samples import Stratum
from teleop.errors import PolicyError
from teleop.named_function import named_function


class Speed(StrEnum):
    """How far a fit goes."""

    QUICK = "head"
    """about a second, on cached features: served within two seconds of a hand-back, provisional"""
    FULL = "full"
    """in the background, from the base or the last full version, encoder included where it helps"""
    CONSOLIDATE = "consolidate"
    """from the base on everything: replaces both, and unlearns what was taken back"""


@dataclass(frozen=True)
class Ground:
    """What a fit starts from.

    Attributes:
        base: version 0, which no fit changes.
        serving: the version that is served.
        settled: the newest version in its line that is not provisional: a full one, or the base.
        memory: the rows, under `serving`'s encoder.
        base_memory: the same rows, under `base`'s encoder.
        mix: shares of the strata.
        seed: of everything random.
        companion: `settled`, if it is a full version and all that it learned still stands.
    """

    base: PolicyNet
    serving: PolicyNet
    settled: PolicyNet
    memory: Memory
    base_memory: Memory
    mix: MixConfig
    seed: int
    companion: PolicyNet | None = None


class Method(Protocol):
    """One way to learn; its module names the paper."""

    def fit(self, ground: Ground, speed: Speed) -> Fit | None:
        """A fit that has not begun; None if the method has none of that speed."""
        ...


def refuse_without_demonstrations(memory: Memory) -> None:
    """Corrections alone teach a policy to forget.

    Raises:
        PolicyError: there are no demonstrations, real or synthetic.
    """
    if not any(len(memory.where(s)) for s in (Stratum.DEMONSTRATION, Stratum.SYNTHETIC)):
        raise PolicyError(
            "There are no demonstrations to learn beside the corrections, and without them the "
            "policy would forget the rest; record some, or put the demonstrations.h5 of the policy "
            "beside it."
        )


METHODS: dict[str, str] = {
    "finetune": "learner.methods.finetune:Finetune",
    "residual": "learner.methods.residual:Residual",
    "steer": "learner.methods.steer:Steer",
    "hgdagger": "learner.methods.hgdagger:HgDagger",
    "pooled": "learner.methods.pooled:Pooled",
    "corrections": "learner.methods.corrections:CorrectionsOnly",
}
"""by name, imported when asked for; the first is the default, the last three are baselines"""


def method_of(name: str) -> Method:
    """The method of that name, with its default settings."""
    return named_function(METHODS[name])()  # pyright: ignore[reportReturnType, reportCallIssue]
