"""The memory of a fit that goes on: what it draws from may grow between two phases, never within.

A method takes the memory of its ground once; this stands in for the views of it.
"""

import numpy as np
import torch
from torch import Tensor

from learner.memory import Index, Memory
from learner.model import PolicyNet
from learner.rows import Rows
from learner.samples import Stratum


class FitMemory:
    """Implements `learner.memory.Memory` over another one, which can be exchanged.

    What `under` returned stays over the one that it was made of.
    """

    def __init__(self, memory: Memory) -> None:
        self._now = memory
        self._gathered: tuple[Index, Rows] | None = None

    def show(self, memory: Memory) -> None:
        """From now on this one."""
        self._now = memory
        self._gathered = None

    def gather(self, index: Index) -> None:
        """Hold these rows in memory, 3 kB each: a batch then costs no reading of files."""
        numbers = np.unique(index)
        self._gathered = (numbers, self._now.rows(numbers)) if len(numbers) else None

    def where(self, stratum: Stratum) -> Index:
        return self._now.where(stratum)

    def held_out(self) -> Index:
        return self._now.held_out()

    def corrections(self, episodes: tuple[str, ...]) -> Index:
        return self._now.corrections(episodes)

    def rows(self, index: Index) -> Rows:
        if self._gathered is not None:
            numbers, rows = self._gathered
            places = np.minimum(np.searchsorted(numbers, index), len(numbers) - 1)
            if (numbers[places] == index).all():
                return rows.take(torch.from_numpy(places))
        return self._now.rows(index)

    def pictured(self, index: Index) -> tuple[Tensor, Rows]:
        return self._now.pictured(index)

    def under(self, net: PolicyNet) -> Memory:
        return self._now.under(net)
