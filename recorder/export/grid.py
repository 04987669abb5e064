"""Rows of an export: a regular grid in time, each point answered by the control tick before it.

An export is a gather: nothing is interpolated, so each exported number is one that was recorded.
"""

import numpy as np
from numpy.typing import NDArray


def grid_rows(stamp_ns: NDArray[np.int64], fps: float) -> NDArray[np.intp]:
    """The row of each grid point, (M,): the newest that is not later than the point.

    Where rows are missing (lost, or not kept) the grid begins anew with the first row after the
    gap, so that no row is repeated to fill it.

    Args:
        stamp_ns: (N,) rising.
        fps: points a second.
    """
    if len(stamp_ns) == 0:
        return np.zeros(0, np.intp)
    period_ns = 1e9 / fps
    usual_ns = float(np.median(np.diff(stamp_ns))) if len(stamp_ns) > 1 else period_ns
    gaps = np.flatnonzero(np.diff(stamp_ns) > 2 * max(usual_ns, period_ns)) + 1
    chosen: list[NDArray[np.intp]] = []
    for piece in np.split(np.arange(len(stamp_ns)), gaps):
        stamps = stamp_ns[piece]
        points = np.arange(stamps[0], stamps[-1] + 1, period_ns)
        chosen.append(piece[np.searchsorted(stamps, points.astype(np.int64), side="right") - 1])
    return np.concatenate(chosen)
