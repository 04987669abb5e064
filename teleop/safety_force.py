"""Contact forces: above the soft figure nothing pushes further, above the hard one an arm retreats.

Backing off is the one motion that nobody asked for. It goes along the force, slowly, and ends after
a short way even if the force stays, as that of a broken sensor would.
"""

from dataclasses import dataclass

import numpy as np

from teleop.config import SafetyLimits
from teleop.messages import NUM_ARMS, Array, RobotState, frozen_array
from teleop.safety_bounds import Bounds
from teleop.safety_vectors import TINY, Flags, Hits
from teleop.se3 import length, rotate

_NAMES = ("force", "torque")
_NO_WAY = frozen_array(np.zeros(NUM_ARMS))


@dataclass(frozen=True, eq=False)
class Contact:
    """Forces and torques above their soft figures, in world axes."""

    high: Flags  # (2, 2)
    hard: Flags  # (2,) the force is above the hard figure too
    away: Array  # (2, 2, 3) unit; the way that force and torque push the tool


def felt(robot: RobotState, limits: SafetyLimits) -> Contact | None:
    """Turn the measured wrench into the world; None: nothing is above its soft figure."""
    halves = robot.wrench.reshape(NUM_ARMS, 2, 3)
    size = length(halves)
    high = size[..., 0] > (limits.soft_force, limits.soft_torque)
    if not high.any():
        return None
    away = rotate(robot.quaternion[:, None], halves / np.maximum(size, TINY))
    return Contact(high, size[:, 0, 0] > limits.hard_force, away)


def push_bounds(contact: Contact | None) -> Bounds | None:
    """Forbid to go against a force or a torque that is above its soft figure."""
    if contact is None:
        return None
    rows = np.zeros((NUM_ARMS, 2, 6))
    rows[:, 0, :3], rows[:, 1, 3:] = -contact.away[:, 0], -contact.away[:, 1]
    return Bounds(_NAMES, rows, np.where(contact.high, 0.0, np.inf), (True,) * 2)


def backing_off(
    twist: Array, contact: Contact | None, retreated: Array, limits: SafetyLimits, hits: Hits
) -> Array:
    """Make of the asked twist one that backs off, where the force is above the hard figure.

    Args:
        twist: (2, 6) asked.
        contact: what the arms feel.
        retreated: (2,) m backed off already.
        limits: the figures.
        hits: told.

    Returns:
        The twist; its linear halves are no longer than they were, or than `retreat_speed`.
    """
    if contact is None or not contact.hard.any():
        return twist
    due = contact.hard & (retreated < limits.retreat_m)
    hits.note("retreat", due)
    out = twist.copy()
    for arm in np.flatnonzero(due):
        linear, away = twist[arm, :3], contact.away[arm, 0]
        asked, along = float(np.sqrt(linear @ linear)), float(linear @ away)
        back = max(along, limits.retreat_speed)
        aside = linear - along * away
        room = np.sqrt(max(0.0, max(asked, limits.retreat_speed) ** 2 - back**2))
        aside_size = float(np.sqrt(aside @ aside))
        out[arm, :3] = back * away + aside * min(1.0, room / max(aside_size, TINY))
    return out


def distance_backed_off(retreated: Array, moved: Array, contact: Contact | None) -> Array:
    """Count the way (2,) m on; the count begins anew once the force is below the soft figure.

    Args:
        retreated: before.
        moved: (2, 3) m that the commanded position has moved.
        contact: what the arms feel.
    """
    if contact is None:
        return _NO_WAY
    along = np.maximum(np.vecdot(moved, contact.away[:, 0]), 0.0)
    return np.where(contact.high[:, 0], retreated + np.where(contact.hard, along, 0.0), 0.0)
