"""What is sensed between two ticks, at every physics step, and without changing the physics.

MuJoCo's sensors tell of the state that a step starts from. So the steps after a command's first are
taken with the wrist sensors on, which costs 3 microseconds each, and the state after the last one
is read with all sensors as ever. Touch costs four times as much and is read there alone.
"""

from collections.abc import Callable
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
    """What is sensed at one physics step; units as in `CellReading`."""

    q: Array  # (2, 6)
    dq: Array  # (2, 6)
    wrench: Array  # (2, 6)


class Sensing:
    """Takes physics steps with the wrist sensors on.

    Args:
        model: whose sensors are told, while it steps, which of them to compute.
        parts: where the arms lie in MuJoCo's arrays.
    """

    def __init__(self, model: mujoco.MjModel, parts: Parts) -> None:
        self._parts = parts
        self._all = model.sensor_needstage.copy()
        at_wrist = [int(kind) in _WRIST for kind in model.sensor_type]
        self._wrist = np.where(at_wrist, self._all, int(mujoco.mjtStage.mjSTAGE_NONE))

    def steps(
        self,
        model: mujoco.MjModel,
        data: mujoco.MjData,
        count: int,
        wrench: Callable[[], Array],
        into: list[Moment],
    ) -> None:
        """Take `count` steps; what is sensed where each of them starts is added to `into`."""
        model.sensor_needstage[:] = self._wrist
        for _ in range(count):
            q = np.asarray(data.qpos[self._parts.arm_qpos])
            dq = np.asarray(data.qvel[self._parts.arm_dof])
            mujoco.mj_step(model, data)
            into.append(Moment(q, dq, wrench()))
        model.sensor_needstage[:] = self._all
