"""A baseline: behaviour cloning of everything that was executed.

The union of demonstrations, rollouts, what led to the takeovers and the corrections, as in the
pooled data of Ross et al. 2011, "DAgger", but without an expert to relabel the rollouts. It also
clones what the operator had to correct.
"""

from learner.methods.cloning import UNHURRIED, clone
from learner.methods.finetune import FinetuneConfig
from learner.methods.fit import Fit
from learner.methods.method import Ground, Speed
from learner.samples import Stratum


class Pooled:
    """Implements `learner.methods.method.Method`."""

    def __init__(self, config: FinetuneConfig | None = None) -> None:
        self._config = config or UNHURRIED

    def fit(self, ground: Ground, speed: Speed) -> Fit | None:
        return clone(ground, speed, tuple(Stratum), self._config)
