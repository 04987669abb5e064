"""Remembers where each arm has been, and leads it back there."""

import math
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from teleop.chunks import NEVER
from teleop.config import TakeoverConfig
from teleop.messages import NUM_ARMS, Arm, Array, Mode, RobotState, frozen_array
from teleop.rewind import PathPoint, WayBack, follow, goal_of, way_back

APART_M, APART_RAD = 0.001, 0.01  # of two points of a path
_NOWHERE = 1e6  # m; far from everywhere
_APART_SQUARED = APART_M**2
_APART_COSINE = math.cos(0.5 * APART_RAD)  # of half the angle

NO_PATH = "It has not come far enough to go back."
NEVER_FREE = "On the whole way that is remembered it pressed on something: free it by hand."


@dataclass
class _ArmPath:
    """The points that one arm has left, oldest first, and the one at which it is."""

    points: deque[PathPoint] = field(default_factory=deque[PathPoint])
    since_ns: int = NEVER
    position: tuple[float, ...] = (_NOWHERE, _NOWHERE, _NOWHERE)
    quaternion: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
    free: bool = True
    way: WayBack | None = None

    def is_near(self, position: list[float], quaternion: list[float]) -> bool:
        """Whether a pose is still the newest point's."""
        (x, y, z), (u, v, w) = position, self.position
        if (x - u) ** 2 + (y - v) ** 2 + (z - w) ** 2 >= _APART_SQUARED:
            return False
        (a, b, c, d), (e, f, g, h) = quaternion, self.quaternion
        return abs(a * e + b * f + c * g + d * h) > _APART_COSINE

    def go_on(self, state: RobotState, arm: int, free: bool, kept_ns: int) -> None:
        """Begin a new point, and forget those that lie too far back."""
        if self.since_ns != NEVER:
            position, quaternion = frozen_array(self.position), frozen_array(self.quaternion)
            self.points.append(PathPoint(self.since_ns, position, quaternion, self.free))
        self.stand_at(state, arm)
        self.since_ns, self.free = state.stamp_ns, free
        while self.points and self.points[0].since_ns < state.stamp_ns - kept_ns:
            self.points.popleft()

    def stand_at(self, state: RobotState, arm: int) -> None:
        """Take the measured pose for the newest point's."""
        self.position = tuple(state.position[arm].tolist())
        self.quaternion = tuple(state.quaternion[arm].tolist())

    def turned_back(self, way: WayBack) -> None:
        """Forget what was gone back over: the arm is where it was then."""
        here = way.points[way.index]
        while self.points and self.points[-1].since_ns >= here.since_ns:
            self.points.pop()
        self.since_ns, self.free, self.way = here.since_ns, here.free, None


class PathMemory:
    """The recent paths of both arms; lives in the control loop's thread.

    Args:
        config: how far back, and how fast.
        free_force: N at the wrist below which an arm presses on nothing.
    """

    def __init__(self, config: TakeoverConfig, free_force: float) -> None:
        self.configure(config, free_force)
        self.clear()

    def configure(self, config: TakeoverConfig, free_force: float) -> None:
        """Go on by these; arguments as of the class."""
        self._kept_ns = int(config.rewind_s * 1e9)
        self._speed = config.rewind_speed
        self._free_force = free_force

    def clear(self) -> None:
        """The arms stand elsewhere now: an episode begins."""
        self._paths = tuple(_ArmPath() for _ in range(NUM_ARMS))

    def remember(self, state: RobotState, risk: tuple[float, float]) -> None:
        """Take one tick's measured pose, of the arms that are not on their way back.

        Args:
            state: what was measured.
            risk: from 1 on, what the policy sees there is foreign to it.
        """
        # Plain floats: for two arms numpy's calls cost more than their arithmetic.
        positions: list[list[float]] = state.position.tolist()
        quaternions: list[list[float]] = state.quaternion.tolist()
        wrenches: list[list[float]] = state.wrench.tolist()
        for arm, path in enumerate(self._paths):
            if path.way is not None:
                continue
            x, y, z = wrenches[arm][:3]
            push = x * x + y * y + z * z
            free = push < self._free_force**2 and risk[arm] < 1.0
            if path.is_near(positions[arm], quaternions[arm]):
                path.free = path.free and free
            elif math.isfinite(sum(positions[arm]) + sum(quaternions[arm]) + push):
                path.go_on(state, arm, free, self._kept_ns)

    def no_path(self, arm: Arm) -> str:
        """Why the arm cannot go back; empty: it can."""
        path = self._paths[arm]
        if goal_of(path.points, path.since_ns) >= 0:
            return ""
        behind = any(p.since_ns <= path.since_ns - 1_000_000_000 for p in path.points)
        return NEVER_FREE if behind else NO_PATH

    def back(
        self, owners: tuple[Mode, Mode], state: RobotState, now_ns: int
    ) -> tuple[Array | None, tuple[bool, bool]]:
        """Lead the arms that rewind.

        Returns:
            The twist (2, 6) of the arms that rewind, None if none does, and which have arrived.
        """
        twist: Array | None = None
        arrived = [False, False]
        for arm in Arm:
            path = self._paths[arm]
            if owners[arm] is not Mode.REWIND:
                if path.way is not None:
                    path.turned_back(path.way)
                    path.stand_at(state, arm)
                continue
            twist = np.zeros((NUM_ARMS, 6)) if twist is None else twist
            if path.way is None:
                goal = goal_of(path.points, path.since_ns)
                if goal < 0:
                    arrived[arm] = True
                    continue
                path.way = way_back(list(path.points)[goal:], now_ns, self._speed)
            twist[arm], path.way, arrived[arm] = follow(
                path.way, state.position[arm], state.quaternion[arm], now_ns, self._speed
            )
        return twist, (arrived[0], arrived[1])
