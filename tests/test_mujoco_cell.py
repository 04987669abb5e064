import numpy as np
import pytest

from teleop.clock import SimClock
from teleop.config import CellConfig, ConfigError
from teleop.messages import ToolTarget
from teleop.robots.mujoco_cell import LONGEST_CATCH_UP, MujocoCell

PERIOD_NS = 10_000_000


def started() -> tuple[SimClock, MujocoCell, ToolTarget]:
    clock = SimClock()
    cell = MujocoCell(clock, CellConfig("near", 3), 100.0)
    scene = cell.begin(0)
    state = cell.read()
    return clock, cell, ToolTarget(state.position, state.quaternion, scene.opening)


def test_in_lockstep_one_command_is_one_period_of_physics():
    clock, cell, target = started()
    for tick in range(1, 6):
        cell.command(target)
        assert cell.cell.read().time_s == pytest.approx(tick * 0.01)
        clock.advance(PERIOD_NS)


def test_missed_ticks_are_made_up_for_so_that_physics_keeps_pace():
    clock, cell, target = started()
    cell.command(target)
    clock.advance(4 * PERIOD_NS + PERIOD_NS // 4)
    cell.command(target)
    assert cell.cell.read().time_s == pytest.approx(0.05)


def test_a_long_gap_is_not_made_up_for_whole():
    clock, cell, target = started()
    cell.command(target)
    clock.advance(1000 * PERIOD_NS)
    cell.command(target)
    assert cell.cell.read().time_s == pytest.approx((1 + LONGEST_CATCH_UP) * 0.01)
    clock.advance(PERIOD_NS)
    cell.command(target)
    assert cell.cell.read().time_s == pytest.approx((2 + LONGEST_CATCH_UP) * 0.01)


def test_each_episode_is_the_scene_of_the_next_seed():
    clock = SimClock()
    cell = MujocoCell(clock, CellConfig("shifted", 40), 100.0)
    assert cell.begin(2).name == "plug/shifted/42"
    other = MujocoCell(clock, CellConfig("shifted", 42), 100.0, cell.cell)
    here = cell.read().q
    other.begin(0)
    assert np.array_equal(other.read().q, here)


def test_an_unknown_distribution_is_refused():
    with pytest.raises(ConfigError, match="moon"):
        MujocoCell(SimClock(), CellConfig("moon"), 100.0)


def test_the_scene_for_the_cameras_is_a_copy():
    clock, cell, target = started()
    scene = cell.scene_state()
    before = scene.qpos.copy()
    for _ in range(10):
        cell.command(target)
        clock.advance(PERIOD_NS)
    assert np.array_equal(scene.qpos, before)
    assert not np.array_equal(cell.scene_state().qpos, before)
