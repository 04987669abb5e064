"""From rows and seconds of a clip to rows of its recordings, which is what edits name."""

import numpy as np
from numpy.typing import NDArray

from recorder.edits.clip import Clip
from recorder.edits.edit import Span
from teleop.errors import EpisodeError

_LONGEST_S = 1e9  # as nanoseconds it still fits 64 bits


def place_of(clip: Clip, row: int) -> tuple[str, int]:
    """The recorded episode and its row that row `row` of the clip is.

    Raises:
        EpisodeError: the clip has no such row.
    """
    left = row
    for piece in clip.pieces:
        if 0 <= left < piece.rows:
            return piece.episode, piece.start + left
        left -= piece.rows
    raise EpisodeError(f"{clip.name} has {clip.rows} rows; there is no row {row}.")


def spans_of(clip: Clip, start: int, stop: int) -> tuple[Span, ...]:
    """The recorded rows that rows `start` up to `stop` of the clip are."""
    spans: list[Span] = []
    first = 0
    for piece in clip.pieces:
        begin, end = max(start - first, 0), min(stop - first, piece.rows)
        if begin < end:
            spans.append(Span(piece.episode, piece.start + begin, piece.start + end))
        first += piece.rows
    return tuple(spans)


def row_at(stamp_ns: NDArray[np.int64], seconds: float) -> int:
    """The first row that is at least `seconds` after the first one; the count of rows: none.

    Raises:
        EpisodeError: that is no time, such as nan.
    """
    if not abs(seconds) < _LONGEST_S:
        raise EpisodeError(f"{seconds} s is no time within an episode. Give seconds as a number.")
    return int(np.searchsorted(stamp_ns, int(stamp_ns[0]) + round(seconds * 1e9)))
