"""Where the arms of the plug cell are at given joint angles, and how thick they are.

The held parts are left out on purpose: they are there to touch each other.
"""

from typing import Final

import mujoco
import numpy as np

from teleop.cells.plug.geometry import SIDES
from teleop.cells.plug.scene import build_model, parts_of
from teleop.kinematics import Configuration
from teleop.messages import Array, frozen_array

_LINKS: Final = ("shoulder", "upper_arm", "forearm", "wrist_1", "wrist_2", "wrist_3")

# Body, how many joints move it, segment in its frame, radius, m. Each holds what is drawn of the
# link; the last three are the hand in ee axes: palm, bones of the fingers, pads at any travel.
_CAPSULES: Final = (
    ("upper_arm", 2, (0.0, 0.0, 0.0), (0.0, 0.0, 0.425), 0.075),
    ("forearm", 3, (0.0, 0.0, 0.0), (0.0, 0.0, 0.392), 0.065),
    ("wrist_1", 4, (0.0, 0.03, 0.0), (0.0, 0.15, 0.0), 0.045),
    ("wrist_2", 5, (0.0, 0.0, 0.05), (0.0, 0.0, 0.11), 0.045),
    ("wrist_3", 6, (0.0, 0.03, 0.0), (0.0, 0.13, 0.0), 0.042),
    ("hand", 6, (0.0, -0.02, -0.1), (0.0, 0.02, -0.1), 0.051),
    ("hand", 6, (0.0, -0.025, -0.04), (0.0, 0.025, -0.04), 0.027),
    ("hand", 6, (0.0, -0.03, -0.001), (0.0, 0.03, -0.001), 0.0185),
)


class PlugKinematics:
    """Implements `teleop.interfaces.Kinematics`. To be used by one thread."""

    def __init__(self, model: mujoco.MjModel | None = None) -> None:
        self._model = build_model() if model is None else model
        self._data = mujoco.MjData(self._model)
        self._arm_qpos = parts_of(self._model).arm_qpos
        joints = [[self._model.joint(f"{side}_{link}").id for link in _LINKS] for side in SIDES]
        self._joints = np.array(joints)
        limited = self._model.jnt_limited[self._joints] > 0
        ranges = self._model.jnt_range[self._joints]
        self._low = frozen_array(np.where(limited, ranges[..., 0], -np.inf))
        self._high = frozen_array(np.where(limited, ranges[..., 1], np.inf))
        bodies = [[self._model.body(f"{side}_{row[0]}").id for row in _CAPSULES] for side in SIDES]
        self._bodies = np.array(bodies)
        ends = [[row[2], row[3]] for row in _CAPSULES]
        self._ends = np.swapaxes(np.array(ends), 1, 2)  # (L, 3, 2), in the body's frame
        self._radius = frozen_array([row[4] for row in _CAPSULES])
        self._moved_by = np.array([row[1] for row in _CAPSULES])

    def at(self, q: Array) -> Configuration:
        data = self._data
        data.qpos[self._arm_qpos] = q
        mujoco.mj_kinematics(self._model, data)
        turn = data.xmat[self._bodies].reshape(*self._bodies.shape, 3, 3)
        ends = data.xpos[self._bodies][..., None] + turn @ self._ends
        return Configuration(
            q=q,
            low=self._low,
            high=self._high,
            axis=data.xaxis[self._joints],
            origin=data.xanchor[self._joints],
            start=ends[..., 0],
            end=ends[..., 1],
            radius=self._radius,
            moved_by=self._moved_by,
        )
