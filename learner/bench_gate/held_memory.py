"""A memory that lies in memory: rows of a few episodes, each encoded once for all trials."""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from learner.memory import Index
from learner.model import PolicyNet
from learner.monitor import digest
from learner.replay import Demonstrations
from learner.rows import Rows, concatenate, encode, with_features
from learner.samples import Samples, Stratum

_HELD_OUT, _TRAIN = "held out", "demonstrations"


@dataclass(frozen=True)
class Features:
    """Visual features by encoder and name; a poisoned episode has those of the honest one."""

    known: dict[tuple[int, str], Tensor] = field(default_factory=dict[tuple[int, str], Tensor])

    def of(self, net: PolicyNet, name: str, samples: Samples) -> Tensor:
        key = digest(net.encoder), name
        if key not in self.known:
            self.known[key] = encode(net, samples).inputs.feature_BF
        return self.known[key]


class HeldMemory:
    """Implements `learner.memory.Memory`.

    Args:
        demonstrations: always there.
        episodes: by name.
        net: whose encoder it is seen under.
        features: shared between memories.
    """

    def __init__(
        self,
        demonstrations: Demonstrations,
        episodes: dict[str, Samples],
        net: PolicyNet,
        features: Features,
    ) -> None:
        self._demonstrations = demonstrations
        self._episodes = episodes
        self._net = net
        self._features = features
        parts = {_HELD_OUT: demonstrations.held_out, _TRAIN: demonstrations.train, **episodes}
        self._parts = parts
        sizes = [len(samples) for samples in parts.values()]
        self._first = dict(zip(parts, np.cumsum([0, *sizes[:-1]]).tolist(), strict=True))
        self._strata = np.concatenate([samples.stratum_N for samples in parts.values()])
        self._rows: Rows | None = None

    def where(self, stratum: Stratum) -> Index:
        found = np.flatnonzero(self._strata == stratum).astype(np.int64)
        return found[found >= len(self._demonstrations.held_out)]

    def held_out(self) -> Index:
        return np.arange(len(self._demonstrations.held_out), dtype=np.int64)

    def corrections(self, episodes: tuple[str, ...]) -> Index:
        places = [
            self._first[name] + np.flatnonzero(samples.stratum_N == Stratum.CORRECTION)
            for name, samples in self._episodes.items()
            if name in episodes
        ]
        return np.concatenate([np.zeros(0, np.int64), *places])

    def rows(self, index: Index) -> Rows:
        if self._rows is None:
            self._rows = concatenate(
                [
                    with_features(self._net, part, self._features.of(self._net, name, part))
                    for name, part in self._parts.items()
                ]
            )
        return self._rows.take(torch.from_numpy(index))

    def pictured(self, index: Index) -> tuple[Tensor, Rows]:
        every = Samples.concatenate(list(self._parts.values()))
        rows = self.rows(index)
        return torch.from_numpy(every.images(index)), rows

    def under(self, net: PolicyNet) -> "HeldMemory":
        return HeldMemory(self._demonstrations, self._episodes, net, self._features)
