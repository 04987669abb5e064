"""The state of the task from the simulation's state: pose, inserted, jammed, dropped."""

import math
from typing import Final

import mujoco

from teleop.cells.plug.geometry import OBJECT_REACHES_M
from teleop.cells.plug.grasp import quaternion_of_matrix, rotation_vector_of
from teleop.cells.plug.reading import PlugTruth
from teleop.cells.plug.scene import Parts

# Of the length of the pins.
INSERTED_SHARE: Final = 0.85
INSERTED_LATERAL_M: Final = 0.002
JAM_FORCE_N: Final = 6.0
# Slower than this under that force, the plug is not going in.
JAM_SPEED_M_S: Final = 0.004
# The middle of a held part's grip block stays this near the middle of the pads.
DROPPED_M: Final = 0.022


def plug_truth(model: mujoco.MjModel, data: mujoco.MjData, parts: Parts) -> PlugTruth:
    """Read the state of the task from data whose forward pass is up to date."""
    plug, socket = parts.object_body
    socket_rotation = data.xmat[socket].reshape(3, 3)
    plug_rotation = data.xmat[plug].reshape(3, 3)
    insertion = socket_rotation[:, 0]
    position = socket_rotation.T @ (data.xpos[plug] - data.xpos[socket])
    relative = socket_rotation.T @ plug_rotation
    length = pin_length_m(model, parts)
    tip = position + relative[:, 0] * length
    mating = data.sensordata[parts.mating : parts.mating + 4]
    axial = abs(float(insertion @ mating[1:]))
    plug_dof, socket_dof = parts.object_dof[:, :3]
    speed = float(insertion @ (data.qvel[plug_dof] - data.qvel[socket_dof]))
    depth, y, z = tip.tolist()
    inserted = depth > INSERTED_SHARE * length and math.hypot(y, z) < INSERTED_LATERAL_M
    return PlugTruth(
        position_m=position,
        rotation_rad=rotation_vector_of(relative),
        tip_m=tip,
        depth_m=depth,
        lateral_m=tip[1:],
        socket_quaternion=quaternion_of_matrix(socket_rotation),
        tip_world_m=data.xpos[plug] + plug_rotation[:, 0] * length,
        axial_force_n=axial,
        contact=bool(mating[0] > 0),
        inserted=inserted,
        jammed=not inserted and axial > JAM_FORCE_N and abs(speed) < JAM_SPEED_M_S,
        dropped=any(_is_dropped(data, parts, arm) for arm in range(2)),
    )


def pin_length_m(model: mujoco.MjModel, parts: Parts) -> float:
    """How far the pins of the plug that is mounted now reach beyond its head."""
    radius, half = model.geom_size[parts.pin, :2].tolist()
    return float(model.geom_pos[parts.pin, 0]) + half + radius


def _is_dropped(data: mujoco.MjData, parts: Parts, arm: int) -> bool:
    body = parts.object_body[arm]
    toward_hand = -1.0 if arm == 0 else 1.0
    block = (
        data.xpos[body] + toward_hand * OBJECT_REACHES_M[arm] * data.xmat[body].reshape(3, 3)[:, 0]
    )
    return mujoco.mju_norm3(block - data.site_xpos[parts.ee_site[arm]]) > DROPPED_M
