"""Where the joints and links of both arms are, and what follows from it for a twist of the tool.

Joints are revolute and counted from the shoulder on. A link is a capsule: a segment and a radius.
A robot that can say this implements `teleop.interfaces.Kinematics`; the safety filter then keeps
joint limits, singularities and the distance between the arms too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teleop.messages import Array

_TINY = 1e-12
_NEXT = np.array([1, 2, 0])
_AFTER = np.array([2, 0, 1])


@dataclass(frozen=True, eq=False)
class Configuration:
    """Both arms at their joint angles `q`; m and rad, world axes."""

    q: Array  # (2, J)
    low: Array  # (2, J) least joint angle; -inf: none
    high: Array  # (2, J)
    axis: Array  # (2, J, 3) unit, of each joint
    origin: Array  # (2, J, 3) a point on each axis
    start: Array  # (2, L, 3) one end of each link's segment
    end: Array  # (2, L, 3)
    radius: Array  # (L,)
    moved_by: NDArray[np.intp]  # (L,) how many joints, from the shoulder on, move the link


@dataclass(frozen=True, eq=False)
class Gaps:
    """Places where a link of the left arm is near a link of the right; P of them."""

    distance: Array  # (P,) m between the surfaces; below 0 they overlap
    rate: Array  # (2, P, J) how fast a joint of either arm closes the gap, m/s per rad/s


def cross(a: Array, b: Array) -> Array:
    """Return the vector product over the last axis; np.cross takes five times as long."""
    return a[..., _NEXT] * b[..., _AFTER] - a[..., _AFTER] * b[..., _NEXT]


def jacobian(arms: Configuration, position: Array) -> Array:
    """Return (2, 6, J): the twist at the tool at `position` (2, 3) is it times the joint speeds."""
    columns = np.concatenate([cross(arms.axis, position[:, None] - arms.origin), arms.axis], axis=2)
    return np.swapaxes(columns, 1, 2)


def jacobian_change(arms: Configuration, columns: Array) -> Array:
    """How each column of the Jacobian changes with each joint.

    Args:
        arms: at which configuration.
        columns: the Jacobian, transposed: (2, J, 6).

    Returns:
        (2, J, J, 6): over joint j, then column i. What lies beyond a joint turns about it; a column
        before it sees the tool move.
    """
    linear, angular = columns[..., :3], columns[..., 3:]
    by = arms.axis[:, :, None]
    turned = np.concatenate([cross(by, linear[:, None]), cross(by, angular[:, None])], axis=3)
    moved = cross(arms.axis[:, None], linear[:, :, None])
    moved = np.concatenate([moved, np.zeros_like(moved)], axis=3)
    joints = np.arange(arms.axis.shape[1])
    beyond = joints[None, :] >= joints[:, None]
    return np.where(beyond[None, :, :, None], turned, moved)


def gaps(arms: Configuration, nearer_than: float) -> Gaps | None:
    """Look for links of the two arms that are nearer to each other than that, in m."""
    left, right = _near(arms, nearer_than)
    if left.size == 0:
        return None
    on_left, on_right = closest_points(
        arms.start[0, left], arms.end[0, left], arms.start[1, right], arms.end[1, right]
    )
    apart = on_right - on_left
    size = np.sqrt(np.vecdot(apart, apart))
    distance = size - arms.radius[left] - arms.radius[right]
    near = np.flatnonzero(distance < nearer_than)
    if near.size == 0:
        return None
    towards = apart[near] / np.maximum(size[near], _TINY)[:, None]
    points = np.stack([on_left[near], on_right[near]])
    speeds = cross(arms.axis[:, None], points[:, :, None] - arms.origin[:, None])  # (2, P, J, 3)
    closing = np.stack([towards, -towards])
    counts = np.stack([arms.moved_by[left[near]], arms.moved_by[right[near]]])
    moves = np.arange(arms.axis.shape[1]) < counts[:, :, None]
    return Gaps(distance[near], np.vecdot(speeds, closing[:, :, None]) * moves)


def _near(arms: Configuration, nearer_than: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find the pairs of links whose enclosing spheres are that near: few, and cheaply."""
    middle = 0.5 * (arms.start + arms.end)
    half = 0.5 * (arms.end - arms.start)
    reach = np.sqrt(np.vecdot(half, half)) + arms.radius
    apart = middle[0][:, None] - middle[1]
    most = reach[0][:, None] + reach[1] + nearer_than
    left, right = np.nonzero(np.vecdot(apart, apart) < most * most)
    return left, right


def closest_points(a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array]:
    """Return the points of the segments a-b and c-d that lie closest, each (P, 3).

    Source: Ericson, "Real-Time Collision Detection", 2005, section 5.1.9.
    """
    first, second, between = b - a, d - c, a - c
    aa = np.maximum(np.vecdot(first, first), _TINY)
    ee = np.maximum(np.vecdot(second, second), _TINY)
    bb = np.vecdot(first, second)
    cc = np.vecdot(first, between)
    ff = np.vecdot(second, between)
    slant = aa * ee - bb * bb
    skew = slant > _TINY * aa * ee
    s = np.where(skew, (bb * ff - cc * ee) / np.where(skew, slant, 1.0), 0.0)
    t = _share((bb * _share(s) + ff) / ee)
    s = _share((bb * t - cc) / aa)
    return a + s[:, None] * first, c + t[:, None] * second


def _share(values: Array) -> Array:
    """`values` held within 0 to 1; np.clip takes twice as long over so few."""
    return np.minimum(np.maximum(values, 0.0), 1.0)
