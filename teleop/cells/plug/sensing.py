"""What is sensed between two ticks, at every physics step, and without changing the physics.

MuJoCo's sensors tell of the state that a step starts from. So the steps after a command's first are
taken with the wrist sensors on, which costs 3 microseconds each, and the state after the last one
is read with all sensors as ever. Touch costs four times as much and is read there alone.
"""

from dataclasses import dataclass

import mujoco
import numpy as np

from teleop.cells.plug.reading import Array
from teleop.cells.plug.scene import Parts

_WRIST: frozenset[int] = frozenset(
    (int(mujoco.mjtSensor.mjSENS_FORCE), int(mujoco.mjtSensor.mjSENS_TORQUE))
)


@dataclass(frozen=True, slots=True)
class Moment:
    """What MuJoCo had at one physics step, copied as it is; the control loop has no time for more.

    Attributes:
        q, dq: (2, 6) rad and rad/s.
        felt: (2, 6) N and Nm, what the arm does to the hand, weight and all.
        ee: (2, 9) rotation matrices T_world_ee.
    """

    q: Array
    dq: Array
    felt: Array
    ee: Array


class Sensing:
    """Takes physics steps with the wrist sensors on.

    Args:
        model: whose sensors are told, while it steps, which of them to compute.
        parts: where the arms lie in MuJoCo's arrays.
    """

    def __init__(self, model: mujoco.MjModel, parts: Parts) -> None:
        self._qpos, self._dof = parts.arm_qpos, parts.arm_dof
        self._felt = np.concatenate([parts.force, parts.torque], axis=1)
        self._ee = np.array(parts.ee_site)
        self._all = model.sensor_needstage.copy()
        at_wrist = [int(kind) in _WRIST for kind in model.sensor_type]
        self._wrist = np.where(at_wrist, self._all, int(mujoco.mjtStage.mjSTAGE_NONE))

    def steps(
        self, model: mujoco.MjModel, data: mujoco.MjData, count: int, into: list[Moment]
    ) -> None:
        """Take `count` steps; what is sensed where each of them starts is added to `into`."""
        model.sensor_needstage[:] = self._wrist
        for _ in range(count):
            q, dq = data.qpos.take(self._qpos), data.qvel.take(self._dof)
            mujoco.mj_step(model, data)
            felt, ee = data.sensordata.take(self._felt), data.site_xmat.take(self._ee, axis=0)
            into.append(Moment(q, dq, felt, ee))
        model.sensor_needstage[:] = self._all

    def now(self, data: mujoco.MjData) -> Moment:
        """What is sensed in a state that all of `data` tells of."""
        return Moment(
            data.qpos.take(self._qpos),
            data.qvel.take(self._dof),
            data.sensordata.take(self._felt),
            data.site_xmat.take(self._ee, axis=0),
        )
