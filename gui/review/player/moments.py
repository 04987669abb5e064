"""Seconds of a clip: the time of its rows, without what edits and lean recordings left out.

A replay would stand still where minutes were cut out, and a time line would show little else; so a
gap is passed in one tick, and marked.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from teleop.messages import Array

GAP_S = 0.5  # between two rows; a robot that was only slow is shown as slow


def gaps(stamps_ns: NDArray[np.int64]) -> NDArray[np.intp]:
    """The rows that come after a gap; stamps (T,)."""
    return np.flatnonzero(np.diff(stamps_ns) > GAP_S * 1e9) + 1


def times_of(stamps_ns: NDArray[np.int64]) -> Array:
    """Seconds of each row since the first, (T,), with gaps closed."""
    if not len(stamps_ns):
        return np.zeros(0)
    ticks = np.diff(stamps_ns)
    usual = round(float(np.median(ticks))) if len(ticks) else 0
    most = round(GAP_S * 1e9)
    ticks = np.where(ticks > most, min(usual, most), ticks)
    return np.concatenate(([0], np.cumsum(ticks))) / 1e9


def moments(stamps_ns: NDArray[np.int64], times_s: Array, of_ns: ArrayLike) -> Array:
    """The seconds at which monotonic times `of_ns` (M,) are, (M,); in a gap: just before its end.

    Args:
        stamps_ns: (T,) of the rows, at least one.
        times_s: (T,) of the rows.
    """
    asked = np.asarray(of_ns, np.int64)
    rows = np.clip(np.searchsorted(stamps_ns, asked, side="right") - 1, 0, len(stamps_ns) - 1)
    ends: Array = np.append(times_s[1:], times_s[-1])
    return np.clip(times_s[rows] + (asked - stamps_ns[rows]) / 1e9, 0.0, ends[rows])
