"""How near each arm is to where it must not go, as bounds on its approach.

The walls of the workspace, the ends of the joints' travel, singularities, the other arm. Towards
each of them the permitted speed of approach falls to nothing over a zone, so that the arm slows
down before it rather than stopping at it. What an arm is already commanded to do, ahead of where it
is measured, counts as done. Each function returns None while nothing is within its zone.
"""

from functools import cache

import numpy as np

from teleop.config import SafetyLimits
from teleop.kinematics import Configuration, gaps, jacobian, jacobian_change
from teleop.messages import NUM_ARMS, Array, frozen_array
from teleop.safety_bounds import Bounds
from teleop.safety_vectors import SLACK, TINY, Flags

_DAMPING = 1e-3  # of the largest singular value; keeps joint speeds finite in a singularity
_FAR_RAD = 1.0  # no lead turns a joint by that much
_LEVER = 0.2  # m; no point of an arm is moved further by a turn of its tool, near the other arm
_WALLS = frozen_array(np.concatenate([-np.eye(3, 6), np.eye(3, 6)])[None].repeat(NUM_ARMS, axis=0))


class Joints:
    """The arms' joints as the tools' twists move them.

    Args:
        arms: where they are.
        position: (2, 3) m of the tools, measured.
        lead: (2, 6) from the measured to the commanded pose.
        limits: the figures.
    """

    def __init__(
        self, arms: Configuration, position: Array, lead: Array, limits: SafetyLimits
    ) -> None:
        self.arms = arms
        self.lead = lead
        metres = _metres(limits)
        columns = jacobian(arms, position)
        # In radians throughout: a row of metres is divided by the characteristic length.
        self.jacobian = columns / metres[:, None]
        inverse, self.well_conditioned = _inverse(self.jacobian, limits.singular_slow)
        self.inverse = inverse / metres  # (2, J, 6): joint speeds of a tool's twist

    def ahead(self, rows: Array) -> Array:
        """How far (2, K) the lead has come along `rows` (2, K, 6) already; never back."""
        return np.maximum(np.matmul(rows, self.lead[:, :, None])[:, :, 0], 0.0)


def _inverse(square: Array, condition: float) -> tuple[Array, bool]:
    """Invert (2, 6, 6), nearly if it is singular; and whether it surely is far from that."""
    try:
        inverse = np.asarray(np.linalg.inv(square), dtype=np.float64)
        # Of the Frobenius norms: never less than the condition number proper, which takes longer.
        bound = (square * square).sum(axis=(1, 2)) * (inverse * inverse).sum(axis=(1, 2))
        if (bound < condition * condition).all():
            return inverse, True
    except np.linalg.LinAlgError:
        pass
    left, size, right = np.linalg.svd(square)
    damped = size / (size**2 + (_DAMPING * size[:, :1]) ** 2)
    return (np.swapaxes(right, 1, 2) * damped[:, None]) @ np.swapaxes(left, 1, 2), False


def wall_bounds(position: Array, limits: SafetyLimits) -> Bounds | None:
    """Bound the approach of the commanded `position` (2, 3) to the walls of the workspace."""
    low, high = _corners(limits)
    room = np.concatenate([position - low, high - position], axis=1)
    if room.min() >= limits.workspace_slow_m:
        return None
    share = np.clip(room / limits.workspace_slow_m, 0.0, 1.0)
    most = _falling(limits.linear_speed, share)
    return Bounds(("workspace",) * 6, _WALLS, most, (True,) * 6)


def joint_bounds(joints: Joints, limits: SafetyLimits) -> Bounds | None:
    """Bound each joint's approach to the ends of its travel."""
    arms = joints.arms
    room = np.concatenate([arms.q - arms.low, arms.high - arms.q], axis=1) - limits.joint_margin
    if room.min() >= limits.joint_slow + _FAR_RAD:
        return None
    leads = np.matmul(joints.inverse, joints.lead[:, :, None])[:, :, 0]
    room = room - np.maximum(np.concatenate([-leads, leads], axis=1), 0.0)
    if room.min() >= limits.joint_slow:
        return None
    rows = np.concatenate([-joints.inverse, joints.inverse], axis=1)
    share = np.clip(room / limits.joint_slow, 0.0, 1.0)
    most = _falling(limits.joint_speed, share)
    return Bounds(("joint_limit",) * rows.shape[1], rows, most, (False,) * rows.shape[1])


