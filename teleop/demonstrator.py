"""Demonstrations by the scripted expert: its device, and the pushes that it has to recover from.

The expert sees the simulation's state and drives both arms through the same thresholds, scales and
limits as every operator's device. Now and then a push moves an arm off its course without being
part of what is recorded as asked or executed, so that the labels stay the expert's own and show how
to come back: noise injection as in Laskey et al. 2017, "DART".
"""

from dataclasses import dataclass

import numpy as np

from teleop.cells.plug.expert import TwistLimits, expert_twist
from teleop.config import TakeoverConfig, require
from teleop.device_messages import DeviceReading
from teleop.interfaces import Robot
from teleop.messages import NUM_ARMS, Array, RobotState, ToolTarget, frozen_array
from teleop.robots.mujoco_cell import MujocoCell
from teleop.se3 import from_rotvec, multiply


@dataclass(frozen=True)
class Pushes:
    """Short pushes in random directions, one arm at a time, with a rest before each."""

    linear: float = 0.003
    """m; standard deviation per axis of the farthest point"""
    angular: float = 0.03
    """rad; the same"""
    duration_s: float = 0.5
    """from the beginning of a push to its end"""
    rest_s: tuple[float, float] = (0.3, 1.0)
    """between two pushes, least and most"""

    def __post_init__(self) -> None:
        require("linear", self.linear, 0.0, 0.01, "m")
        require("angular", self.angular, 0.0, 0.2, "rad")
        require("duration_s", self.duration_s, 0.05, 10.0, "s")


def deflection_for(twist: Array, takeover: TakeoverConfig) -> Array:
    """The deflection (2, 6) that the arbiter turns into `twist` (2, 6), at most full deflection."""
    halves = twist.reshape(NUM_ARMS, 2, 3)
    speed = np.linalg.norm(halves, axis=2, keepdims=True)
    scale = np.array([takeover.linear_scale, takeover.angular_scale])[:, None]
    size = takeover.leave + (1.0 - takeover.leave) * np.minimum(speed / scale, 1.0)
    unit = halves / np.maximum(speed, 1e-12)
    return (unit * size * (speed > 1e-9)).reshape(NUM_ARMS, 6)


class ExpertDevice:
    """Implements `teleop.interfaces.Device`: deflections that ask for what the expert wants."""

    def __init__(self, robot: MujocoCell, takeover: TakeoverConfig) -> None:
        self._cell = robot.cell
        self._takeover = takeover

    @property
    def name(self) -> str:
        return "expert"

    def read(self, now_ns: int) -> DeviceReading:
        cell = self._cell
        twist, _ = expert_twist(cell.truth(), cell.read(), cell.tool_at_meeting, TwistLimits())
        return DeviceReading(now_ns, self.name, frozen_array(deflection_for(twist, self._takeover)))

    def close(self) -> None:
        return


class PushedRobot:
    """Implements `teleop.interfaces.Robot` over another whose arms somebody pushes about.

    It reports as sent what it was asked for: a push comes from outside and is nobody's action.

    Args:
        robot: the one that is pushed.
        pushes: how much.
        period_s: between two commands.
        seed: of the pushes.
    """

    def __init__(self, robot: Robot, pushes: Pushes, period_s: float, seed: int) -> None:
        self._robot = robot
        self._pushes = pushes
        self._period_s = period_s
        self._rng = np.random.default_rng([seed, 0xDA27])
        self._farthest = np.zeros((NUM_ARMS, 6))
        self._left_s = 0.0  # of the present rest and of the push after it

    def read(self) -> RobotState:
        return self._robot.read()

    def command(self, target: ToolTarget) -> ToolTarget:
        offset = self._push_on()
        pushed = ToolTarget(
            frozen_array(target.position + offset[:, :3]),
            frozen_array(multiply(from_rotvec(offset[:, 3:]), target.quaternion)),
            target.opening,
        )
        self._robot.command(pushed)
        return target

    def _push_on(self) -> Array:
        """The offset (2, 6) now: a half wave in each push, nothing in a rest."""
        pushes, self._left_s = self._pushes, self._left_s - self._period_s
        if self._left_s <= 0.0:
            self._left_s = pushes.duration_s + self._rng.uniform(*pushes.rest_s)
            self._farthest[:] = 0.0
            size = np.repeat([pushes.linear, pushes.angular], 3)
            self._farthest[self._rng.integers(NUM_ARMS)] = self._rng.normal(0.0, size)
        share = self._left_s / pushes.duration_s  # above 1 while the rest before it lasts
        return self._farthest * (np.sin(np.pi * share) ** 2 if share < 1.0 else 0.0)

    def stop(self) -> None:
        self._robot.stop()

    def close(self) -> None:
        self._robot.close()
