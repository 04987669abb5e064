"""What `teleop.interfaces.Robot` promises, for every robot there is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from teleop.clock import SimClock
from teleop.config import CellConfig
from teleop.demonstrator import PushedRobot, Pushes
from teleop.interfaces import Robot
from teleop.messages import TACTILE_SHAPE, ToolTarget, frozen_array
from teleop.robots.gymnasium_env import GymnasiumRobot
from teleop.robots.mujoco_cell import MujocoCell
from teleop.timing import TimedRobot
from tests.remote_parts import SLIDING, Served, SlidingEnv

PERIOD_NS = 10_000_000


@dataclass
class Rig:
    """A robot on a simulated clock."""

    robot: Robot
    clock: SimClock

    def run(self, target: ToolTarget, periods: int) -> None:
        for _ in range(periods):
            self.robot.command(target)
            self.clock.advance(PERIOD_NS)


def _cell(clock: SimClock, folder: Path) -> Robot:
    return MujocoCell(clock, CellConfig("near", 3), 100.0)


def _timed(clock: SimClock, folder: Path) -> Robot:
    return TimedRobot(_cell(clock, folder), clock)


def _pushed(clock: SimClock, folder: Path) -> Robot:
    return PushedRobot(_cell(clock, folder), Pushes(linear=0.0, angular=0.0), 0.01, 0)


def _remote(clock: SimClock, folder: Path) -> Robot:
    return Served(clock, MujocoCell(clock, CellConfig("near", 3), 100.0), folder)


def _gymnasium(clock: SimClock, folder: Path) -> Robot:
    return Served(clock, GymnasiumRobot(SlidingEnv(), SLIDING, clock), folder)


@pytest.fixture(
    params=[_cell, _timed, _pushed, _remote, _gymnasium],
    ids=["mujoco_cell", "timed", "pushed", "remote", "gymnasium"],
)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    clock = SimClock()
    make: Callable[[SimClock, Path], Robot] = request.param
    made = Rig(make(clock, tmp_path), clock)
    yield made
    made.robot.close()


def here(rig: Rig, shift: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> ToolTarget:
    state = rig.robot.read()
    return ToolTarget(
        frozen_array(state.position + np.array([shift, (0.0, 0.0, 0.0)])),
        state.quaternion,
        frozen_array(np.zeros(2)),
    )


def test_a_state_has_the_shapes_and_the_stamp_that_are_promised(rig: Rig):
    state = rig.robot.read()
    shapes = [(2, 6)] * 4 + [(2, 3), (2, 4), (2,), TACTILE_SHAPE]
    arrays = (state.q, state.dq, state.twist, state.wrench, state.position, state.quaternion)
    for array, shape in zip((*arrays, state.opening, state.tactile), shapes, strict=True):
        assert array.shape == shape
        assert np.isfinite(array).all()
        assert not array.flags.writeable
    assert state.stamp_ns == rig.clock.now_ns()
    assert np.linalg.norm(state.quaternion, axis=1) == pytest.approx([1.0, 1.0])
    assert state.fault == ""


def test_a_read_state_stays_as_it_is_while_the_robot_moves_on(rig: Rig):
    before = rig.robot.read()
    position = before.position.copy()
    rig.run(here(rig, (0.004, 0.0, 0.0)), 30)
    assert np.array_equal(before.position, position)


def test_the_arms_track_the_target_and_only_the_one_that_was_moved(rig: Rig):
    target = here(rig, (-0.005, 0.004, 0.003))
    start = rig.robot.read()
    rig.run(target, 60)
    state = rig.robot.read()
    assert state.position[0] == pytest.approx(target.position[0], abs=1e-3)
    assert state.position[1] == pytest.approx(start.position[1], abs=1e-3)


def test_command_returns_what_was_sent(rig: Rig):
    target = here(rig)
    sent = rig.robot.command(target)
    assert sent.position == pytest.approx(target.position)
    assert sent.opening == pytest.approx(target.opening)


def test_stop_holds_and_may_be_repeated(rig: Rig):
    rig.run(here(rig), 20)
    before = rig.robot.read()
    rig.robot.stop()
    rig.robot.stop()
    rig.clock.advance(5 * PERIOD_NS)
    assert rig.robot.read().position == pytest.approx(before.position, abs=1e-3)
    rig.robot.close()
