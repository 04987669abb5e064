"""A Gymnasium environment as a robot."""

from pathlib import Path

import numpy as np
import pytest

from teleop.clock import SimClock
from teleop.errors import ConfigError
from teleop.messages import ToolTarget, frozen_array
from teleop.robots.gymnasium_env import Entry, GymMapping, GymnasiumRobot
from teleop.robots.remote.robot import RemoteTask
from tests.remote_parts import SLIDING, Box, Served, SlidingEnv

PERIOD_NS = 10_000_000


def towards(robot: GymnasiumRobot, x: float, opening: float = 1.0) -> ToolTarget:
    state = robot.read()
    position = state.position.copy()
    position[0, 0] = x
    return ToolTarget(frozen_array(position), state.quaternion, frozen_array([opening, opening]))


def test_only_the_driven_arm_moves_and_by_no_more_than_the_box_allows():
    clock = SimClock()
    robot = GymnasiumRobot(SlidingEnv(), SLIDING, clock)
    before = robot.read()
    robot.command(towards(robot, 1.0))
    state = robot.read()
    assert state.position[0, 0] == pytest.approx(0.01)
    assert state.twist[0, 0] == pytest.approx(1.0)
    assert np.array_equal(state.position[1], before.position[1])


def test_it_makes_as_many_steps_as_are_due_by_the_clock():
    clock, env = SimClock(), SlidingEnv()
    robot = GymnasiumRobot(env, SLIDING, clock)
    robot.command(towards(robot, 0.05))
    assert env.steps == 1
    robot.command(towards(robot, 0.05))
    assert env.steps == 1
    clock.advance(3 * PERIOD_NS)
    robot.command(towards(robot, 0.05))
    assert env.steps == 4


def test_the_gripper_is_mapped_both_ways():
    robot = GymnasiumRobot(SlidingEnv(), SLIDING, SimClock())
    robot.command(towards(robot, 0.0, opening=0.2))
    assert robot.read().opening[0] == pytest.approx(0.2)


def test_after_the_episodes_end_nothing_is_stepped_until_the_next_begins():
    clock, env = SimClock(), SlidingEnv()
    robot = GymnasiumRobot(env, SLIDING, clock)
    for _ in range(210):
        robot.command(towards(robot, 0.0))
        clock.advance(PERIOD_NS)
    assert env.steps == 200
    assert robot.begin(7).name == "gym/7"
    assert robot.observation[4] == 7.0
    robot.command(towards(robot, 0.0))
    assert env.steps == 1


def test_success_and_the_state_come_through_the_remote_robot(tmp_path: Path):
    clock = SimClock()
    far = GymnasiumRobot(SlidingEnv(), SLIDING, clock)
    client = Served(clock, far, tmp_path)
    task = RemoteTask(client)
    assert task.begin(3).name == "gym/3"
    assert client.features["state"] == pytest.approx([0.0, 0.0, 0.1, 1.0, 3.0])
    for _ in range(15):
        client.command(towards(far, 1.0))
        clock.advance(PERIOD_NS)
        client.read()
    assert task.status().inserted
    client.close()


def test_a_table_of_another_size_than_the_action_is_refused():
    with pytest.raises(ConfigError, match="2 entries"):
        GymnasiumRobot(SlidingEnv(), GymMapping((Entry("x"), Entry("y"))), SimClock())


def test_rotations_absolute_entries_and_unused_ones_follow_the_table():
    class Turning(SlidingEnv):
        action_space = Box(3)

        def reset(self, *, seed: int | None = None):
            return np.array([0.2, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]), {}

        def step(self, action):
            self.action = action
            return np.array([0.2, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]), 0.0, False, False, {}

    table = (Entry("rz", 1.0), Entry("x", 2.0, 0.1, relative=False), Entry("zero"))
    env = Turning()
    robot = GymnasiumRobot(env, GymMapping(table, quaternion=(3, 4, 5, 6)), SimClock())
    quaternion = frozen_array([[np.cos(0.15), 0, 0, np.sin(0.15)], [1, 0, 0, 0]])
    robot.command(ToolTarget(frozen_array(np.full((2, 3), 0.3)), quaternion, frozen_array([1, 1])))
    assert env.action == pytest.approx([0.3, 0.7, 0.0], abs=1e-6)
