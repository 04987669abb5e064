"""Which rows make a batch, and how much each counts.

Two forms of the same balance. Drawing: each stratum has its share of every batch, whatever its
number of rows (Mandlekar et al. 2020, "Human-in-the-loop imitation learning using remote
teleoperation", IWR; the classes of Liu et al. 2023, "Sirius"). Weighing: rows are drawn as they
come and weighed so that the expectation is the same; the weights' mean over all rows is one, so the
learning rate means the same.
"""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from learner.memory import Index, Memory, MixConfig
from learner.samples import Stratum

Shares = Mapping[Stratum, float]

# Who takes the share of an empty stratum: demonstrations, or what comes nearest to them.
_HEIRS = (Stratum.DEMONSTRATION, Stratum.SYNTHETIC, Stratum.ROLLOUT, Stratum.CORRECTION)


def shares(mix: MixConfig, counts: Mapping[Stratum, int]) -> dict[Stratum, float]:
    """Each stratum's share of a batch, which sum to one; nothing for one without rows.

    Demonstrations have what the others leave. The formula of Sirius makes a share negative where
    the fixed ones sum to more than one; here no share can be.

    Args:
        mix: at most one in all.
        counts: rows of each stratum; all zero: no shares.
    """
    wanted = {
        Stratum.CORRECTION: mix.corrections,
        Stratum.ROLLOUT: mix.rollouts,
        Stratum.SYNTHETIC: mix.synthetic,
    }
    found = {s: share for s, share in wanted.items() if share > 0.0 and counts.get(s, 0) > 0}
    rest = max(0.0, 1.0 - sum(found.values()))
    heir = next((s for s in _HEIRS if counts.get(s, 0) > 0), None)
    if heir is None:
        return {}
    if rest > 1e-9:
        found[heir] = found.get(heir, 0.0) + rest
    return found


def draw(memory: Memory, mix: MixConfig, batch: int, generator: torch.Generator) -> Index:
    """Numbers of the rows of a batch, stratum after stratum, each drawn with replacement.

    What rounding leaves falls to strata at random, so that the shares hold on average.
    """
    rows = rows_by_stratum(memory)
    parts = shares(mix, {s: len(found) for s, found in rows.items()})
    sizes = _sizes(list(parts.values()), batch, generator)
    drawn = [
        rows[stratum][torch.randint(len(rows[stratum]), (size,), generator=generator).numpy()]
        for stratum, size in zip(parts, sizes, strict=True)
    ]
    return np.concatenate(drawn) if drawn else np.zeros(0, np.int64)


def draw_evenly(
    memory: Memory, mix: MixConfig, batch: int, generator: torch.Generator
) -> tuple[Index, NDArray[np.float32]]:
    """A batch drawn as the rows come, and the weight of each: IWR's other form.

    With corrections and the rest in equal shares a correction weighs N / (2 N_I).
    """
    rows = rows_by_stratum(memory)
    parts = shares(mix, {s: len(found) for s, found in rows.items()})
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    every = np.concatenate([rows[stratum] for stratum in parts])
    weight = weights(parts, {s: len(rows[s]) for s in parts})
    weighed = np.concatenate([np.full(len(rows[s]), weight[s], np.float32) for s in parts])
    places = torch.randint(len(every), (batch,), generator=generator).numpy()
    return every[places], weighed[places]


def weights(parts: Shares, counts: Mapping[Stratum, int]) -> dict[Stratum, float]:
    """The weight of a row of each stratum, q N / N_s, so that its mean over all rows is one."""
    total = sum(counts[stratum] for stratum in parts)
    return {stratum: share * total / counts[stratum] for stratum, share in parts.items()}


def rows_by_stratum(memory: Memory) -> dict[Stratum, Index]:
    """The rows of each stratum that is drawn from."""
    return {stratum: memory.where(stratum) for stratum in _HEIRS}


def _sizes(parts: list[float], batch: int, generator: torch.Generator) -> list[int]:
    """How many rows each share gets: systematic sampling, so none is off by more than one."""
    if not parts:
        return []
    offset = float(torch.rand(1, generator=generator))
    edges = np.floor(np.cumsum(np.array([0.0, *parts])) * batch + offset)
    edges[-1] = np.floor(batch + offset)
    return np.diff(edges).astype(int).tolist()
