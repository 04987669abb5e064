"""What the learner remembers: demonstrations, and this session's corrections and rollouts.

The episode files and their edits are the truth; this is a cache over them. What there was of an
episode at a hand-back is replaced by the whole of it, since both bear the same name.
"""

from dataclasses import dataclass

import numpy as np
import torch

from learner.methods.finetune import KeepGoing, Mix
from learner.model import PolicyNet
from learner.replay import Demonstrations
from learner.rows import Rows, concatenate, encode
from learner.samples import Samples, Stratum


@dataclass(frozen=True)
class _Episode:
    samples: Samples
    rows: Rows
    corrections: torch.Tensor  # indices
    rollouts: torch.Tensor


class CachedReplay:
    """Cached rows per stratum, under one encoder."""

    def __init__(
        self, demonstrations: Demonstrations, net: PolicyNet, train: Rows, held_out: Rows
    ) -> None:
        self._samples = demonstrations
        self._net = net
        self.train = train
        self.held_out = held_out
        self._episodes: dict[str, _Episode] = {}

    @classmethod
    def of(cls, demonstrations: Demonstrations, net: PolicyNet) -> "CachedReplay":
        """A memory of the demonstrations alone."""
        train, held_out = encode(net, demonstrations.train), encode(net, demonstrations.held_out)
        return cls(demonstrations, net, train, held_out)

    @property
    def demonstrations(self) -> Samples:
        return self._samples.train

    def under(self, net: PolicyNet, keep_going: KeepGoing) -> "CachedReplay | None":
        """The same memory seen by another version's encoder; about 3 ms a row.

        None if told to stop midway.
        """
        train = encode(net, self._samples.train, keep_going)
        held_out = encode(net, self._samples.held_out, keep_going)
        if train is None or held_out is None:
            return None
        other = CachedReplay(self._samples, net, train, held_out)
        for name, episode in self._episodes.items():
            if not keep_going():
                return None
            other.ingest(name, episode.samples)
        return other

    def ingest(self, episode: str, samples: Samples) -> int:
        """Take an episode's rows, in place of earlier ones; the number of correction rows."""
        kept = samples.select(samples.stratum_N != Stratum.EXCLUDED)
        if len(kept) == 0:
            self._episodes.pop(episode, None)
            return 0
        stratum = torch.from_numpy(kept.stratum_N)
        corrections = torch.nonzero(stratum == Stratum.CORRECTION).flatten()
        rollouts = torch.nonzero(stratum != Stratum.CORRECTION).flatten()
        self._episodes[episode] = _Episode(kept, encode(self._net, kept), corrections, rollouts)
        return len(corrections)

    def forget(self, episode: str) -> None:
        """Leave an episode out of every later fit."""
        self._episodes.pop(episode, None)

    def corrected(self) -> list[str]:
        """Names of the episodes that hold corrections, ascending."""
        return sorted(name for name, e in self._episodes.items() if len(e.corrections))

    def corrections(self, episodes: list[str]) -> Rows | None:
        """The correction rows of some episodes."""
        parts = [
            e.rows.take(e.corrections)
            for name in episodes
            if (e := self._episodes.get(name)) is not None and len(e.corrections)
        ]
        return concatenate(parts) if parts else None

    def mix(self) -> Mix:
        """Everything a fit may draw from."""
        rollouts = [e.rows.take(e.rollouts) for e in self._episodes.values() if len(e.rollouts)]
        return Mix(
            self.train,
            self.corrections(self.corrected()),
            concatenate(rollouts) if rollouts else None,
        )

    def draw(
        self, batch: int, correction_share: float, generator: torch.Generator
    ) -> tuple[Samples, Rows]:
        """A balanced batch with its images, for fits that train the encoder."""
        corrected = [self._episodes[name] for name in self.corrected()]
        share = round(batch * correction_share) if corrected else 0
        picks = torch.randint(len(self.train), (batch - share,), generator=generator)
        parts = [(self._samples.train.select(np.asarray(picks)), self.train.take(picks))]
        sizes = torch.tensor([float(len(e.corrections)) for e in corrected])
        if share:
            which = torch.multinomial(sizes, share, replacement=True, generator=generator)
            for place in which.unique().tolist():
                episode = corrected[int(place)]
                count = int((which == place).sum())
                drawn = torch.randint(len(episode.corrections), (count,), generator=generator)
                rows = episode.corrections[drawn]
                parts.append((episode.samples.select(np.asarray(rows)), episode.rows.take(rows)))
        return Samples.concatenate([s for s, _ in parts]), concatenate([r for _, r in parts])
