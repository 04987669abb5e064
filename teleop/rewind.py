"""The way back: along the path that an arm came, to the last pose before it failed. Pure.

Going back to a pose that the policy knows, and driving on from there, instead of repairing on the
spot, follows RaC (Hu et al. 2025, "RaC: robot learning for long-horizon tasks by scaling recovery
and correction").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from teleop.messages import Array, frozen_array
from teleop.se3 import difference

LEAST_BACK_NS = 1_000_000_000  # of the way that it came
AHEAD_M, AHEAD_RAD = 0.003, 0.03  # a waypoint nearer than this is passed
NEAR_M, NEAR_RAD = 0.001, 0.01  # the goal counts as reached
LEVER_M = 0.1  # m that a rad of turn counts for in the speed
SETTLE_S = 0.1  # the last bit is approached with this time constant
SPARE_S = 2.0  # beyond twice the time that the way takes, before it is given up

_STILL = frozen_array(np.zeros(6))


@dataclass(frozen=True, eq=False)
class PathPoint:
    """Where an arm has been."""

    since_ns: int  # when it came there
    position: Array  # (3,) m
    quaternion: Array  # (4,)
    free: bool  # all the while it pressed on nothing, and nothing looked foreign to the policy


@dataclass(frozen=True, eq=False)
class WayBack:
    """A rewind under way: the points to pass, the goal last."""

    points: tuple[PathPoint, ...]
    until_ns: int  # then it is given up
    index: int = 0


def goal_of(points: Sequence[PathPoint], here_since_ns: int) -> int:
    """Return the index of the pose before the failure; -1: there is none.

    It is the newest free one that lies at least a second of the way behind; how long the arm has
    stood where it is now does not count.

    Args:
        points: the path, oldest first.
        here_since_ns: when the arm came to where it is now.
    """
    for index in range(len(points) - 1, -1, -1):
        if points[index].free and points[index].since_ns <= here_since_ns - LEAST_BACK_NS:
            return index
    return -1


def way_back(points: Sequence[PathPoint], now_ns: int, speed: float) -> WayBack:
    """Begin to go back along `points`, oldest first, to the first of them at `speed` m/s."""
    metres = sum(
        max(
            float(np.linalg.norm(late.position - early.position)),
            LEVER_M * _angle(late.quaternion, early.quaternion),
        )
        for early, late in pairwise(points)
    )
    allowed_s = 2.0 * metres / speed + SPARE_S
    return WayBack(tuple(reversed(points)), now_ns + int(allowed_s * 1e9))


def follow(
    way: WayBack, position: Array, quaternion: Array, now_ns: int, speed: float
) -> tuple[Array, WayBack, bool]:
    """Go on along the way from a measured pose.

    Args:
        way: as it was left.
        position: (3,) m.
        quaternion: (4,).
        now_ns: the instant.
        speed: m/s along the path; a turn counts by `LEVER_M`.

    Returns:
        The twist (6,) to ask for, the way as it is now, and whether it is over.
    """
    index, last = way.index, len(way.points) - 1
    lead, metres, angle = _lead(way.points[index], position, quaternion)
    while index < last and metres < AHEAD_M and angle < AHEAD_RAD:
        index += 1
        lead, metres, angle = _lead(way.points[index], position, quaternion)
    now = WayBack(way.points, way.until_ns, index)
    arrived = index == last and metres < NEAR_M and angle < NEAR_RAD
    if arrived or now_ns >= way.until_ns:
        return _STILL, now, True
    seconds = max(metres / speed, angle * LEVER_M / speed, SETTLE_S)
    return lead / seconds, now, False


def _lead(point: PathPoint, position: Array, quaternion: Array) -> tuple[Array, float, float]:
    lead = difference(point.position, point.quaternion, position, quaternion)
    return lead, float(np.sqrt(lead[:3] @ lead[:3])), float(np.sqrt(lead[3:] @ lead[3:]))


def _angle(a: Array, b: Array) -> float:
    return 2.0 * float(np.arccos(min(1.0, abs(float(a @ b)))))
