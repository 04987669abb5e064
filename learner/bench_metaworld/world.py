"""Meta-World seen from here: a process of its own environment, and episodes stepped in lockstep."""

import os
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter_ns

import numpy as np

from learner.bench_metaworld.tasks import PERIOD_S, episode_of
from teleop.clock import SimClock
from teleop.errors import SetupError
from teleop.messages import Array, ToolTarget, frozen_array
from teleop.robots.remote.robot import RemoteConfig, RemoteRobot, RemoteTask

_ROOT = Path(__file__).resolve().parent.parent.parent
_PATIENCE = RemoteConfig(reply_s=30.0, connect_s=120.0, begin_s=60.0)


def metaworld_python() -> Path:
    """The interpreter that tools/metaworld-env makes.

    Raises:
        SetupError: it has not been made.
    """
    peers = Path(os.environ.get("NUDGE_PEERS", Path.home() / ".cache" / "nudge" / "peers"))
    python = peers / "metaworld" / "bin" / "python"
    if not python.exists():
        raise SetupError(f"Meta-World's environment is not at {python}; run tools/metaworld-env.")
    return python


@dataclass(frozen=True, eq=False)
class Seen:
    """One moment of an episode."""

    state: Array  # (39,)
    advice: Array  # (4,) what the expert would do: m/s, opening
    reward: float
    success: bool


class World:
    """The running process and the episode in it. To be closed.

    Args:
        python: of Meta-World's environment.
        folder: for the socket and the log.

    Attributes:
        trips_ns: what each command and each reading took, there and back, a step of the simulation
            included.
    """

    def __init__(self, python: Path, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        endpoint = f"ipc://{folder}/metaworld"
        # Only these two: where Nudge is installed as a wheel, its own MuJoCo lies beside them.
        path = folder / "path"
        path.mkdir(exist_ok=True)
        for package in ("teleop", "learner"):
            link = path / package
            link.unlink(missing_ok=True)
            link.symlink_to(_ROOT / package)
        with (folder / "metaworld.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(python), "-m", "learner.bench_metaworld.far_side", endpoint],
                cwd=path,
                env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(path)},
                stdout=log,
                stderr=log,
            )
        self._clock = SimClock()
        self.trips_ns: list[int] = []
        with ExitStack() as undo:
            undo.callback(self._end)
            self._robot = RemoteRobot(self._clock, endpoint, _PATIENCE)
            undo.pop_all()
        self._task = RemoteTask(self._robot)

    def begin(self, task: int, scene: int) -> Seen:
        """Set a scene up."""
        self._task.begin(episode_of(task, scene))
        return self._look()

    def step(self, action: Array) -> Seen:
        """Make one step with (4,): m/s and opening of the left gripper; what comes of it."""
        state = self._state
        position, opening = state.position.copy(), state.opening.copy()
        position[0] += action[:3] * PERIOD_S
        opening[0] = action[3]
        target = ToolTarget(frozen_array(position), state.quaternion, frozen_array(opening))
        began_ns = perf_counter_ns()
        self._robot.command(target)
        self._clock.advance(round(PERIOD_S * 1e9))
        seen = self._look()
        self.trips_ns.append(perf_counter_ns() - began_ns)
        return seen

    def close(self) -> None:
        """End the process."""
        self._robot.close()
        self._end()

    def _look(self) -> Seen:
        self._state = self._robot.read()
        told = self._robot.features
        inserted = self._robot.status.inserted
        return Seen(told["state"], told["advice"], float(np.sum(told["reward"])), inserted)

    def _end(self) -> None:
        self._process.terminate()
        self._process.wait()
