"""What the commanded pose is kept within at once: the leash to the measured pose, and the box.

Both only take away, without regard to the acceleration limit.
"""

import numpy as np

from teleop.config import SafetyLimits
from teleop.messages import NUM_ARMS, Array, RobotState
from teleop.safety_bounds import Bounds
from teleop.safety_vectors import TINY, Hits, pairs, shortened
from teleop.se3 import difference, from_rotvec, integrate, length, multiply


def leash_bounds(lead: Array, dt: float, limits: SafetyLimits) -> Bounds | None:
    """Ask for no more than the leash leaves room for, so that a leashed arm can still slide.

    Args:
        lead: (2, 6) from the measured to the commanded pose.
        dt: s.
        limits: the figures.
    """
    halves = lead.reshape(NUM_ARMS, 2, 3)
    size = length(halves)
    speed, _, _, leash = pairs(limits)
    room = leash - size[..., 0]
    if (room >= speed * dt).all():
        return None
    outward = halves / np.maximum(size, TINY)
    rows = np.zeros((NUM_ARMS, 2, 6))
    rows[:, 0, :3], rows[:, 1, 3:] = outward[:, 0], outward[:, 1]
    return Bounds(("leash", "leash"), rows, np.maximum(room, 0.0) / dt, (True,) * 2)


def leashed(
    anchor: tuple[Array, Array],
    pose: tuple[Array, Array],
    twist: Array,
    robot: RobotState,
    dt: float,
    limits: SafetyLimits,
    hits: Hits,
) -> tuple[Array, Array, Array]:
    """Keep the target within the leash of the measured pose, approaching it at most at full speed.

    Args:
        anchor: position and quaternion that the motion starts from.
        pose: those that it leads to.
        twist: (2, 6) of the motion.
        robot: what was measured.
        dt: s.
        limits: the figures.
        hits: told.

    Returns:
        Position and quaternion of the target, and the twist to carry on with: without what pulls
        at the leash. The pull of the leash itself is no commanded motion and is not carried on.
    """
    position, quaternion = pose
    speed, _, _, leash = pairs(limits)
    if _is_within(position - robot.position, quaternion, robot.quaternion, leash):
        return position, quaternion, twist
    lead = difference(position, quaternion, robot.position, robot.quaternion)
    short, over = shortened(lead, leash)
    if not over.any():
        return position, quaternion, twist
    hits.note("leash", over)
    onto = robot.position + short[:, :3]
    turned = multiply(from_rotvec(short[:, 3:]), robot.quaternion)
    step = difference(onto, turned, *anchor) / dt
    step, _ = shortened(step, speed)
    held_position, held_quaternion = integrate(*anchor, step, dt)
    outward = lead.reshape(NUM_ARMS, 2, 3)
    outward = outward / np.maximum(length(outward), TINY)
    halves = twist.reshape(NUM_ARMS, 2, 3)
    pull = np.maximum((halves * outward).sum(axis=2), 0.0) * over
    return (
        np.where(over[:, :1], held_position, position),
        np.where(over[:, 1:], held_quaternion, quaternion),
        (halves - pull[..., None] * outward).reshape(NUM_ARMS, 6),
    )


def _is_within(offset: Array, quaternion: Array, measured: Array, leash: Array) -> bool:
    """Whether both arms are surely within the leash; cheap, because nearly always they are."""
    cosine = np.abs(np.vecdot(quaternion, measured))  # of half the angle between them
    return bool(
        np.vecdot(offset, offset).max() <= leash[0] ** 2 and cosine.min() >= np.cos(0.5 * leash[1])
    )


def boxed(
    anchor: Array, position: Array, twist: Array, limits: SafetyLimits, hits: Hits
) -> tuple[Array, Array]:
    """Keep the target in the box, or no further outside than the `anchor` (2, 3) is."""
    low = np.minimum(limits.workspace_low, anchor)
    high = np.maximum(limits.workspace_high, anchor)
    inside = np.clip(position, low, high)
    cut = inside != position
    if not cut.any():
        return position, twist
    hits.note("workspace", cut)
    kept = twist.copy()
    kept[:, :3][cut] = 0.0
    return inside, kept
