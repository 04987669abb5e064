"""Choose the noise that a frozen flow starts from, so that it does what the operator did.

"FlowDAgger" (2026; github.com/microsoft/FlowDAgger): the chunk that was executed is inverted to its
noise, and a small network learns to predict it. Whatever it says, the base's own flow makes the
chunk of it, so the result stays among the things the base can do; that is why less is forgotten
than by moving the weights, and why some corrections cannot be learned (see inversion.py).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from learner.adapters import NOISE_BOUND, SteerAdapter
from learner.memory import Index, Memory, MixConfig
from learner.methods.beside import BesideConfig, fit_beside
from learner.methods.fit import Fit
from learner.methods.inversion import FrozenFlow, executed, invert
from learner.methods.losses import mean_where, regrasped, with_noise
from learner.methods.method import Ground, Speed, refuse_without_demonstrations
from learner.mixing import shares
from learner.model import PolicyNet
from learner.rows import Rows, concatenate
from learner.samples import Stratum


@dataclass(frozen=True)
class SteerConfig(BesideConfig):
    """Sizes and rates."""

    iterations: int = 5
    """of the fixed point, for each of the flow's steps"""
    rows: int = 2000
    """of a stratum that are inverted, the newest; 0.2 ms each"""


class Steer:
    """Implements `learner.methods.method.Method`.

    Args:
        config: sizes and rates.
        base: what is steered; None: the head of the ground's base.
    """

    def __init__(self, config: SteerConfig | None = None, base: FrozenFlow | None = None) -> None:
        self._config = config or SteerConfig()
        self._base = base

    def fit(self, ground: Ground, speed: Speed) -> Fit | None:
        """Untrained steering of the base, or a few steps more of the one that is served.

        Raises:
            PolicyError: there are no demonstrations.
        """
        refuse_without_demonstrations(ground.base_memory)
        config, base = self._config, self._base or ground.base.head
        loss = _SteerLoss(ground.base_memory, ground.mix, config, base)
        return fit_beside("steer", ground, speed, config, loss)


@dataclass(frozen=True, eq=False)
class _Known:
    """Rows of one stratum and the noises they are to start from."""

    rows: Rows
    noise_NX: Tensor
    weight_N: Tensor


class _SteerLoss:
    """Distance from the inverted noises on balanced batches; they are inverted at the first."""

    def __init__(
        self, memory: Memory, mix: MixConfig, config: SteerConfig, base: FrozenFlow
    ) -> None:
        self._memory, self._mix, self._config, self._base = memory, mix, config, base
        self._known: dict[Stratum, _Known] = {}

    def __call__(self, net: PolicyNet, generator: torch.Generator) -> Tensor:
        config = self._config
        if not isinstance(net.adapter, SteerAdapter):
            raise TypeError("steering is fitted to a net that has it")
        if not self._known:
            self._invert()
        parts = shares(self._mix, {s: len(k.weight_N) for s, k in self._known.items()})
        rows: list[Rows] = []
        noise: list[Tensor] = []
        weight: list[Tensor] = []
        for stratum, share in parts.items():
            known = self._known[stratum]
            count = max(1, round(share * config.batch))
            picks = torch.randint(len(known.weight_N), (count,), generator=generator)
            rows.append(known.rows.take(picks))
            noise.append(known.noise_NX[picks])
            weight.append(known.weight_N[picks])
        noisy = with_noise(concatenate(rows).inputs, config.feature_noise, generator)
        inputs = regrasped(noisy, config.regrasp_m, config.regrasp_rad, generator)
        said = net.adapter(inputs, config.drop_proprio, generator)
        error = (said - torch.cat(noise)).square().mean(1)
        return mean_where(error, torch.cat(weight))

    def _invert(self) -> None:
        for stratum in (Stratum.DEMONSTRATION, Stratum.SYNTHETIC):
            index = self._memory.where(stratum)
            if len(index):
                rows = self._memory.rows(index)
                # What the base was taught it does from the middle of the noise, unsteered.
                nothing = torch.zeros(rows.target_NHA.flatten(1).shape)
                self._known[stratum] = _Known(rows, nothing, torch.ones(len(rows)))
        for stratum in (Stratum.CORRECTION, Stratum.ROLLOUT):
            index = self._memory.where(stratum)[-self._config.rows :]
            if len(index):
                self._known[stratum] = self._inverted(index)

    def _inverted(self, index: Index) -> _Known:
        rows = self._memory.rows(index)
        result = invert(
            self._base, rows.inputs, executed(self._base, rows), self._config.iterations
        )
        noise = torch.nan_to_num(result.noise_BX).clamp(-NOISE_BOUND, NOISE_BOUND)
        return _Known(rows, noise, result.found.float())
