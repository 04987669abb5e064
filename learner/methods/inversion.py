"""The noise from which a frozen flow would have made a given chunk.

"FlowDAgger" (2026), by fixed-point steps: the Euler step `x' = x + v(x, t) / K` is undone by
repeating `x = x' - v(x, t) / K`, a contraction where the flow is smooth. Where no noise gives the
chunk back, or only one from further out than the flow was taught to start, the base cannot express
the correction, whoever steers it. Tensor suffixes as in learner/inputs.py; X = H A.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor

from learner.adapters import NOISE_BOUND, FrozenBase
from learner.inputs import ACTION_SIZE, HeadInputs
from learner.rows import Rows
from teleop.messages import NUM_ARMS, Arm

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
        yes: it can, for the most part.
        noise_p99: 99th percentile of the inverted noise's absolute values, in standard deviations;
            the published check compares it with the bound.
        left: of the squared way from what the base does by itself to what was done, the share that
            remains with the noise cut at the bound.
        sentence: for the operator; empty if it can.
    """

    yes: bool
    noise_p99: float
    left: float
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


def executed(base: FrozenBase, rows: Rows) -> Tensor:
    """The chunks that were executed, (B, H, A); entries that do not count are the base's own."""
    with torch.no_grad():
        return torch.where(rows.weight_NHA > 0.0, rows.target_NHA, base.sample(rows.inputs))


def expressible(flow: FrozenFlow, rows: Rows, left_allowed: float = 0.6) -> Expressible:
    """Judge the rows of a correction together.

    A bound on the noise alone would find most corrections inexpressible: single entries of it lie
    far out even where the base does what it was taught, and cutting them changes little. What is
    left of the correction then tells the two apart.

    Args:
        flow: the base.
        rows: of one correction.
        left_allowed: real ones leave 0.02 to 0.5; motions that were never demonstrated 0.8.
    """
    wanted = executed(flow, rows)
    with torch.no_grad():
        noise = torch.nan_to_num(invert(flow, rows.inputs, wanted).noise_BX)
        before = (flow.sample(rows.inputs) - wanted).square().sum()
        bounded = noise.clamp(-NOISE_BOUND, NOISE_BOUND)
        after = (flow.sample(rows.inputs, bounded) - wanted).square().sum()
    left = float(after / before) if float(before) > 0.0 else 0.0
    p99 = float(torch.quantile(noise.abs().flatten(), 0.99)) if len(rows) else 0.0
    sentence = "The base policy cannot express this correction: record demonstrations."
    yes = left <= left_allowed
    return Expressible(yes, p99, left, "" if yes else sentence)


def of_arm(rows: Rows, arm: Arm) -> Rows:
    """The same rows, of which only one arm's entries count."""
    side = torch.arange(ACTION_SIZE) // (ACTION_SIZE // NUM_ARMS) == arm
    return replace(rows, weight_NHA=rows.weight_NHA * side)
