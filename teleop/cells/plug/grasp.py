"""Where a held part is, given the tool's pose and the grasp; turns and their conversions."""

import mujoco
import numpy as np

from teleop.cells.plug.geometry import MEETING_ROTATIONS, OBJECT_REACHES_M, Array
from teleop.cells.plug.layout import Grasp

NOMINAL_GRASP = Grasp((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))


def held_pose(arm: int, position: Array, rotation: Array, grasp: Grasp) -> tuple[Array, Array]:
    """Pose of the part in a hand.

    Args:
        arm: LEFT holds the plug, RIGHT the socket.
        position: (3,) of the ee in the world, m.
        rotation: (3, 3) T_world_ee's rotation.
        grasp: how the part lies in the hand.

    Returns:
        (3,) m and (3, 3), the part's frame in the world.
    """
    tilt = rotation_of(np.array(grasp.tilt_rad))
    attitude = rotation @ tilt
    reach = np.array([0.0, 0.0, OBJECT_REACHES_M[arm]])
    return position + rotation @ np.array(
        grasp.offset_m
    ) + attitude @ reach, attitude @ MEETING_ROTATIONS[arm].T


def rotation_of(rotation_vector: Array) -> Array:
    """Rotation matrix (3, 3) of a rotation vector (3,), rad."""
    matrix = np.zeros(9)
    mujoco.mju_quat2Mat(matrix, quaternion_of(rotation_vector))
    return matrix.reshape(3, 3)


def quaternion_of(rotation_vector: Array) -> Array:
    """Quaternion (4,), w first, of a rotation vector (3,), rad."""
    quaternion = np.zeros(4)
    angle = float(np.linalg.norm(rotation_vector))
    mujoco.mju_axisAngle2Quat(quaternion, rotation_vector / max(angle, 1e-12), angle)
    return quaternion


def quaternion_of_matrix(rotation: Array) -> Array:
    """Quaternion (4,), w first, of a rotation matrix (3, 3)."""
    quaternion = np.zeros(4)
    mujoco.mju_mat2Quat(quaternion, np.ascontiguousarray(rotation).ravel())
    return quaternion


def rotation_vector_of(rotation: Array) -> Array:
    """Rotation vector (3,), rad, of a rotation matrix (3, 3)."""
    vector = np.zeros(3)
    mujoco.mju_quat2Vel(vector, quaternion_of_matrix(rotation), 1.0)
    return vector
