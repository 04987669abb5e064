"""The memory of a fit that goes on: what it draws from may grow between two phases, never within.

A method takes the memory of its ground once; this stands in for the views of it.
"""

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
        self.now = memory

    def where(self, stratum: Stratum) -> Index:
        return self.now.where(stratum)

    def held_out(self) -> Index:
        return self.now.held_out()

    def corrections(self, episodes: tuple[str, ...]) -> Index:
        return self.now.corrections(episodes)

    def rows(self, index: Index) -> Rows:
        return self.now.rows(index)

    def pictured(self, index: Index) -> tuple[Tensor, Rows]:
        return self.now.pictured(index)

    def under(self, net: PolicyNet) -> Memory:
        return self.now.under(net)
