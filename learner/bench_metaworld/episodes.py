"""Episodes of Meta-World: by the expert, by the policy, or by the policy with an operator."""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from learner.bench_metaworld.operator import Operator
from learner.bench_metaworld.states import StatePolicy
from learner.bench_metaworld.world import Seen, World
from teleop.messages import Array

REPLAN = 4  # steps of a chunk that are carried out before the next is asked for


class Driver(IntEnum):
    """Who made a step."""

    POLICY = 0
    OPERATOR = 1


@dataclass(frozen=True, eq=False)
class StateEpisode:
    """What happened in T steps; states are those that the actions were chosen in."""

    task: int
    success: bool
    states_TS: Array
    actions_T4: Array  # carried out: m/s, opening
    drivers_T: Array  # of `Driver`

    @property
    def operator_steps(self) -> int:
        return int(np.sum(self.drivers_T == Driver.OPERATOR))

    @property
    def takeovers(self) -> int:
        driven = np.concatenate([[0.0], self.drivers_T])
        return int(np.sum(np.diff(driven) > 0.0))


@dataclass
class _Rows:
    states: list[Array] = field(default_factory=list[Array])
    actions: list[Array] = field(default_factory=list[Array])
    drivers: list[Driver] = field(default_factory=list[Driver])

    def add(self, seen: Seen, action: Array, driver: Driver) -> None:
        self.states.append(seen.state)
        self.actions.append(action)
        self.drivers.append(driver)

    def episode(self, task: int, success: bool) -> StateEpisode:
        return StateEpisode(
            task,
            success,
            np.stack(self.states),
            np.stack(self.actions),
            np.array(self.drivers, dtype=np.float64),
        )


def demonstrate(
    world: World, task: int, scene: int, limit: int, noise: float, random: np.random.Generator
) -> StateEpisode:
    """The expert's work. Its hand is shaken by `noise` m/s, its own actions are what is kept.

    A shaken demonstration shows what to do beside the straight way (Laskey et al. 2017, "DART").
    """
    seen, rows = world.begin(task, scene), _Rows()
    for _ in range(limit):
        action = seen.advice
        rows.add(seen, action, Driver.OPERATOR)
        shaken = action + np.append(random.normal(0.0, noise, 3), 0.0)
        seen = world.step(shaken)
        if seen.success:
            break
    return rows.episode(task, seen.success)


def work(
    world: World,
    policy: StatePolicy,
    task: int,
    scene: int,
    limit: int,
    operator: Operator | None = None,
) -> StateEpisode:
    """The policy's work, ended by success or after `limit` steps; an operator may take over."""
    seen, rows = world.begin(task, scene), _Rows()
    chunk, place = np.zeros((0, 4)), 0
    for _ in range(limit):
        if operator is not None and operator.drives(seen.reward):
            action, driver = operator.action(seen.advice), Driver.OPERATOR
            chunk = np.zeros((0, 4))  # what was planned before the takeover is void after it
        else:
            if len(chunk) == 0 or place == REPLAN:
                chunk, place = policy.chunk(task, seen.state), 0
            action, driver = chunk[place], Driver.POLICY
            place += 1
        rows.add(seen, action, driver)
        seen = world.step(action)
        if seen.success:
            break
    return rows.episode(task, seen.success)
