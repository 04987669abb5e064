"""How each camera of the cell sees a scene: its pinhole, where the scene's look moved it to."""

import math

import mujoco
import numpy as np

from teleop.camera_model import CameraModel
from teleop.cells.plug.appearance import Appearance
from teleop.cells.plug.cameras import CAMERAS, CameraSpec, right_and_up
from teleop.cells.plug.grasp import quaternion_of, quaternion_of_matrix
from teleop.cells.plug.shifts import look_of

STILL = (0.0, 0.0, 0.0)


def camera_models(look: Appearance) -> tuple[CameraModel, ...]:
    """Every camera of the cell, as it stands in a scene that looks so."""
    moved = {error.camera: error for error in look.cameras}
    made: list[CameraModel] = []
    for name, spec in CAMERAS.items():
        error = moved.get(name)
        shift, turn = (error.shift_m, error.turn_rad) if error else (STILL, STILL)
        made.append(_model(name, spec, np.array(shift), np.array(turn)))
    return tuple(made)


def models_of_scene(scene: str) -> tuple[CameraModel, ...]:
    """The cameras in the scene of that name; none where it is not one of this cell.

    Right for every recording of the cell, as its cameras have stood there since the first one.
    """
    return camera_models(look_of(scene)) if scene.startswith("plug/") else ()


def _model(name: str, spec: CameraSpec, shift_m: np.ndarray, turn_rad: np.ndarray) -> CameraModel:
    right, up = right_and_up(spec)
    attitude = np.zeros(4)
    mujoco.mju_mulQuat(
        attitude,
        quaternion_of(turn_rad),
        quaternion_of_matrix(np.column_stack((right, -up, np.cross(up, right)))),
    )
    focal = spec.height / (2.0 * math.tan(math.radians(spec.fovy_deg) / 2.0))
    x, y, z = (float(v) for v in np.add(spec.eye, shift_m))
    qw, qx, qy, qz = (float(v) for v in attitude)
    return CameraModel(
        name,
        spec.width,
        spec.height,
        fx=focal,
        fy=focal,
        cx=spec.width / 2.0,
        cy=spec.height / 2.0,
        position=(x, y, z),
        quaternion=(qw, qx, qy, qz),
    )
