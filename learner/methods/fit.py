"""A fit in progress: phases of gradient steps that can be stopped, kept on disk and taken up again.

Every step depends on the weights, the optimiser, the step's number and one generator of random
numbers, and on nothing else. So a fit that was killed and restored makes the very steps that it
would have made.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from learner.model import PolicyNet

FitState = dict[str, Tensor]  # flat, for a safetensors file
Loss = Callable[[PolicyNet, torch.Generator], Tensor]


@dataclass(frozen=True)
class Phase:
    """So many steps on one loss.

    Attributes:
        name: "head", "encoder", ...
        steps: at least 1.
        loss: draws a batch with the generator and returns a scalar.
        rates: the greatest learning rate of each submodule that is trained, by its name in the
            net ("head", "encoder.stems"); the rest stays as it is.
        weight_decay: of AdamW (Loshchilov and Hutter 2019, "Decoupled weight decay
            regularization").
        warm_up: share of the steps over which the rate rises; then it falls to nothing as a cosine.
        average: of the weights (EMA), per step, over which the result is taken; 0: the last ones.
        share: how far the result goes from where the phase began towards that (Wortsman et al.
            2022, "Robust fine-tuning of zero-shot models", WiSE-FT).
    """

    name: str
    steps: int
    loss: Loss
    rates: dict[str, float]
    weight_decay: float = 1e-3
    warm_up: float = 0.15
    average: float = 0.0
    share: float = 1.0


@dataclass(frozen=True, eq=False)
class Blend:
    """What the result of a fit is averaged with, weight by weight.

    Wortsman et al. 2022, "Model soups": fits that start from the same weights end in the same
    basin, and their average does better than most of them.

    Attributes:
        net: of the same shape.
        share: how far the result goes from that net to where the fit led.
    """

    net: PolicyNet
    share: float


class Fit:
    """Phases one after the other over one net.

    Args:
        net: a copy to train; it is changed in place.
        phases: at least one.
        seed: of everything random in it.
        blend: what the last phase's result is averaged with; None: nothing.

    Attributes:
        net: the candidate; after `finished`, in eval mode.
    """

    def __init__(
        self, net: PolicyNet, phases: tuple[Phase, ...], seed: int, blend: Blend | None = None
    ) -> None:
        self.net = net
        self._phases = phases
        self._blend = blend
        self._generator = torch.Generator().manual_seed(seed)
        self.steps = sum(phase.steps for phase in phases)
        self.done = 0
        self._place, self._within = 0, 0
        self._begin()

    @property
    def finished(self) -> bool:
        return self.done >= self.steps

    @property
    def phase(self) -> str:
        """The name of the phase that the next step belongs to, or of the last one."""
        return self._phases[min(self._place, len(self._phases) - 1)].name

    def step(self) -> float:
        """Make one step; its loss."""
        phase = self._phases[self._place]
        rate = _rate(phase, self._within)
        for group in self._optimiser.param_groups:
            group["lr"] = group["peak"] * rate
        loss = phase.loss(self.net, self._generator)
        self._optimiser.zero_grad()
        loss.backward()  # pyright: ignore[reportUnknownMemberType]
        nn.utils.clip_grad_norm_(self._parameters, 1.0)
        self._optimiser.step()
        self._follow(phase)
        self.done += 1
        self._within += 1
        if self._within == phase.steps:
            self._end(phase)
        return loss.item()

    def state(self) -> FitState:
        """Everything that the steps to come depend on, beside the phases."""
        state = {f"net.{name}": t for name, t in self.net.state_dict().items()}
        for i, parameter in enumerate(self._parameters):
            for name, value in self._optimiser.state[parameter].items():
                state[f"optimiser.{i}.{name}"] = value
        state |= {f"average.{i}": t for i, t in enumerate(self._averages)}
        state |= {f"start.{i}": t for i, t in enumerate(self._starts)}
        state["generator"] = self._generator.get_state()
        state["place"] = torch.tensor([self.done, self._place, self._within])
        return state

    def restore(self, state: FitState) -> None:
        """Go on from a `state` of a fit with the same phases."""
        self.done, self._place, self._within = (int(v) for v in state["place"])
        self._begin()
        net = {k.removeprefix("net."): v for k, v in state.items() if k.startswith("net.")}
        self.net.load_state_dict(net)
        for i, parameter in enumerate(self._parameters):
            start = f"optimiser.{i}."
            kept = {k.removeprefix(start): v for k, v in state.items() if k.startswith(start)}
            if kept:
                self._optimiser.state[parameter] = {k: v.clone() for k, v in kept.items()}
        self._averages = [state[f"average.{i}"].clone() for i in range(len(self._averages))]
        self._starts = [state[f"start.{i}"].clone() for i in range(len(self._starts))]
        self._generator.set_state(state["generator"])
        if self.finished:
            self.net.eval()

    def _begin(self) -> None:
        """Set the optimiser up for the present phase."""
        self.net.train()
        phase = self._phases[min(self._place, len(self._phases) - 1)]
        # One group for each rate, not for each submodule: a group costs 0.1 ms a step.
        rated: dict[float, list[nn.Parameter]] = {}
        for name, rate in phase.rates.items():
            rated.setdefault(rate, []).extend(self.net.get_submodule(name).parameters())
        groups = [{"params": found, "peak": rate, "lr": rate} for rate, found in rated.items()]
        self._parameters = [p for found in rated.values() for p in found]
        self._optimiser = torch.optim.AdamW(groups, weight_decay=phase.weight_decay, fused=True)
        self._averages = (
            [p.detach().clone() for p in self._parameters] if phase.average > 0.0 else []
        )
        self._starts = [p.detach().clone() for p in self._parameters] if phase.share < 1.0 else []

    def _follow(self, phase: Phase) -> None:
        # Early averages follow quickly, or the untrained start would weigh for hundreds of steps.
        share = min(phase.average, (1.0 + self._within) / (10.0 + self._within))
        for average, parameter in zip(self._averages, self._parameters, strict=False):
            average.lerp_(parameter.detach(), 1.0 - share)

    def _end(self, phase: Phase) -> None:
        for average, parameter in zip(self._averages, self._parameters, strict=False):
            parameter.data.copy_(average)
        for start, parameter in zip(self._starts, self._parameters, strict=False):
            parameter.data.copy_(torch.lerp(start, parameter.data, phase.share))
        self._place, self._within = self._place + 1, 0
        if self.finished:
            self._average_with(self._blend)
            self.net.eval()
        else:
            self._begin()

    def _average_with(self, blend: Blend | None) -> None:
        if blend is None:
            return
        others = blend.net.parameters()
        for parameter, other in zip(self.net.parameters(), others, strict=True):
            parameter.data.copy_(torch.lerp(other.detach(), parameter.data, blend.share))


def _rate(phase: Phase, within: int) -> float:
    """Share of the greatest learning rate: a linear rise, then a cosine."""
    rise = max(1.0, phase.warm_up * phase.steps)
    if within < rise:
        return (within + 1) / (rise + 1)
    share = (within - rise) / max(1.0, phase.steps - rise)
    return 0.5 * (1.0 + float(torch.cos(torch.tensor(share * torch.pi))))
