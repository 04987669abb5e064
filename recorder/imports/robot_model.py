"""Tool poses from joint positions, by a model file of that robot (MJCF or URDF, read by MuJoCo)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import mujoco
import numpy as np

from recorder.imports.mapping import RobotModel
from teleop.errors import ConversionError
from teleop.se3 import Array

_MJ = cast(Any, mujoco)


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A model, where its joints are in it, and which tool is looked for."""

    model: Any
    joints: tuple[int, ...]  # places in qpos
    site: int  # -1: the tool is a body
    body: int


def load_model(said: RobotModel) -> LoadedModel:
    """Read the file and find the names in it.

    Raises:
        ConversionError: it cannot be read, or has no such joint, site or body.
    """
    path = Path(said.file)
    if not path.is_file():
        raise ConversionError(f"There is no robot model {path}.")
    try:
        model = _MJ.MjModel.from_xml_path(str(path))
    except ValueError as error:
        raise ConversionError(f"The robot model {path} cannot be read: {error}") from error
    joints = tuple(
        int(model.jnt_qposadr[_place(model, path, _MJ.mjtObj.mjOBJ_JOINT, "joint", name)])
        for name in said.joints
    )
    site = _MJ.mj_name2id(model, _MJ.mjtObj.mjOBJ_SITE, said.tool)
    body = (
        -1 if site >= 0 else _place(model, path, _MJ.mjtObj.mjOBJ_BODY, "site or body", said.tool)
    )
    return LoadedModel(model, joints, int(site), body)


def tool_poses(loaded: LoadedModel, q: Array) -> tuple[Array, Array]:
    """Positions (N, 3) and quaternions (N, 4) of the tool in the model's world.

    Args:
        loaded: the robot.
        q: (N, joints) rad, in the order in which the mapping names the joints.
    """
    data = _MJ.MjData(loaded.model)
    position, quaternion = np.zeros((len(q), 3)), np.zeros((len(q), 4))
    places = list(loaded.joints)
    for row, joints in enumerate(q):
        data.qpos[places] = joints
        _MJ.mj_kinematics(loaded.model, data)
        if loaded.site >= 0:
            position[row] = data.site_xpos[loaded.site]
            _MJ.mju_mat2Quat(quaternion[row], data.site_xmat[loaded.site])
        else:
            position[row], quaternion[row] = data.xpos[loaded.body], data.xquat[loaded.body]
    return position, quaternion


def _place(model: Any, path: Path, kind: Any, what: str, name: str) -> int:
    found = int(_MJ.mj_name2id(model, kind, name))
    if found < 0:
        raise ConversionError(f"The robot model {path} has no {what} '{name}'.")
    return found
