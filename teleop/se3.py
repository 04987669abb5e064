"""Rotations and poses in numpy, batched over leading axes; quaternions are w-first, of unit length.

A displacement and a twist are six numbers, linear first, both in world axes at the tool's origin:
moving along `difference(b, a)` for 1 s leads from a to b.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Row i of the left-multiplication matrix L(q), L(q) p = q p, is SIGN[i] * q[INDEX[i]].
_INDEX = np.array([[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]])
_SIGN = np.array([[1.0, -1, -1, -1], [1, 1, -1, 1], [1, 1, 1, -1], [1, -1, 1, 1]])
_CONJUGATE = np.array([1.0, -1.0, -1.0, -1.0])
_SMALL = 1e-12  # rad; below it the series limit is exact in double precision


def length(vector: Array) -> Array:
    """Return the Euclidean norm over the last axis, which is kept: (..., n) to (..., 1)."""
    return np.sqrt(np.vecdot(vector, vector))[..., None]


def multiply(a: Array, b: Array) -> Array:
    """Return the quaternion product: first `b`, then `a`. Shapes (..., 4)."""
    return ((a[..., _INDEX] * _SIGN) @ b[..., None])[..., 0]


def conjugate(quaternion: Array) -> Array:
    """Return the inverse rotation. Shape (..., 4)."""
    return quaternion * _CONJUGATE


def rotate(quaternion: Array, vector: Array) -> Array:
    """Rotate `vector` (..., 3) by `quaternion` (..., 4)."""
    pure = np.zeros((*vector.shape[:-1], 4))
    pure[..., 1:] = vector
    return multiply(multiply(quaternion, pure), conjugate(quaternion))[..., 1:]


def from_rotvec(rotvec: Array) -> Array:
    """Return the quaternion (..., 4) of a rotation vector (..., 3) in rad."""
    angle = length(rotvec)
    half = 0.5 * angle
    out = np.empty((*rotvec.shape[:-1], 4))
    out[..., :1] = np.cos(half)
    out[..., 1:] = rotvec * np.where(angle > _SMALL, np.sin(half) / np.maximum(angle, _SMALL), 0.5)
    return out


def to_rotvec(quaternion: Array) -> Array:
    """Return the shortest rotation vector (..., 3) in rad of a quaternion (..., 4)."""
    w = quaternion[..., :1]
    vector = np.where(w < 0.0, -quaternion[..., 1:], quaternion[..., 1:])
    sine = length(vector)
    angle = 2.0 * np.arctan2(sine, np.abs(w))
    return vector * np.where(sine > _SMALL, angle / np.maximum(sine, _SMALL), 2.0)


def integrate(position: Array, quaternion: Array, twist: Array, dt: float) -> tuple[Array, Array]:
    """Move a pose along the world `twist` (..., 6) for `dt` s; the quaternion is renormalised."""
    turned = multiply(from_rotvec(twist[..., 3:] * dt), quaternion)
    return position + twist[..., :3] * dt, turned / length(turned)


def difference(
    position: Array, quaternion: Array, from_position: Array, from_quaternion: Array
) -> Array:
    """Return the displacement (..., 6) that leads from the second pose to the first."""
    turn = to_rotvec(multiply(quaternion, conjugate(from_quaternion)))
    return np.concatenate([position - from_position, turn], axis=-1)
