"""A baseline: demonstrations and what the operator did, pooled.

Kelly et al. 2019, "HG-DAgger: interactive imitation learning with human experts". The rows of the
policy itself are no labels. The many demonstrations drown the few corrections.
"""

from learner.methods.cloning import UNHURRIED, clone
from learner.methods.finetune import FinetuneConfig
from learner.methods.fit import Fit
from learner.methods.method import Ground, Speed
from learner.samples import Stratum


class HgDagger:
    """Implements `learner.methods.method.Method`."""

    def __init__(self, config: FinetuneConfig | None = None) -> None:
        self._config = config or UNHURRIED

    def fit(self, ground: Ground, speed: Speed) -> Fit | None:
        strata = (Stratum.DEMONSTRATION, Stratum.SYNTHETIC, Stratum.CORRECTION)
        return clone(ground, speed, strata, self._config)
