"""A scripted expert that inserts the plug from the simulation's own state; it makes demonstrations.

It keeps no memory: the twist is a smooth function of where the plug is in the socket's frame, so
that a policy which sees the same scene can learn it. The left tool closes in to a stand-off while
it aligns, goes in once aligned, and is pulled back to the stand-off by the same rule when the pins
press beside the holes. The right tool keeps to its meeting pose.
"""

import math
from dataclasses import dataclass
from typing import Final

import mujoco
import numpy as np

from teleop.cells.plug.geometry import LEFT, RIGHT, Array, ToolPoses
from teleop.cells.plug.reading import CellReading, PlugTruth

STAND_OFF_M: Final = 0.008
INSERT_M_S: Final = 0.025
APPROACH_M_S: Final = 0.018
# Well inside what the round tips and the clearance forgive.
ALIGNED_M: Final = 0.0010
ALIGNED_RAD: Final = np.deg2rad(1.4)
# Beyond this depth the holes guide the pins, and the walls allow this much.
_GUIDED_M: Final = 0.003
_GUIDED_SLACK: Final = 2.5
# Per second; with the arm's own lag of some 0.07 s this settles without overshoot.
_ALIGN_GAIN: Final = 2.2
_APPROACH_GAIN: Final = 2.2
# Aim this far behind home, so that the head comes to lie firmly on the face.
_PRESS_M: Final = 0.0004


@dataclass(frozen=True, slots=True)
class TwistLimits:
    """The most a twist may ask for, m/s and rad/s."""

    linear_m_s: float = 0.07
    angular_rad_s: float = 0.5


def expert_twist(
    truth: PlugTruth, reading: CellReading, meeting: ToolPoses, limits: TwistLimits
) -> tuple[Array, Array]:
    """What to do now.

    Args:
        truth: the privileged state.
        reading: for the tools' own poses.
        meeting: `PlugCell.tool_at_meeting`.
        limits: of the returned twists.

    Returns:
        (2, 6) twists, linear first, world axes at the ee origins; (2,) openings, closed.
    """
    twists = np.zeros((2, 6))
    twists[LEFT] = _insert(truth, reading.position[LEFT], limits)
    twists[RIGHT, :3] = _APPROACH_GAIN * (meeting.position[RIGHT] - reading.position[RIGHT])
    twists[RIGHT, 3:] = _APPROACH_GAIN * _turn_between(
        reading.quaternion[RIGHT], meeting.quaternion[RIGHT]
    )
    for twist in twists:
        twist[:3] = _bounded(twist[:3], limits.linear_m_s)
        twist[3:] = _bounded(twist[3:], limits.angular_rad_s)
    return twists, np.zeros(2)


def alignment(truth: PlugTruth) -> float:
    """How ready the plug is to go in: 0 not aligned, 1 aligned, smooth between."""
    slack = 1.0 + (_GUIDED_SLACK - 1.0) * _smooth(truth.depth_m / _GUIDED_M)
    lateral = math.hypot(*truth.lateral_m) / (ALIGNED_M * slack)
    tilt = mujoco.mju_norm3(truth.rotation_rad) / (ALIGNED_RAD * slack)
    return _smooth(2.0 * (1.5 - math.hypot(lateral, tilt)))


def _insert(truth: PlugTruth, ee_position: Array, limits: TwistLimits) -> Array:
    """Twist of the left tool at its ee origin that moves the pin tips as they should go."""
    ready = alignment(truth)
    approach = _APPROACH_GAIN * (-STAND_OFF_M - truth.depth_m)
    approach = min(max(approach, -APPROACH_M_S), APPROACH_M_S)
    go_in = min(INSERT_M_S, 2.0 * _APPROACH_GAIN * (_PRESS_M - float(truth.position_m[0])))
    # Going in begins before the approach has come to rest at the stand-off.
    ready *= _smooth((truth.depth_m + 1.5 * STAND_OFF_M) / (0.5 * STAND_OFF_M))
    along = (1.0 - ready) * approach + ready * go_in
    y, z = truth.lateral_m
    in_socket = _bounded(np.array([along, -_ALIGN_GAIN * y, -_ALIGN_GAIN * z]), limits.linear_m_s)
    rotation = np.zeros(9)
    mujoco.mju_quat2Mat(rotation, truth.socket_quaternion)
    socket_axes = rotation.reshape(3, 3)
    turning = socket_axes @ _bounded(-_ALIGN_GAIN * truth.rotation_rad, limits.angular_rad_s)
    swinging = np.zeros(3)
    mujoco.mju_cross(swinging, turning, ee_position - truth.tip_world_m)
    return np.concatenate([socket_axes @ in_socket + swinging, turning])


def _turn_between(quaternion: Array, wanted: Array) -> Array:
    """Rotation vector (3,) in world axes from one attitude to another."""
    inverse, turn, vector = np.zeros(4), np.zeros(4), np.zeros(3)
    mujoco.mju_negQuat(inverse, quaternion)
    mujoco.mju_mulQuat(turn, wanted, inverse)
    mujoco.mju_quat2Vel(vector, turn, 1.0)
    return vector


def _smooth(share: float) -> float:
    clipped = min(max(share, 0.0), 1.0)
    return clipped * clipped * (3.0 - 2.0 * clipped)


def _bounded(vector: Array, limit: float) -> Array:
    length = mujoco.mju_norm3(vector)
    return vector if length <= limit else vector * (limit / length)
