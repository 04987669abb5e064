"""A robot whose state stands still while a file lies in the session folder."""

from pathlib import Path

from teleop.interfaces import Robot
from teleop.messages import RobotState, ToolTarget

SWITCH = "frozen"  # the file, in the session folder


class FreezableRobot:
    """Implements `teleop.interfaces.Robot` over another, which goes on moving as commanded.

    Args:
        robot: the real one.
        switch: while this file exists, `read` returns what it returned last, stamp and all, as a
            driver does whose connection hangs.
    """

    def __init__(self, robot: Robot, switch: Path) -> None:
        self._robot = robot
        self._switch = switch
        self._last: RobotState | None = None

    def read(self) -> RobotState:
        if self._last is None or not self._switch.exists():
            self._last = self._robot.read()
        return self._last

    def command(self, target: ToolTarget) -> ToolTarget:
        return self._robot.command(target)

    def stop(self) -> None:
        self._robot.stop()

    def close(self) -> None:
        self._robot.close()
