"""Meta-World as a remote robot; run by the python of its own environment (tools/metaworld-env).

The scripted expert's advice and the task's reward ride along with every state, for the scripted
operator and nobody else.
"""

import importlib
import os
import sys
import warnings
from typing import Any

import numpy as np

from learner.bench_metaworld.tasks import FULL_SPEED, PERIOD_S, TASKS, TaskName, scene_of
from teleop.interfaces import Clock
from teleop.messages import Array, RobotState, Scene, TaskStatus, ToolTarget
from teleop.robots.gymnasium_env import GymEnv, GymMapping, GymnasiumRobot
from teleop.robots.remote.server import RobotServer, SenderClock


class SeededTask:
    """One task as an environment whose scene is a function of the seed.

    Attributes:
        reward: of the last step.
    """

    def __init__(self, task: TaskName) -> None:
        known = importlib.import_module("metaworld.env_dict")
        self._env = known.ALL_V3_ENVIRONMENTS_GOAL_OBSERVABLE[f"{task.name}-v3-goal-observable"]()
        # Without these the goal stands where it was first.
        setattr(self._env, "_freeze_rand_vec", False)  # noqa: B010
        self._env.seeded_rand_vec = True
        self.action_space: Any = self._env.action_space
        self.reward = 0.0

    def reset(self, *, seed: int | None = None) -> tuple[Any, dict[str, Any]]:
        self.reward = 0.0
        self._env.seed(seed or 0)
        return self._env.reset(seed=seed or 0)

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        observed, reward, terminated, truncated, info = self._env.step(action)
        self.reward = float(reward)
        return observed, reward, terminated, truncated, info

    def close(self) -> None:
        self._env.close()


class MetaWorld:
    """A `FarRobot`, `FarTask` and `Featured`; the episode's number says which task."""

    def __init__(self, clock: Clock) -> None:
        experts = importlib.import_module("metaworld.policies")
        self._envs = [SeededTask(task) for task in TASKS]
        self._robots = [
            GymnasiumRobot(_as_env(env), GymMapping(period_s=PERIOD_S), clock, task.name)
            for env, task in zip(self._envs, TASKS, strict=True)
        ]
        self._experts = [getattr(experts, task.expert)() for task in TASKS]
        self._task = 0

    def begin(self, episode: int) -> Scene:
        self._task, scene = scene_of(episode)
        return self._robots[self._task].begin(scene)

    def status(self) -> TaskStatus:
        return self._robots[self._task].status()

    def read(self) -> RobotState:
        return self._robots[self._task].read()

    def command(self, target: ToolTarget) -> ToolTarget:
        return self._robots[self._task].command(target)

    def stop(self) -> None:
        self._robots[self._task].stop()

    def features(self) -> dict[str, Array]:
        """`state` (39,); `advice` (4,): m/s and opening; `reward` (1,)."""
        state = self._robots[self._task].observation
        asked = np.clip(self._experts[self._task].get_action(state), -1.0, 1.0)
        advice = np.append(asked[:3] * FULL_SPEED, (1.0 - asked[3]) / 2.0)
        return {
            "state": state,
            "advice": advice.astype(np.float64),
            "reward": np.array([self._envs[self._task].reward]),
        }


def _as_env(env: SeededTask) -> GymEnv:
    return env


def main() -> int:
    """Serve at the address given, in lockstep, until the process that started us is gone."""
    warnings.simplefilter("ignore")  # the experts warn of every step that they clip
    clock, parent = SenderClock(), os.getppid()
    server = RobotServer(MetaWorld(clock), sys.argv[1], "Meta-World", clock=clock, watchdog_s=None)
    try:
        server.serve(lambda: os.getppid() != parent)
    finally:
        server.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
