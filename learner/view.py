"""The rows of certain revisions of certain episodes, under one encoder: what one fit draws from.

A view never changes: what is ingested, edited or forgotten meanwhile is in later ones. The order of
its rows follows from the demonstrations and the episodes' names alone, never from when they came,
so a fit that is made again from the same list draws the same rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import simplejpeg
import torch
from torch import Tensor

from learner.arena import Arena
from learner.arena_index import Entry
from learner.feature_file import FeatureFile
from learner.memory import Index
from learner.model import POSE_SIZE, PolicyNet
from learner.monitor import digest
from learner.record import samples_of
from learner.rows import Rows, with_features
from learner.samples import Stratum
from learner.working_set import DRAWN, Place, working_set

_ENCODE_BATCH = 32
_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class View:
    """Implements `learner.memory.Memory`.

    Attributes:
        held: demonstrations that no fit draws.
        episodes: demonstrations, then the session's episodes by name.
        limit: how many rows may be drawn at most, -1: all; see `working_set`.
    """

    arena: Arena
    net: PolicyNet
    held: Entry
    episodes: tuple[Entry, ...]
    limit: int = -1

    def where(self, stratum: Stratum) -> Index:
        return self._drawn.get(stratum, _NONE)

    def held_out(self) -> Index:
        place = Place(self.held.name, self.held.first, np.arange(self.held.count))
        return place.sample(self.limit // 8 if self.limit >= 0 else self.held.count)

    def corrections(self, episodes: tuple[str, ...]) -> Index:
        """Of those that may be drawn."""
        named = [entry for entry in self.episodes if entry.name in frozenset(episodes)]
        rows = _numbers(named, Stratum.CORRECTION)
        return rows if self.limit < 0 else rows[np.isin(rows, self.where(Stratum.CORRECTION))]

    def rows(self, index: Index) -> Rows:
        features, known = self._features.read(index)
        if not known.all():
            self.prepare(index[~known])
            features, _ = self._features.read(index)
        return with_features(
            self.net, samples_of(self.arena.records(index)), torch.from_numpy(features)
        )

    def pictured(self, index: Index) -> tuple[Tensor, Rows]:
        records = self.arena.records(index)
        features = torch.zeros(len(index), feature_size(self.net))
        rows = with_features(self.net, samples_of(records), features)
        return self._images(index), rows

    def under(self, net: PolicyNet) -> "View":
        return replace(self, net=net)

    def working(self, limit: int) -> "View":
        """The same with at most so many rows to draw from, and an eighth of them held out.

        All corrections as long as there is room, the newest first; of the rest a sample that
        changes little as episodes come.
        """
        return replace(self, limit=limit)

    def unknown(self, index: Index) -> Index:
        """Those rows whose features are not known; computing them takes 3 ms each."""
        return index[~self._features.read(index)[1]]

    def prepare(self, index: Index, keep_going: Callable[[], bool] = lambda: True) -> bool:
        """Compute the features of rows that are not known; False if told to stop before the end."""
        missing = np.unique(self.unknown(index))
        for start in range(0, len(missing), _ENCODE_BATCH):
            if not keep_going():
                return False
            some = missing[start : start + _ENCODE_BATCH]
            # The last bits of a feature depend on the size of the batch. One size for all makes
            # it the same whenever it is computed, or a fit taken up again would part from itself.
            images = self._images(np.resize(some, _ENCODE_BATCH))
            with torch.inference_mode():
                self._features.write(some, self.net.encoder(images)[: len(some)].numpy())
        return True

    def everything(self) -> Index:
        """Every row that a fit may draw or a gate may ask for."""
        drawn = [self.where(stratum) for stratum in DRAWN]
        return np.concatenate([*drawn, self.held_out()])

    def corrected(self) -> list[str]:
        """Names of the episodes that hold corrections, ascending."""
        return [e.name for e in self.episodes if e.rows_of(Stratum.CORRECTION)]

    def revisions(self) -> dict[str, str]:
        """The revision of each episode and of the demonstrations, by name: what a fit saw."""
        return {entry.name: entry.revision for entry in (self.held, *self.episodes)}

    @cached_property
    def _drawn(self) -> dict[Stratum, Index]:
        rows = {
            stratum: [
                Place(entry.name, entry.first, entry.places(stratum))
                for entry in self.episodes
                if entry.rows_of(stratum)
            ]
            for stratum in Stratum
        }
        return working_set(rows, self.limit)

    @cached_property
    def _features(self) -> FeatureFile:
        return self.arena.features(digest(self.net.encoder))

    def _images(self, index: Index) -> Tensor:
        codes = self.arena.jpegs(self.arena.records(index))
        return torch.from_numpy(
            np.stack([np.stack([simplejpeg.decode_jpeg(code) for code in row]) for row in codes])
        )


def feature_size(net: PolicyNet) -> int:
    """Of the feature that the net's encoder gives."""
    return net.head.points + net.config.trunk + POSE_SIZE


def _numbers(entries: Sequence[Entry], stratum: Stratum) -> Index:
    found = [entry.first + entry.places(stratum) for entry in entries]
    return np.concatenate(found) if found else _NONE
