"""Training rows, ten a second, cut out of episodes.

A row is what the policy saw at one moment and what the arms were really made to do in the 0.8 s
after it. What may be learned from which row is decided by its stratum and, per arm and chunk step,
by its weight.
"""

from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import Self

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from learner.model import ACTION_SIZE, HORIZON
from learner.observe import Float32
from teleop.messages import NUM_ARMS, Array


class Stratum(IntEnum):
    """Where a row comes from (after Liu et al. 2023, "Sirius")."""

    DEMONSTRATION = 0
    CORRECTION = 1  # an operator drives at least one arm
    ROLLOUT = 2  # the policy's own, in an episode that ended in success
    EXCLUDED = 3  # the policy's own in an episode that failed; not kept
    PRE_INTERVENTION = 4  # just before a takeover: what should not have been done; not drawn
    SYNTHETIC = 5  # demonstrations and play made in simulation


Jpegs = tuple[tuple[bytes, ...], ...]  # of each row and camera


@dataclass(frozen=True, eq=False)
class Samples:
    """N rows; arms and cameras as in `teleop.messages` and the net's config."""

    jpeg_NK: Jpegs
    position_N23: Array
    quaternion_N24: Array
    opening_N2: Array
    wrench_NW26: Float32  # squashed history
    tactile_N2288: Float32  # squashed
    words_NM: NDArray[np.int64]
    target_NHA: Float32  # m/s, rad/s, opening
    weight_NHA: Float32  # 0: nothing to learn from this entry; 1: all there is
    stratum_N: NDArray[np.int8]
    goal_N6: Float32  # see goal.py; NaN entries are not known

    def __len__(self) -> int:
        return len(self.jpeg_NK)

    def select(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Self:
        """The given rows, in order; `rows` are indices or a mask."""
        index = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        arrays = {f.name: getattr(self, f.name)[index] for f in fields(self) if f.name != "jpeg_NK"}
        return type(self)(jpeg_NK=tuple(self.jpeg_NK[i] for i in index), **arrays)

    @classmethod
    def concatenate(cls, parts: list[Self]) -> Self:
        """All rows of `parts`, which must not be empty."""
        arrays = {
            f.name: np.concatenate([getattr(part, f.name) for part in parts])
            for f in fields(cls)
            if f.name != "jpeg_NK"
        }
        return cls(jpeg_NK=tuple(row for part in parts for row in part.jpeg_NK), **arrays)

    def compact(self, quality: int) -> Self:
        """The same rows with smaller images, for a pack that is shipped."""
        codes = tuple(
            tuple(
                simplejpeg.encode_jpeg(
                    simplejpeg.decode_jpeg(code), quality=quality, colorsubsampling="420"
                )
                for code in row
            )
            for row in self.jpeg_NK
        )
        return replace(self, jpeg_NK=codes)

    def images(self, rows: NDArray[np.intp] | slice) -> NDArray[np.uint8]:
        """Decoded images (n, K, height, width, 3)."""
        index = range(*rows.indices(len(self))) if isinstance(rows, slice) else rows
        return np.stack(
            [np.stack([simplejpeg.decode_jpeg(code) for code in self.jpeg_NK[i]]) for i in index]
        )


def rows_after_gaps(stamps_ns: NDArray[np.int64], longest_ns: int) -> NDArray[np.intp]:
    """The rows that came more than `longest_ns` after the one before them."""
    return np.flatnonzero(np.diff(stamps_ns) > longest_ns) + 1


def chunk_targets(
    stamps_ns: NDArray[np.int64],
    actions_TA: Array,
    weights_T2: Array,
    starts: NDArray[np.intp],
    period_ns: int,
) -> tuple[Float32, Float32]:
    """The mean executed action over each chunk step from each start row, and its weight per entry.

    A chunk step counts for an arm if every row in it does (RLinf's rule for fully intervened
    chunks, applied to each step instead of the whole chunk). Steps past the end of the episode do
    not, nor those past a gap in its rows: nobody knows what led to what came after.

    Args:
        stamps_ns: (T,) of the control ticks, increasing.
        actions_TA: (T, 14) executed.
        weights_T2: (T, 2) 1 where the row may be learned from for that arm.
        starts: (N,) rows at which a chunk starts.
        period_ns: of one chunk step.

    Returns:
        Targets (N, 8, 14) and weights (N, 8, 14).
    """
    total = np.concatenate([np.zeros((1, ACTION_SIZE)), np.cumsum(actions_TA, axis=0)])
    allowed = np.concatenate([np.zeros((1, NUM_ARMS)), np.cumsum(weights_T2 >= 1.0, axis=0)])
    edges_ns = stamps_ns[starts][:, None] + period_ns * np.arange(HORIZON + 1)
    edges = np.searchsorted(stamps_ns, edges_ns)  # (N, H + 1); T past the end
    count = np.diff(edges, axis=1)  # rows in each step
    span = np.maximum(count, 1)[..., None]
    target = (total[edges[:, 1:]] - total[edges[:, :-1]]) / span
    whole = (allowed[edges[:, 1:]] - allowed[edges[:, :-1]]) == count[..., None]
    gaps = rows_after_gaps(stamps_ns, period_ns // 2)
    ends = np.append(gaps, len(stamps_ns))[np.searchsorted(gaps, starts, side="right")]
    inside = edges_ns[:, 1:] <= stamps_ns[ends - 1][:, None] + period_ns // 10
    weight = (whole & (count > 0)[..., None] & inside[..., None]).astype(np.float32)
    return target.astype(np.float32), np.repeat(weight, ACTION_SIZE // NUM_ARMS, axis=-1)
