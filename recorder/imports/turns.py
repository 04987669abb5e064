"""Orientations as others write them, as our quaternions."""

import numpy as np

from recorder.imports.mapping import Turn
from teleop.se3 import Array, conjugate, from_rotvec, multiply

_SHORTEST = 1e-6  # below this a quaternion or an axis says nothing of a direction


def quaternions(values: Array, order: Turn) -> Array:
    """Unit quaternions (N, 4), w first, next to each other of one sign; NaN where none is told.

    Args:
        values: (N, k) as `order` says.
    """
    match order:
        case Turn.WXYZ:
            found = values
        case Turn.XYZW:
            found = np.roll(values, 1, axis=-1)
        case Turn.ROTVEC:
            found = from_rotvec(values)
        case Turn.EULER:
            turns = [from_rotvec(values[:, [axis]] * np.eye(3)[axis]) for axis in range(3)]
            found = multiply(turns[2], multiply(turns[1], turns[0]))
        case Turn.SIX:
            found = _from_columns(values[:, :3], values[:, 3:])
    norm = np.linalg.norm(found, axis=-1, keepdims=True)
    return _continued(np.where(norm > _SHORTEST, found / np.maximum(norm, _SHORTEST), np.nan))


def between(later: Array, earlier: Array) -> Array:
    """The rotation (..., 4) that leads from `earlier` to `later`, about the world's axes."""
    return multiply(later, conjugate(earlier))


def _continued(found: Array) -> Array:
    """Flip signs so that neighbours agree; q and -q are the same rotation."""
    if len(found) == 0:
        return found
    agree = np.where(np.vecdot(found[1:], found[:-1]) < 0, -1.0, 1.0)
    return found * np.concatenate(([1.0], np.cumprod(agree)))[:, None]


def _from_columns(x: Array, y: Array) -> Array:
    """From two columns of a matrix, made orthogonal (Zhou et al., CVPR 2019)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        x = x / np.linalg.norm(x, axis=-1, keepdims=True)
        y = y - np.vecdot(x, y)[:, None] * x
        y = y / np.linalg.norm(y, axis=-1, keepdims=True)
    matrix = np.stack([x, y, np.cross(x, y)], axis=-1)
    return _from_matrix(matrix)


def _from_matrix(m: Array) -> Array:
    """The quaternion of the largest part first, so that nothing small is divided by."""
    diagonal = np.stack([m[:, 0, 0], m[:, 1, 1], m[:, 2, 2]], axis=-1)
    trace = diagonal.sum(axis=-1)
    candidates = np.stack(
        [
            np.stack(
                [
                    1 + trace,
                    m[:, 2, 1] - m[:, 1, 2],
                    m[:, 0, 2] - m[:, 2, 0],
                    m[:, 1, 0] - m[:, 0, 1],
                ],
                axis=-1,
            ),
            *(_around(m, diagonal, trace, axis) for axis in range(3)),
        ],
        axis=1,
    )
    best = np.argmax(np.concatenate([trace[:, None], diagonal], axis=-1), axis=-1)
    return candidates[np.arange(len(m)), best]


def _around(m: Array, diagonal: Array, trace: Array, axis: int) -> Array:
    j, k = (axis + 1) % 3, (axis + 2) % 3
    found = np.empty((len(m), 4))
    found[:, 0] = m[:, k, j] - m[:, j, k]
    found[:, 1 + axis] = 1 + 2 * diagonal[:, axis] - trace
    found[:, 1 + j] = m[:, j, axis] + m[:, axis, j]
    found[:, 1 + k] = m[:, k, axis] + m[:, axis, k]
    return found
