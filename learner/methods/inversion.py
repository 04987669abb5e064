"""The noise from which a frozen flow would have made a given chunk.

"FlowDAgger" (2026), by fixed-point steps: the Euler step `x' = x + v(x, t) / K` is undone by
repeating `x = x' - v(x, t) / K`, a contraction where the flow is smooth. Where even that noise does
not give the chunk back, or lies where the flow was never taught to start, the base cannot express
the correction, whoever steers it. Tensor suffixes as in learner/inputs.py; X = H A.
"""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from learner.adapters import NOISE_BOUND, FrozenBase
from learner.inputs import HeadInputs

LARGEST_ERROR = 1e-3  # mean squared, in action scales


class FrozenFlow(FrozenBase, Protocol):
    """A base made of Euler steps along a velocity; a `FlowHead` is one."""

    @property
    def steps(self) -> int: ...
    def embed(self, inputs: HeadInputs) -> Tensor: ...
    def velocity(self, x_BX: Tensor, t_B: Tensor, condition_BE: Tensor) -> Tensor: ...


@dataclass(frozen=True, eq=False)
class Inverted:
    """Noises (B, X), and the mean squared error (B,) of the chunks that they give back."""

    noise_BX: Tensor
    error_B: Tensor

    @property
    def found(self) -> Tensor:
        """(B,) whether the noise gives the chunk back."""
        return self.error_B <= LARGEST_ERROR


@dataclass(frozen=True)
class Expressible:
    """Whether a base can do what was done in some rows, whatever noise it starts from.

    Attributes:
        yes: it can.
        noise_p99: 99th percentile of the noise's absolute values, in standard deviations.
        lost: share of the rows whose chunk no noise gave back.
        sentence: for the operator; empty if it can.
    """

    yes: bool
    noise_p99: float
    lost: float
    sentence: str


def invert(
    flow: FrozenFlow, inputs: HeadInputs, target_BHA: Tensor, iterations: int = 5
) -> Inverted:
    """The noise of each chunk; 6 evaluations of the flow for each of its steps."""
    with torch.no_grad():
        condition = flow.embed(inputs)
        after = target_BHA.flatten(1)
        for step in reversed(range(flow.steps)):
            t = torch.full((len(after),), step / flow.steps)
            before = after
            for _ in range(1 + iterations):
                before = after - flow.velocity(before, t, condition) / flow.steps
            after = before
        again = flow.sample(inputs, after)
    error = (again - target_BHA).square().flatten(1).mean(1)
    # Where the steps do not contract they run away; such a noise is none.
    return Inverted(after, torch.nan_to_num(error, nan=torch.inf))


def expressible(inverted: Inverted, lost_allowed: float = 0.2) -> Expressible:
    """Judge some rows of a correction together.

    Args:
        inverted: of the rows.
        lost_allowed: share of them that may have no noise.
    """
    rows = len(inverted.error_B)
    if rows == 0:
        return Expressible(True, 0.0, 0.0, "")
    lost = 1.0 - float(inverted.found.float().mean())
    far = inverted.noise_BX[inverted.found].abs().flatten()
    p99 = float(torch.quantile(far, 0.99)) if len(far) else float("inf")
    yes = lost <= lost_allowed and p99 <= NOISE_BOUND
    sentence = (
        "" if yes else "The base policy cannot express this correction: record demonstrations."
    )
    return Expressible(yes, p99, lost, sentence)
