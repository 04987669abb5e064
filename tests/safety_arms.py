"""Arms without physics that track what the safety filter commands, for its tests."""

from dataclasses import dataclass, field, replace

import mujoco
import numpy as np

from teleop.cells.plug.geometry import SIDES
from teleop.cells.plug.kinematics import PlugKinematics
from teleop.cells.plug.scene import build_model, parts_of
from teleop.config import SafetyLimits
from teleop.kinematics import Configuration, gaps, jacobian
from teleop.messages import Array, RobotState, ToolTarget, frozen_array
from teleop.safety import Filtered, SafetyState, filter_motion
from teleop.se3 import difference
from tests.control_parts import make_action, make_state
from tests.safety_scripts import DT, HOME_Q

MODEL = build_model()
_DATA = mujoco.MjData(MODEL)
_QPOS = parts_of(MODEL).arm_qpos
_SITES = [MODEL.site(f"{side}_ee").id for side in SIDES]


@dataclass
class Ranged:
    """Implements `teleop.interfaces.Kinematics`: the plug cell's arms with other joint ends."""

    low: float = -np.inf  # rad from the pose at home
    high: float = np.inf
    _plug: PlugKinematics = field(default_factory=lambda: PlugKinematics(MODEL))

    def at(self, q: Array) -> Configuration:
        return replace(self._plug.at(q), low=HOME_Q + self.low, high=HOME_Q + self.high)


def tools(q: Array) -> tuple[Array, Array]:
    """Position (2, 3) and quaternion (2, 4) of the tools at the joint angles (2, 6)."""
    _DATA.qpos[_QPOS] = q
    mujoco.mj_kinematics(MODEL, _DATA)
    quaternion = np.zeros((2, 4))
    for row, site in zip(quaternion, _SITES, strict=True):
        mujoco.mju_mat2Quat(row, _DATA.site_xmat[site])
    return np.array(_DATA.site_xpos[_SITES]), quaternion


class Arms:
    """Two arms, their safety filter, and where the filter has led them."""

    def __init__(
        self, limits: SafetyLimits, kinematics: Ranged | None = None, q: Array = HOME_Q
    ) -> None:
        self.limits, self.q = limits, np.array(q)
        self.kinematics = kinematics or Ranged()
        self.dq = np.zeros((2, 6))
        self.state = SafetyState.at_rest(self.read(), (0.0, 0.0))

    def read(self) -> RobotState:
        position, quaternion = tools(self.q)
        state = make_state(0, position, quaternion)
        return replace(state, q=frozen_array(self.q))

    def ask(self, twist: Array, ticks: int = 1) -> Filtered:
        """Ask for `twist` (2, 6) and go where the filter commands."""
        done = None
        for _ in range(ticks):
            done = filter_motion(
                self.state,
                make_action(twist),
                self.read(),
                (False, False),
                DT,
                self.limits,
                self.kinematics,
            )
            self.state = done.state
            self._go(done.target)
        assert done is not None
        return done

    def _go(self, target: ToolTarget) -> None:
        before = self.q.copy()
        for _ in range(3):
            position, quaternion = tools(self.q)
            error = difference(target.position, target.quaternion, position, quaternion)
            columns = jacobian(self.kinematics.at(self.q), position)
            self.q += np.linalg.solve(columns, error[:, :, None])[:, :, 0]
        self.dq = (self.q - before) / DT

    def condition(self) -> Array:
        """Condition numbers (2,) of the Jacobians."""
        columns = jacobian(self.kinematics.at(self.q), tools(self.q)[0])
        columns[:, :3] /= self.limits.characteristic_length
        return np.linalg.cond(columns)

    def gap(self) -> float:
        """The space left between the arms, m."""
        near = gaps(self.kinematics.at(self.q), 10.0)
        assert near is not None
        return float(near.distance.min())
