"""A gated residual beside a base that stays as it is: `a = base(o) + g(o) r(o, base(o))`.

Jiang et al. 2024, "TRANSIC: sim-to-real policy transfer by learning from online correction": the
residual learns the operator's action less the base's, the gate whether an operator would step in
here. Xu et al. 2025, "CR-DAgger": where the policy was left alone the residual is taught to be
nothing. Those anchors, not the architecture, are what prevents forgetting; without them a residual
forgets as a fine-tuned policy does.

Of the base only `sample` is used, so it may be a policy whose weights are not at hand.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from learner.adapters import FrozenBase, ResidualAdapter
from learner.memory import Memory, MixConfig
from learner.methods.beside import BesideConfig, fit_beside
from learner.methods.fit import Fit
from learner.methods.losses import acted, among, regrasped, weighted_error, with_noise
from learner.methods.method import Ground, Speed, refuse_without_demonstrations
from learner.mixing import draw
from learner.model import PolicyNet
from learner.samples import Stratum


@dataclass(frozen=True)
class ResidualConfig(BesideConfig):
    """Sizes and rates."""

    anchor: float = 1.0
    """weight of a residual where the policy was left alone"""
    gate: float = 0.5
    """weight of the gate's cross-entropy"""


class Residual:
    """Implements `learner.methods.method.Method`.

    Args:
        config: sizes and rates.
        base: what is corrected; None: the head of the ground's base.
    """

    def __init__(
        self, config: ResidualConfig | None = None, base: FrozenBase | None = None
    ) -> None:
        self._config = config or ResidualConfig()
        self._base = base

    def fit(self, ground: Ground, speed: Speed) -> Fit | None:
        """An untrained residual on the base, or a few steps more of the one that is served.

        Raises:
            PolicyError: there are no demonstrations.
        """
        refuse_without_demonstrations(ground.base_memory)
        config, base = self._config, self._base or ground.base.head
        loss = _ResidualLoss(ground.base_memory, ground.mix, config, base)
        return fit_beside("residual", ground, speed, config, loss)


@dataclass(frozen=True)
class _ResidualLoss:
    memory: Memory
    mix: MixConfig
    config: ResidualConfig
    base: FrozenBase

    def __call__(self, net: PolicyNet, generator: torch.Generator) -> Tensor:
        config = self.config
        if not isinstance(net.adapter, ResidualAdapter):
            raise TypeError("a residual is fitted to a net that has one")
        drawn = draw(self.memory, self.mix, config.batch, generator)
        corrected = among(self.memory, Stratum.CORRECTION, drawn).float()
        rows = self.memory.rows(drawn)
        with torch.no_grad():
            base_BHA = self.base.sample(rows.inputs)
        noisy = with_noise(rows.inputs, config.feature_noise, generator)
        inputs = regrasped(noisy, config.regrasp_m, config.regrasp_rad, generator)
        residual_BHA, gate_B = net.adapter(inputs, base_BHA, config.drop_proprio, generator)
        wanted_BHA = rows.target_NHA - base_BHA
        error = functional.smooth_l1_loss(residual_BHA, wanted_BHA, beta=0.1, reduction="none")
        error_B = weighted_error(error, rows)
        silence_B = residual_BHA.square().flatten(1).mean(1)
        fitted = (
            corrected * acted(rows) * error_B + config.anchor * (1.0 - corrected) * silence_B
        ).mean()
        gate = functional.binary_cross_entropy_with_logits(gate_B, corrected)
        return fitted + config.gate * gate
