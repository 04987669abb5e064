"""Small networks that correct a policy without touching its weights.

`ResidualAdapter` adds to a chunk (Jiang et al. 2024, "TRANSIC"; Xu et al. 2025, "CR-DAgger").
`SteerAdapter` chooses the noise that a frozen flow starts from ("FlowDAgger", 2026). Untrained,
both leave every chunk as it is. Tensor suffixes as in inputs.py; E an adapter's embedding.
"""

from typing import Literal, Protocol

import torch
from torch import Tensor, nn

from learner.inputs import (
    ACTION_SIZE,
    CHUNK_SIZE,
    HORIZON,
    POSE_SIZE,
    TACTILE_SIZE,
    WRENCH_SIZE,
    HeadInputs,
    missing_proprio,
)
from learner.observe import MAX_WORDS, PROPRIO_SIZE, WORD_BUCKETS

AdapterName = Literal["none", "residual", "steer"]

NOISE_BOUND = 3.0  # standard deviations; a flow was never taught to start from further out
_RELUCTANCE = -2.0  # of an untrained gate: one part in eight


class FrozenBase(Protocol):
    """A policy whose weights stay as they are, or are not ours to touch; a `FlowHead` is one."""

    def sample(self, inputs: HeadInputs, noise_BX: Tensor | None = None) -> Tensor:
        """Normalised chunks (B, H, A). A base that starts from no noise leaves it unread."""
        ...


class Embedding(nn.Module):
    """The inputs side by side, small: (B, E)."""

    def __init__(self, trunk: int, size: int) -> None:
        super().__init__()
        self.seen = trunk + POSE_SIZE
        self.vision = nn.Sequential(nn.Linear(self.seen, 96), nn.ReLU())
        self.proprio = nn.Sequential(nn.Linear(PROPRIO_SIZE + 1, 32), nn.ReLU())
        self.touch = nn.Sequential(nn.Linear(TACTILE_SIZE + WRENCH_SIZE, 32), nn.ReLU())
        self.words = nn.Embedding(WORD_BUCKETS, 8, padding_idx=0)
        self.out = nn.Sequential(nn.Linear(96 + 32 + 32 + 8, size), nn.ReLU())

    def forward(
        self,
        inputs: HeadInputs,
        drop_proprio: float = 0.0,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        parts = (
            self.vision(inputs.feature_BF[:, -self.seen :]),
            self.proprio(missing_proprio(inputs.proprio_BP, drop_proprio, generator)),
            self.touch(torch.cat([inputs.tactile_BT, inputs.wrench_BW], dim=1)),
            self.words(inputs.words_BN).sum(1) / MAX_WORDS,
        )
        return self.out(torch.cat(parts, dim=1))


class ResidualAdapter(nn.Module):
    """`a = base(o) + g(o) r(o, base(o))`."""

    def __init__(self, trunk: int, hidden: int = 256) -> None:
        super().__init__()
        self.embedding = Embedding(trunk, hidden)
        self.gate = nn.Sequential(nn.Linear(hidden, 64), nn.ReLU(), _blank(64, 1, _RELUCTANCE))
        self.residual = nn.Sequential(
            nn.Linear(hidden + CHUNK_SIZE, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            _blank(hidden, CHUNK_SIZE),
        )

    def forward(
        self,
        inputs: HeadInputs,
        base_BHA: Tensor,
        drop_proprio: float = 0.0,
        generator: torch.Generator | None = None,
    ) -> tuple[Tensor, Tensor]:
        """The residual (B, H, A), normalised, and the gate's logit (B,)."""
        seen = self.embedding(inputs, drop_proprio, generator)
        residual = self.residual(torch.cat([seen, base_BHA.flatten(1)], dim=1))
        return residual.view(-1, HORIZON, ACTION_SIZE), self.gate(seen)[:, 0]

    def chunks(self, base: FrozenBase, inputs: HeadInputs) -> Tensor:
        """Corrected chunks (B, H, A), normalised."""
        before = base.sample(inputs)
        residual, gate = self(inputs, before)
        return before + opening_of(gate)[:, None, None] * residual


def opening_of(gate_B: Tensor) -> Tensor:
    """Of a gate, from its logit: shut below one chance in four of a correction, open above three.

    A gate as wide as the chance itself would let through nine tenths of a sure correction, and one
    tenth of it everywhere else.
    """
    return (2.0 * torch.sigmoid(gate_B) - 0.5).clamp(0.0, 1.0)


class SteerAdapter(nn.Module):
    """`a = base(o, w(o))`, the noise `w` bounded to what the base was taught to start from."""

    def __init__(self, trunk: int, hidden: int = 256) -> None:
        super().__init__()
        self.embedding = Embedding(trunk, hidden)
        self.noise = nn.Sequential(
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            _blank(hidden, CHUNK_SIZE),
        )

    def forward(
        self,
        inputs: HeadInputs,
        drop_proprio: float = 0.0,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Noise (B, X), each entry within the bound."""
        raw = self.noise(self.embedding(inputs, drop_proprio, generator))
        return NOISE_BOUND * torch.tanh(raw / NOISE_BOUND)

    def chunks(self, base: FrozenBase, inputs: HeadInputs) -> Tensor:
        """Steered chunks (B, H, A), normalised."""
        return base.sample(inputs, self(inputs))


Adapter = ResidualAdapter | SteerAdapter


def new_adapter(name: AdapterName, trunk: int) -> Adapter | None:
    """An untrained adapter beside an encoder with that size of trunk."""
    match name:
        case "none":
            return None
        case "residual":
            return ResidualAdapter(trunk)
        case "steer":
            return SteerAdapter(trunk)


def _blank(inputs: int, outputs: int, bias: float = 0.0) -> nn.Linear:
    """A last layer that says `bias` to everything."""
    layer = nn.Linear(inputs, outputs)
    nn.init.zeros_(layer.weight)
    nn.init.constant_(layer.bias, bias)
    return layer
