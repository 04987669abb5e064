"""Curves as the least and greatest value of each pixel, so that no spike is lost.

Taken anew only when another stretch of time is shown; 60,000 rows of 20 curves take some
milliseconds then.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gui.review.player.time_axis import TimeAxis
from teleop.messages import Array


@dataclass(frozen=True, eq=False)
class Extremes:
    """P points of C curves.

    Attributes:
        x: (P,) pixels.
        low, high: (C, P); equal where a pixel has one row.
    """

    x: Array
    low: Array
    high: Array


def extremes(times_s: Array, values: Array, axis: TimeAxis) -> Extremes:
    """Least and greatest of `values` (C, T) in each pixel of `axis`; NaN stays a gap.

    Args:
        times_s: (T,) rising.
    """
    first = max(int(np.searchsorted(times_s, axis.begin_s)) - 1, 0)
    last = min(int(np.searchsorted(times_s, axis.end_s, side="right")) + 1, len(times_s))
    shown: Array = values[:, first:last]
    span = max(axis.end_s - axis.begin_s, 1e-9)
    x: Array = axis.left + (times_s[first:last] - axis.begin_s) / span * axis.width
    if last - first <= 2 * axis.width:
        return Extremes(x, shown, shown)
    pixels: NDArray[np.int64] = np.floor(x).astype(np.int64)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(pixels)) + 1))
    return Extremes(
        np.asarray(pixels[starts] + 0.5, np.float64),
        np.fmin.reduceat(shown, starts, axis=1),
        np.fmax.reduceat(shown, starts, axis=1),
    )
