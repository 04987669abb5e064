"""What a fit may draw from, whatever keeps it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from learner.model import PolicyNet
from learner.rows import Rows
from learner.samples import Stratum
from teleop.config import require

Index = NDArray[np.int64]


@dataclass(frozen=True)
class MixConfig:
    """Shares of the strata in every batch; those of empty strata go to the demonstrations.

    The seed of this project blends simulated with real demonstrations; so does `synthetic`.
    """

    corrections: float = 0.5
    """of the operator's rows"""
    rollouts: float = 0.1
    """of the policy's own successful rows: what was accepted is confirmed"""
    synthetic: float = 0.0
    """of demonstrations made in simulation, where real ones are there too"""

    def __post_init__(self) -> None:
        for name in ("corrections", "rollouts", "synthetic"):
            require(f"mix.{name}", getattr(self, name), 0.0, 1.0, "of a batch")
        require(
            "mix, all but demonstrations",
            self.corrections + self.rollouts + self.synthetic,
            0.0,
            1.0,
            "of a batch",
        )

    @property
    def blends(self) -> bool:
        """Whether the demonstrations beside the policy count as made in simulation."""
        return self.synthetic > 0.0


class Memory(Protocol):
    """Rows by their number, under one encoder. Numbers stay what they are for the life of a fit."""

    def where(self, stratum: Stratum) -> Index:
        """Numbers of the rows of a stratum that may be drawn. Nothing held out.

        Their order follows from the episodes, never from when they came.
        """
        ...

    def held_out(self) -> Index:
        """Numbers of the demonstrations' rows that no fit draws."""
        ...

    def corrections(self, episodes: tuple[str, ...]) -> Index:
        """Numbers of the correction rows of some episodes."""
        ...

    def rows(self, index: Index) -> Rows:
        """Rows ready for the head; features come from a cache, or 3 ms each."""
        ...

    def pictured(self, index: Index) -> tuple[Tensor, Rows]:
        """Images (n, K, H, W, 3) uint8 and rows whose features are zeros, to train an encoder."""
        ...

    def under(self, net: PolicyNet) -> "Memory":
        """The same rows seen by another encoder; costs nothing until features are asked for."""
        ...
