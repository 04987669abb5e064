"""How the learner is set up."""

from dataclasses import dataclass, field

from learner.gate_checks import GateConfig
from learner.memory import MixConfig
from learner.methods.finetune import Finetune, FinetuneConfig
from learner.methods.method import Method, method_of


@dataclass(frozen=True)
class LearnerConfig:
    """How to learn, and what may be served."""

    method: str = "finetune"
    """finetune, residual, steer; or hgdagger, pooled, corrections to compare them with"""
    finetune: FinetuneConfig = field(default_factory=FinetuneConfig)
    """of that method"""
    mix: MixConfig = field(default_factory=MixConfig)
    gate: GateConfig = field(default_factory=GateConfig)
    rows: int = 4000
    """that a fit may draw from at most; an encoder of its own has to see each anew, 3 ms"""
    seed: int = 0
    """of everything random in all fits"""
    checkpoint_s: float = 2.0
    """between two checkpoints of a fit in the background; a kill costs about as much"""

    def made(self) -> Method:
        """The method with its settings."""
        return Finetune(self.finetune) if self.method == "finetune" else method_of(self.method)
