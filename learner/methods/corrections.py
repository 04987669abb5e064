"""A baseline, and a warning: fine-tune on the corrections alone.

It learns them as fast as any method and forgets the rest (Xu et al. 2025, "CR-DAgger": 16 to 30
points less than before on what was not corrected).
"""

from learner.methods.cloning import UNHURRIED, clone
from learner.methods.finetune import FinetuneConfig
from learner.methods.fit import Fit
from learner.methods.method import Ground, Speed
from learner.samples import Stratum


class CorrectionsOnly:
    """Implements `learner.methods.method.Method`."""

    def __init__(self, config: FinetuneConfig | None = None) -> None:
        self._config = config or UNHURRIED

    def fit(self, ground: Ground, speed: Speed) -> Fit | None:
        strata = (Stratum.CORRECTION,)
        return clone(ground, speed, strata, self._config)
