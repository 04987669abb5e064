"""Joint angles that put a tool at a pose.

Damped least squares (Wampler, 1986), with so little damping that the last steps are Newton's.
"""

from typing import Final

import mujoco
import numpy as np

from teleop.cells.plug.geometry import Array
from teleop.cells.plug.scene import Parts

# Shoulder to wrist, rad: elbow up and outward, so that both cameras and the operator see the
# meeting point.
SEED_Q: Final[Array] = np.array(
    [[3.064, -1.486, -1.825, -2.972, -1.648, 0.0], [0.087, -1.749, 1.905, -0.156, 1.658, 1.571]]
)
_DAMPING: Final = 1e-6
_STEP_LIMIT_RAD: Final = 0.35


class Reach:
    """Solves for one arm at a time; its own data holds the last solution of both arms."""

    def __init__(self, model: mujoco.MjModel, parts: Parts) -> None:
        self._model = model
        self._parts = parts
        self.data = mujoco.MjData(model)
        self._jacobian = np.zeros((6, model.nv))
        self._error = np.zeros(6)
        self._turn = np.zeros((3, 4))

    def solve(
        self, arm: int, position: Array, quaternion: Array, seed_q: Array, rounds: int = 40
    ) -> tuple[Array, float]:
        """Joint angles for one tool pose.

        Args:
            arm: LEFT or RIGHT.
            position: (3,) m, world.
            quaternion: (4,) w first.
            seed_q: (6,) rad, where to start; the solution stays on its branch.
            rounds: at most this many iterations.

        Returns:
            (6,) rad, and the error left (m and rad together).
        """
        model, data, parts = self._model, self.data, self._parts
        here = parts.arm_qpos[arm]
        dofs = parts.arm_dof[arm]
        site = parts.ee_site[arm]
        data.qpos[here] = seed_q
        left = np.inf
        for _ in range(rounds):
            mujoco.mj_kinematics(model, data)
            left = self._measure(site, position, quaternion)
            if left < 1e-9:
                break
            mujoco.mj_comPos(model, data)
            mujoco.mj_jacSite(model, data, self._jacobian[:3], self._jacobian[3:], site)
            jacobian = self._jacobian[:, dofs]
            step = jacobian.T @ np.linalg.solve(
                jacobian @ jacobian.T + _DAMPING * np.eye(6), self._error
            )
            longest = float(np.abs(step).max())
            data.qpos[here] += step * min(1.0, _STEP_LIMIT_RAD / max(longest, 1e-12))
        return np.array(data.qpos[here]), left

    def _measure(self, site: int, position: Array, quaternion: Array) -> float:
        now, inverse, turn = self._turn
        self._error[:3] = position - self.data.site_xpos[site]
        mujoco.mju_mat2Quat(now, self.data.site_xmat[site])
        mujoco.mju_negQuat(inverse, now)
        mujoco.mju_mulQuat(turn, quaternion, inverse)
        mujoco.mju_quat2Vel(self._error[3:], turn, 1.0)
        return float(np.abs(self._error).max())
