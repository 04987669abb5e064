"""Bounds on how fast an arm may approach something, and the twist that keeps them.

A bound says that `row @ twist <= most`: a wall, a contact, the end of a joint's travel, a
singularity, the other arm. What leaves passes. Of what approaches

- a wall, a contact or the other arm, only the approaching part is taken away, from the linear and
  the angular half apart, so that neither half ever grows: the arm slides along;
- the end of a joint or a singularity, the whole motion slows: along borders that nobody sees, an
  arm that slid would go where it was not asked to.
"""

from dataclasses import dataclass

import numpy as np

from teleop.messages import NUM_ARMS, Array
from teleop.safety_vectors import TINY, Flags

_SLACK = 1e-9  # of approach per unit of the row: m/s and rad/s that are rounding
_ROUNDS = 3


@dataclass(frozen=True, eq=False)
class Bounds:
    """K bounds for each arm."""

    names: tuple[str, ...]  # K
    rows: Array  # (2, K, 6)
    most: Array  # (2, K), not negative; inf: no bound
    slides: tuple[bool, ...]  # K; along the border; otherwise the motion slows as a whole


def joined(parts: list[Bounds | None]) -> Bounds | None:
    """Return the bounds of all `parts` as one; None: there are none."""
    given = [part for part in parts if part is not None]
    if not given:
        return None
    names = tuple(name for part in given for name in part.names)
    return Bounds(
        names,
        np.concatenate([part.rows for part in given], axis=1),
        np.concatenate([part.most for part in given], axis=1),
        tuple(slides for part in given for slides in part.slides),
    )


def held_within(twist: Array, bounds: Bounds) -> tuple[Array, Flags]:
    """Take from `twist` (2, 6) what approaches faster than the bounds allow.

    Returns:
        The twist, and which bounds (2, K) took something away.
    """
    allowed = bounds.most + _SLACK * (1.0 + np.abs(bounds.rows).sum(axis=2))
    over: Flags = np.matmul(bounds.rows, twist[:, :, None])[:, :, 0] > allowed
    if not over.any():
        return twist, over
    held = twist.copy()
    for arm in range(NUM_ARMS):
        if over[arm].any():
            held[arm], over[arm] = _held(twist[arm], bounds, arm, allowed[arm])
    return held, over


def _held(twist: Array, bounds: Bounds, arm: int, allowed: Array) -> tuple[Array, Flags]:
    """One arm: one bound after the other, a few times; what then still is too fast, is slowed."""
    rows, most = bounds.rows[arm], bounds.most[arm]
    touched = np.zeros(len(most), dtype=np.bool_)
    for _ in range(_ROUNDS):
        over = rows @ twist > allowed
        if not over.any():
            return twist, touched
        touched |= over
        for k in np.flatnonzero(over):
            less = _slid if bounds.slides[k] else _slowed
            twist = less(twist, rows[k], float(most[k]))
    rate = rows @ twist
    over = rate > allowed
    if over.any():
        twist = twist * max(0.0, float((most[over] / rate[over]).min()))
    return twist, touched | over


def _slowed(twist: Array, row: Array, most: float) -> Array:
    """Slow the whole twist."""
    rate = float(row @ twist)
    return twist if rate <= most else twist * (most / rate)


def _slid(twist: Array, row: Array, most: float) -> Array:
    """Take the share of both halves' approach away that is too much."""
    halves, normals = twist.reshape(2, 3), row.reshape(2, 3)
    rate = np.vecdot(halves, normals)
    excess = float(rate.sum()) - most
    approach = np.maximum(rate, 0.0)
    if excess <= 0.0:
        return twist
    size = np.maximum(np.vecdot(normals, normals), TINY * TINY)
    taken = min(1.0, excess / float(approach.sum())) * approach / size
    return (halves - taken[:, None] * normals).reshape(6)
