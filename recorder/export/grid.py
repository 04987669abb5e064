"""Rows of an export: a regular grid in time, each point answered by the control tick before it.

An export is a gather: nothing is interpolated, so each exported number is one that was recorded.
"""

import numpy as np
from numpy.typing import NDArray

_SAME_RATE = 0.02  # a grid this near to the ticks' own rate is the ticks


def grid_pieces(stamp_ns: NDArray[np.int64], fps: float) -> tuple[NDArray[np.intp], ...]:
    """The rows of the grid points of each stretch without a gap, (M,) each.

    Where rows are missing (lost, or not kept) a piece ends, and the next one's grid begins with
    the first row after the gap, so that no row is repeated to fill it. Asked for the ticks' own
    rate, it gives every row once, whatever their jitter.

    Args:
        stamp_ns: (N,) rising.
        fps: points a second.
    """
    if len(stamp_ns) == 0:
        return ()
    period_ns = 1e9 / fps
    usual_ns = usual_period_ns(stamp_ns) or period_ns
    native = abs(usual_ns - period_ns) <= _SAME_RATE * period_ns
    gaps = np.flatnonzero(np.diff(stamp_ns) > 2 * max(usual_ns, period_ns)) + 1
    pieces: list[NDArray[np.intp]] = []
    for piece in np.split(np.arange(len(stamp_ns)), gaps):
        stamps = stamp_ns[piece]
        points = np.rint(np.arange(stamps[0], stamps[-1] + 1, period_ns)).astype(np.int64)
        chosen = np.searchsorted(stamps, points, side="right") - 1
        pieces.append(piece if native else piece[chosen])
    return tuple(pieces)


def usual_period_ns(stamp_ns: NDArray[np.int64]) -> float:
    """The median time between two rows, 0: there are fewer than two."""
    return float(np.median(np.diff(stamp_ns))) if len(stamp_ns) > 1 else 0.0
