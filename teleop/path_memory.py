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
    free: bool = True
    way: WayBack | None = None

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
        self._kept_ns = int(config.rewind_s * 1e9)
        self._speed = config.rewind_speed
        self._free_force = free_force
        self.clear()

    def clear(self) -> None:
        """The arms stand elsewhere now: an episode begins."""
        self._paths = tuple(_ArmPath() for _ in range(NUM_ARMS))
        self._position = np.full((NUM_ARMS, 3), _NOWHERE)  # of the newest points
        self._quaternion = np.zeros((NUM_ARMS, 4))

    def remember(self, state: RobotState, risk: tuple[float, float]) -> None:
        """Take one tick's measured pose, of the arms that are not on their way back.

        Args:
            state: what was measured.
            risk: from 1 on, what the policy sees there is foreign to it.
        """
        offset = state.position - self._position
        force = state.wrench[:, :3]
        apart: list[float] = np.vecdot(offset, offset).tolist()
        cosine: list[float] = np.abs(np.vecdot(state.quaternion, self._quaternion)).tolist()
        push: list[float] = np.vecdot(force, force).tolist()
        for arm, path in enumerate(self._paths):
            if path.way is not None:
                continue
            free = push[arm] < self._free_force**2 and risk[arm] < 1.0
            if apart[arm] < _APART_SQUARED and cosine[arm] > _APART_COSINE:
                path.free = path.free and free
            elif math.isfinite(apart[arm] + cosine[arm] + push[arm]):
                self._go_on(arm, state, free)

    def _go_on(self, arm: int, state: RobotState, free: bool) -> None:
        path = self._paths[arm]
        if path.since_ns != NEVER:
            position = frozen_array(self._position[arm])
            quaternion = frozen_array(self._quaternion[arm])
            path.points.append(PathPoint(path.since_ns, position, quaternion, path.free))
        self._position[arm] = state.position[arm]
        self._quaternion[arm] = state.quaternion[arm]
        path.since_ns, path.free = state.stamp_ns, free
        while path.points and path.points[0].since_ns < state.stamp_ns - self._kept_ns:
            path.points.popleft()

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
                    self._position[arm] = state.position[arm]
                    self._quaternion[arm] = state.quaternion[arm]
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
