"""Which rows a fit with cached features may draw: so many that encoding them anew stays bounded.

Encoding costs 3 ms a row, so a version with an encoder of its own cannot see a session of thousands
of episodes anew. Each row has a number of its own, drawn by the episode's name and its place in it;
the smallest are taken (bottom-k sampling: Cohen and Kaplan 2007, "Summarizing data using bottom-k
sketches"). So the choice depends on the episodes alone, and one more of them exchanges few rows.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from learner.samples import Stratum

Index = NDArray[np.int64]

# Shares where there are more than enough rows of each; what one leaves goes to the first others.
_SHARES = {
    Stratum.CORRECTION: 0.40,
    Stratum.DEMONSTRATION: 0.35,
    Stratum.SYNTHETIC: 0.05,
    Stratum.PRE_INTERVENTION: 0.10,
    Stratum.ROLLOUT: 0.10,
}
DRAWN = tuple(_SHARES)
_NEWEST_SHARE = 0.5  # of the corrections: the last ones, each whole


@dataclass(frozen=True, eq=False)
class Place:
    """Rows of an episode.

    Attributes:
        name: of the episode.
        first: number of its first row.
        places: of its rows, counted from there.
    """

    name: str
    first: int
    places: Index

    def sample(self, count: int) -> Index:
        """So many of its rows, ascending."""
        return _chosen([self], count)

    def numbers(self) -> Index:
        return self.first + self.places

    def draws(self) -> NDArray[np.uint64]:
        """A number for each row (splitmix64: Steele et al. 2014)."""
        seed = np.uint64(zlib.crc32(self.name.encode())) << np.uint64(32)
        x = (seed + self.places.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))


def working_set(rows: Mapping[Stratum, Sequence[Place]], limit: int) -> dict[Stratum, Index]:
    """The rows that may be drawn of each stratum, in the order of the episodes.

    Args:
        rows: the episodes in the order of their names.
        limit: of all of them; below 0: all.
    """
    counts = {stratum: sum(len(p.places) for p in rows.get(stratum, ())) for stratum in Stratum}
    quotas = counts if limit < 0 else counts | _quotas(counts, limit)
    chosen: dict[Stratum, Index] = {}
    for stratum, places in rows.items():
        if quotas[stratum] >= counts[stratum]:
            found = [place.numbers() for place in places]
            chosen[stratum] = np.concatenate(found) if found else np.zeros(0, np.int64)
        elif stratum is Stratum.CORRECTION:
            chosen[stratum] = _newest_and_some(places, quotas[stratum])
        else:
            chosen[stratum] = _chosen(places, quotas[stratum])
    return chosen


def _quotas(counts: Mapping[Stratum, int], limit: int) -> dict[Stratum, int]:
    quotas = {s: min(counts[s], int(limit * share)) for s, share in _SHARES.items()}
    for stratum in _SHARES:
        spare = limit - sum(quotas.values())
        quotas[stratum] = min(counts[stratum], quotas[stratum] + spare)
    return quotas


def _newest_and_some(places: Sequence[Place], quota: int) -> Index:
    room, split = int(quota * _NEWEST_SHARE), len(places)
    while split > 0 and room >= len(places[split - 1].places):
        split -= 1
        room -= len(places[split].places)
    newest = [place.numbers() for place in places[split:]]
    rest = quota - sum(map(len, newest))
    return np.concatenate([_chosen(places[:split], rest), *newest])


def _chosen(places: Sequence[Place], quota: int) -> Index:
    """The rows with the smallest draws, in their order."""
    numbers = np.concatenate([place.numbers() for place in places])
    if quota >= len(numbers):
        return numbers
    draws = np.concatenate([place.draws() for place in places])
    return numbers[np.sort(np.argsort(draws, kind="stable")[:quota])]
