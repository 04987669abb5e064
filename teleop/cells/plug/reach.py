"""Joint angles that put a tool at a pose, by mink's differential inverse kinematics."""

from typing import Final

import mujoco
import numpy as np
from mink import SE3, Configuration, FrameTask, VelocityLimit, solve_ik

from teleop.cells.plug.geometry import Array
from teleop.cells.plug.scene import Parts

# Shoulder to wrist, rad: elbow up and outward, so that both cameras and the operator see the
# meeting point.
SEED_Q: Final[Array] = np.array(
    [[3.064, -1.486, -1.825, -2.972, -1.648, 0.0], [0.087, -1.749, 1.905, -0.156, 1.658, 1.571]]
)
_DAMPING: Final = 1e-6
# Per round, so that the solution stays on its seed's branch.
_STEP_LIMIT_RAD: Final = 0.35


class Reach:
    """Solves for one arm at a time; its own data holds the last solution of both arms."""

    def __init__(self, model: mujoco.MjModel, parts: Parts) -> None:
        self._parts = parts
        self._configuration = Configuration(model)
        self._tasks = [FrameTask(site, "site", 1.0, 1.0) for site in parts.ee_site]
        joints = model.dof_jntid[parts.arm_dof].ravel()
        limit = dict.fromkeys((model.joint(joint).name for joint in joints), _STEP_LIMIT_RAD)
        self._limits = [VelocityLimit(model, limit)]
        self.data = self._configuration.data

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
        configuration, task, here = self._configuration, self._tasks[arm], self._parts.arm_qpos[arm]
        task.set_target(SE3(np.concatenate([quaternion, position])))
        self.data.qpos[here] = seed_q
        configuration.update()
        left = np.inf
        for _ in range(rounds):
            left = float(np.abs(task.compute_error(configuration)).max())
            if left < 1e-9:
                break
            step = solve_ik(
                configuration, [task], 1.0, "daqp", damping=_DAMPING, limits=self._limits
            )
            configuration.integrate_inplace(step, 1.0)
        return np.array(self.data.qpos[here]), left