def singularity_bounds(joints: Joints, limits: SafetyLimits) -> Bounds | None:
    """Bound the approach to a singularity, told by the condition number of the Jacobian.

    The two thresholds mean what those of MoveIt Servo mean; which way leads to the singularity
    comes from the derivatives of the singular values.
    """
    if joints.well_conditioned:
        return None
    left, size, right = np.linalg.svd(joints.jacobian)
    flatness = size[:, -1] / np.maximum(size[:, 0], TINY)  # 1 over the condition number
    if (flatness * limits.singular_slow >= 1.0).all():
        return None
    metres = _metres(limits)
    columns = np.swapaxes(joints.jacobian * metres[:, None], 1, 2)
    change = jacobian_change(joints.arms, columns) / metres
    first, last = (
        np.einsum("ajir,ar,ai->aj", change, left[:, :, k], right[:, k, :]) for k in (0, -1)
    )
    gain = (last - flatness[:, None] * first) / np.maximum(size[:, :1], TINY)
    rows = -(gain[:, None] @ joints.inverse)
    span = max(limits.singular_stop - limits.singular_slow, TINY)
    condition = 1.0 / np.maximum(flatness, TINY)
    share = np.clip((limits.singular_stop - condition) / span, 0.0, 1.0)[:, None]
    halves = rows.reshape(NUM_ARMS, 1, 2, 3)
    fastest = np.sqrt(np.vecdot(halves, halves)) @ (limits.linear_speed, limits.angular_speed)
    return Bounds(("singularity",), rows, _falling(fastest, share), (False,))


def distance_bounds(joints: Joints, limits: SafetyLimits) -> Bounds | None:
    """Bound how fast each arm approaches the other, whatever the other does."""
    zone = limits.arm_distance + limits.arm_distance_slow
    halves = joints.lead.reshape(NUM_ARMS, 2, 3)
    ahead = np.sqrt(np.vecdot(halves, halves)).sum(axis=0) @ (1.0, _LEVER)
    near = gaps(joints.arms, zone + float(ahead))
    if near is None:
        return None
    rows = near.rate @ joints.inverse
    room = near.distance - joints.ahead(rows).sum(axis=0) - limits.arm_distance
    share = np.clip(room / limits.arm_distance_slow, 0.0, 1.0)
    most = np.broadcast_to(_falling(limits.linear_speed, share), rows.shape[:2])
    return Bounds(("arm_distance",) * len(room), rows, most, (True,) * len(room))


def slowed(twist: Array, joints: Joints, limits: SafetyLimits) -> tuple[Array, Flags]:
    """Slow each arm's twist (2, 6) as a whole until no joint turns too fast."""
    speeds = np.abs(np.matmul(joints.inverse, twist[:, :, None]))[:, :, 0]
    fastest = np.maximum.reduce(speeds, axis=1)
    over: Flags = fastest > limits.joint_speed * (1.0 + SLACK)
    if not over.any():
        return twist, over
    factor = np.where(over, limits.joint_speed / np.maximum(fastest, TINY), 1.0)
    return twist * factor[:, None], over


def _falling(fastest: Array | float, share: Array) -> Array:
    """The speed of approach where `share` of the zone is left; no bound outside the zone."""
    return np.where(share >= 1.0, np.inf, fastest * share)


@cache
def _corners(limits: SafetyLimits) -> tuple[Array, Array]:
    return frozen_array(limits.workspace_low), frozen_array(limits.workspace_high)


@cache
def _metres(limits: SafetyLimits) -> Array:
    """By what the rows of a Jacobian are divided, (6,)."""
    return frozen_array([limits.characteristic_length] * 3 + [1.0] * 3)
