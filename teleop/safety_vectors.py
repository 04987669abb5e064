"""Twists by halves, linear and angular, and which arm hit which limit."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from teleop.config import SafetyLimits
from teleop.messages import NUM_ARMS, Arm, Array, frozen_array
from teleop.se3 import length

SLACK = 1e-9  # relative, so that rounding is not reported as a limit
TINY = 1e-12

Flags = NDArray[np.bool_]  # arm first


class Hits:
    """Which arms hit which limits in one call."""

    def __init__(self) -> None:
        self._hits: list[tuple[str, Flags]] = []

    def note(self, name: str, hit: Flags) -> None:
        """Remember the arms (first axis) of which any flag is set."""
        if hit.any():
            arms: Flags = hit if hit.ndim == 1 else np.logical_or.reduce(hit, axis=1)
            self._hits.append((name, arms))

    def names(self) -> tuple[str, ...]:
        """Return "left.speed" and so on, the left arm first, each once."""
        names = [
            f"{arm.name.lower()}.{name}" for arm in Arm for name, hit in self._hits if hit[arm]
        ]
        return tuple(dict.fromkeys(names))


@cache
def pairs(limits: SafetyLimits) -> tuple[Array, Array, Array, Array]:
    """Speed, acceleration, jerk and leash of the linear and the angular half."""
    return (
        frozen_array([limits.linear_speed, limits.angular_speed]),
        frozen_array([limits.linear_acceleration, limits.angular_acceleration]),
        frozen_array([limits.linear_jerk, limits.angular_jerk]),
        frozen_array([limits.leash_m, limits.leash_rad]),
    )


def shortened(vector: Array, most: Array) -> tuple[Array, Flags]:
    """Shorten the linear and the angular half of (2, 6) to the lengths `most` (2,).

    Returns:
        The vector, and for which arm and half (2, 2) it was too long.
    """
    halves = vector.reshape(NUM_ARMS, 2, 3)
    size = length(halves)[..., 0]
    over = size > most * (1.0 + SLACK)
    if not over.any():
        return vector, over
    factor = np.where(over, most / np.maximum(size, TINY), 1.0)
    return (halves * factor[..., None]).reshape(NUM_ARMS, 6), over


def without_opposing(acceleration: Array, change: Array) -> Array:
    """Take from each half of `acceleration` (2, 6) what goes against `change` (2, 6)."""
    if not change.any():
        return acceleration
    halves, turn = acceleration.reshape(NUM_ARMS, 2, 3), change.reshape(NUM_ARMS, 2, 3)
    along = turn / np.maximum(length(turn), TINY)
    against = np.minimum(np.vecdot(halves, along), 0.0)
    return (halves - against[..., None] * along).reshape(NUM_ARMS, 6)
