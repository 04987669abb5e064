"""Any Gymnasium environment with a Box action as a robot, behind the remote robot's server.

One arm is driven, the other stands idle. A table says what each entry of the action is made of. The
environment makes its steps by the server's clock, one each `period_s`, in `command`.

Run it with the python of the environment's own installation:
    python -m teleop.robots.gymnasium_env --help
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from teleop.clock import RealClock
from teleop.errors import ConfigError, RobotError
from teleop.interfaces import Clock
from teleop.messages import (
    NUM_ARMS,
    TACTILE_SHAPE,
    Array,
    RobotState,
    Scene,
    TaskStatus,
    ToolTarget,
    frozen_array,
)
from teleop.named_function import named_function
from teleop.robots.remote.server import RobotServer, SenderClock
from teleop.se3 import conjugate, multiply, to_rotvec

Source = Literal["x", "y", "z", "rx", "ry", "rz", "opening", "zero"]
_LONGEST_CATCH_UP = 10  # steps; after a longer gap the environment's time falls behind instead
_IDLE_POSITION = (0.3, 0.0, 0.4)
_UPRIGHT = (1.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Entry:
    """What one entry of the environment's action is: `gain * source + offset`, clipped to its box.

    Attributes:
        source: of the driven arm's target, m and rad in world axes or opening; "zero": nothing.
        gain: action per m, rad or opening.
        offset: action at nothing.
        relative: the source is counted from the measured pose, not from the origin.
    """

    source: Source
    gain: float = 1.0
    offset: float = 0.0
    relative: bool = True


@dataclass(frozen=True)
class GymMapping:
    """How a robot's poses and an environment's numbers belong together. The default is Meta-World.

    Attributes:
        action: an entry of the table for each of the action's.
        position: where in the observation the driven tool's x, y, z are, m.
        quaternion: where its attitude is, w-first; empty: never turns.
        opening: where its gripper's opening is, 0 to 1; None: as commanded.
        key: of the observation that is meant, in environments that have several.
        success: key of `info` that says so.
        arm: the driven one, 0 left or 1 right.
        period_s: of one step.
    """

    action: tuple[Entry, ...] = (
        Entry("x", gain=100.0),
        Entry("y", gain=100.0),
        Entry("z", gain=100.0),
        Entry("opening", gain=-2.0, offset=1.0),
    )
    position: tuple[int, int, int] = (0, 1, 2)
    quaternion: tuple[int, ...] = ()
    opening: int | None = 3
    key: str = ""
    success: str = "success"
    arm: int = 0
    period_s: float = 0.0125


class GymEnv(Protocol):
    """What is used of a `gymnasium.Env`."""

    @property
    def action_space(self) -> Any: ...

    def reset(self, *, seed: int | None = None) -> tuple[Any, dict[str, Any]]: ...

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]: ...

    def close(self) -> None: ...


class GymnasiumRobot:
    """A `FarRobot`, `FarTask` and `Featured` over one environment; used by one thread.

    Args:
        env: reset by `begin`; its episode's number is the seed.
        mapping: see there.
        clock: the server's; a `SenderClock` for lockstep.
        name: of the scenes.

    Attributes:
        observation: the newest, (n,).

    Raises:
        ConfigError: the action is no Box of as many entries as the table has.
    """

    def __init__(self, env: GymEnv, mapping: GymMapping, clock: Clock, name: str = "gym") -> None:
        box = env.action_space
        low, high = getattr(box, "low", None), getattr(box, "high", None)
        if low is None or high is None or np.shape(low) != (len(mapping.action),):
            raise ConfigError(
                f"The environment's action is {box}; the mapping has {len(mapping.action)} "
                "entries for a Box of as many."
            )
        self._low, self._high = np.asarray(low, np.float64), np.asarray(high, np.float64)
        self._env, self._mapping, self._clock, self._name = env, mapping, clock, name
        self._period_ns = round(mapping.period_s * 1e9)
        self._opening = np.ones(NUM_ARMS)
        self.begin(0)

    def begin(self, episode: int) -> Scene:
        observed, info = self._env.reset(seed=episode)
        self._opening = np.ones(NUM_ARMS)
        self._take(observed, info)
        self._velocity = np.zeros(3)
        self._over = False
        # One period back: the first command then makes one step, as all others do.
        self._advanced_ns = self._clock.now_ns() - self._period_ns
        return Scene(f"{self._name}/{episode}", frozen_array(self._opening))

    def status(self) -> TaskStatus:
        return TaskStatus(inserted=self._succeeded)

    def features(self) -> dict[str, Array]:
        return {"state": self.observation}

    def read(self) -> RobotState:
        arm = self._mapping.arm
        position, quaternion = np.tile(_IDLE_POSITION, (NUM_ARMS, 1)), np.tile(_UPRIGHT, (2, 1))
        twist, opening = np.zeros((NUM_ARMS, 6)), self._opening.copy()
        position[arm], quaternion[arm] = self._position(), self._quaternion()
        twist[arm, :3] = self._velocity
        if self._mapping.opening is not None:
            opening[arm] = np.clip(self.observation[self._mapping.opening], 0.0, 1.0)
        nothing = frozen_array(np.zeros((NUM_ARMS, 6)))
        return RobotState(
            stamp_ns=self._clock.now_ns(),
            q=nothing,
            dq=nothing,
            position=frozen_array(position),
            quaternion=frozen_array(quaternion),
            twist=frozen_array(twist),
            wrench=nothing,
            opening=frozen_array(opening),
            tactile=frozen_array(np.zeros(TACTILE_SHAPE)),
        )

    def command(self, target: ToolTarget) -> ToolTarget:
        """Make the steps that are due towards `target`; nothing any more after the episode's end.

        The idle arm is told to be where it is.
        """
        now_ns = self._clock.now_ns()
        due = max(0, (now_ns - self._advanced_ns) // self._period_ns)
        if due > _LONGEST_CATCH_UP:
            due, self._advanced_ns = _LONGEST_CATCH_UP, now_ns
        else:
            self._advanced_ns += due * self._period_ns
        self._opening = target.opening.copy()
        for _ in range(due):
            self._step(target)
        return target

    def stop(self) -> None:
        """Nothing to do: the environment moves only inside `command`."""

    def _step(self, target: ToolTarget) -> None:
        if self._over:
            return
        before = self._position()
        action = self._action(target).astype(np.float32)
        observed, _, terminated, truncated, info = self._env.step(action)
        self._take(observed, info)
        self._velocity = (self._position() - before) / self._mapping.period_s
        self._over = bool(terminated or truncated)

    def _action(self, target: ToolTarget) -> Array:
        arm = self._mapping.arm
        wanted = np.concatenate([target.position[arm], to_rotvec(target.quaternion[arm])])
        turn = multiply(target.quaternion[arm], conjugate(self._quaternion()))
        apart = np.concatenate([target.position[arm] - self._position(), to_rotvec(turn)])
        action = np.zeros(len(self._mapping.action))
        for i, entry in enumerate(self._mapping.action):
            value = 0.0
            if entry.source == "opening":
                value = target.opening[arm]
            elif entry.source != "zero":
                axis = ("x", "y", "z", "rx", "ry", "rz").index(entry.source)
                value = (apart if entry.relative else wanted)[axis]
            action[i] = entry.gain * value + entry.offset
        return np.clip(action, self._low, self._high)

    def _take(self, observed: Any, info: dict[str, Any]) -> None:
        if self._mapping.key:
            observed = observed[self._mapping.key]
        flat = np.asarray(observed, dtype=np.float64)
        if flat.ndim != 1:
            raise RobotError(
                f"The environment {self._name} observes an array of shape {flat.shape}, not a "
                "vector; name the vector's key in the mapping."
            )
        self.observation: Array = frozen_array(flat)
        self._succeeded = bool(info.get(self._mapping.success, False))

    def _position(self) -> Array:
        return self.observation[list(self._mapping.position)]

    def _quaternion(self) -> Array:
        if not self._mapping.quaternion:
            return np.array(_UPRIGHT)
        quaternion: NDArray[np.float64] = self.observation[list(self._mapping.quaternion)]
        return quaternion / np.linalg.norm(quaternion)


def main(arguments: list[str] | None = None) -> int:
    """Serve one environment until Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="python -m teleop.robots.gymnasium_env",
        description="Serve a Gymnasium environment as a remote robot.",
    )
    parser.add_argument("env", help="an id of gymnasium.make, or MODULE:FUNCTION that returns one")
    parser.add_argument("endpoint", help="ipc://PATH or tcp://127.0.0.1:PORT")
    parser.add_argument("--mapping", type=Path, help="JSON file of a GymMapping")
    parser.add_argument(
        "--lockstep", action="store_true", help="step by control's clock, and wait for it"
    )
    options = parser.parse_args(arguments)
    mapping = GymMapping()
    if options.mapping is not None:
        mapping = msgspec.json.decode(options.mapping.read_bytes(), type=GymMapping)
    target: str = options.env
    make: Callable[[], GymEnv]
    if ":" in target:
        make = named_function(target)
    else:
        gym_make = named_function("gymnasium:make")
        make = lambda: cast("GymEnv", gym_make(target))  # noqa: E731
    clock = SenderClock() if options.lockstep else RealClock()
    robot = GymnasiumRobot(make(), mapping, clock, target)
    watchdog_s = None if options.lockstep else 0.2
    server = RobotServer(robot, options.endpoint, target, clock=clock, watchdog_s=watchdog_s)
    try:
        server.serve(lambda: False)
    except KeyboardInterrupt:
        return 130
    finally:
        server.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
