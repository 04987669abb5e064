"""What the marks of trimming select."""

import numpy as np

from teleop.messages import Array

Span = tuple[float, float]


def marked(trim: Span | None, at_s: float, length_s: float, *, begin: bool) -> Span:
    """The marks after one was set; one that would lie on the wrong side goes to its end."""
    first, last = trim or (0.0, length_s)
    if begin:
        return at_s, last if last > at_s else length_s
    return first if first < at_s else 0.0, at_s


def rows_between(times_s: Array, trim: Span) -> tuple[int, int]:
    """First row and the row after the last that lie between the marks; one row at least.

    Args:
        times_s: (T,) rising.
    """
    first = int(np.searchsorted(times_s, trim[0]))
    last = int(np.searchsorted(times_s, trim[1], side="right"))
    first = min(first, len(times_s) - 1)
    return first, max(last, first + 1)
