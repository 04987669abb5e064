"""A remote robot and its other side in one process, and an environment without Gymnasium."""

import threading
from pathlib import Path
from typing import Any

import numpy as np

from teleop.clock import RealClock
from teleop.interfaces import Clock
from teleop.messages import TACTILE_SHAPE, RobotState, ToolTarget, frozen_array
from teleop.robots.gymnasium_env import Entry, GymMapping
from teleop.robots.remote.robot import RemoteConfig, RemoteRobot
from teleop.robots.remote.server import FarRobot, RobotServer

PATIENT = RemoteConfig(reply_s=5.0)


class Served(RemoteRobot):
    """A remote robot whose server is a thread of this process; `close` ends both."""

    def __init__(
        self, clock: Clock, robot: FarRobot, folder: Path, config: RemoteConfig = PATIENT
    ) -> None:
        endpoint = f"ipc://{folder}/robot"
        # Both share the clock of a test, which is simulated: no watchdog.
        self._server = RobotServer(robot, endpoint, "far", clock=clock, watchdog_s=None)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._server.serve, args=(self._ending.is_set,))
        self._thread.start()
        super().__init__(clock, endpoint, config)

    def leave(self) -> None:
        """End the other side alone."""
        self._ending.set()
        self._thread.join()

    def close(self) -> None:
        super().close()
        self.leave()
        self._server.close()


class StillRobot:
    """A `FarRobot` that takes down what it is told."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.calls: list[str] = []
        self.fault = ""
        self.position = np.zeros((2, 3))

    def read(self) -> RobotState:
        nothing = frozen_array(np.zeros((2, 6)))
        return RobotState(
            stamp_ns=self.clock.now_ns(),
            q=nothing,
            dq=nothing,
            position=frozen_array(self.position),
            quaternion=frozen_array([[1.0, 0.0, 0.0, 0.0]] * 2),
            twist=nothing,
            wrench=nothing,
            opening=frozen_array(np.ones(2)),
            tactile=frozen_array(np.zeros(TACTILE_SHAPE)),
            fault=self.fault,
        )

    def command(self, target: ToolTarget) -> ToolTarget:
        self.calls.append("command")
        self.position = target.position
        return target

    def stop(self) -> None:
        self.calls.append("stop")


def target_at(x: float) -> ToolTarget:
    """The left tool at `x`, the rest at nought."""
    position = np.zeros((2, 3))
    position[0, 0] = x
    return ToolTarget(
        frozen_array(position), frozen_array([[1.0, 0, 0, 0]] * 2), frozen_array(np.ones(2))
    )


class Box:
    """Stands for `gymnasium.spaces.Box`."""

    def __init__(self, size: int) -> None:
        self.low, self.high = -np.ones(size), np.ones(size)


class SlidingEnv:
    """A point that moves by a hundredth of its action, and its gripper; success beyond x = 0.1."""

    action_space = Box(4)

    def __init__(self) -> None:
        self.state = np.zeros(5)
        self.steps = 0

    def reset(self, *, seed: int | None = None) -> tuple[Any, dict[str, Any]]:
        self.state = np.array([0.0, 0.0, 0.1, 1.0, float(seed or 0)])
        self.steps = 0
        return self.state.copy(), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self.steps += 1
        self.state[:3] += 0.01 * action[:3]
        self.state[3] = (1.0 - action[3]) / 2.0
        won = bool(self.state[0] > 0.1)
        return self.state.copy(), 0.0, False, self.steps >= 200, {"success": float(won)}

    def close(self) -> None:
        return


SLIDING = GymMapping(
    (Entry("x", 100.0), Entry("y", 100.0), Entry("z", 100.0), Entry("opening", -2.0, 1.0)),
    period_s=0.01,
)


QUICK = RemoteConfig(reply_s=0.05, connect_s=5.0)


class Desk:
    """A server that this test turns by hand, with the robot's side of a real clock."""

    def __init__(self, folder: Path, watchdog_s: float | None = 0.2) -> None:
        self.robot = StillRobot(RealClock())
        self.endpoint = f"ipc://{folder}/robot"
        self.server = RobotServer(self.robot, self.endpoint, "still", watchdog_s=watchdog_s)

    def connected(self, config: RemoteConfig = QUICK) -> RemoteRobot:
        """A client; the server turns in a thread just for the greeting."""
        done = threading.Event()
        thread = threading.Thread(target=self.server.serve, args=(done.is_set,))
        thread.start()
        try:
            return RemoteRobot(RealClock(), self.endpoint, config)
        finally:
            done.set()
            thread.join()
            self.robot.calls.clear()


def command(client: RemoteRobot, server: RobotServer, x: float) -> ToolTarget:
    """Send one, let the server carry it out, and take the receipt with the next."""
    client.command(target_at(x))
    server.poll(0.5)
    return client.command(target_at(x))
