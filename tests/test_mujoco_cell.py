import numpy as np
import pytest

from teleop.clock import SimClock
from teleop.config import CellConfig, ConfigError
from teleop.messages import ToolTarget
from teleop.robots.mujoco_cell import LONGEST_CATCH_UP, MujocoCell

PERIOD_NS = 10_000_000


def started(rate_hz: float = 100.0) -> tuple[SimClock, MujocoCell, ToolTarget]:
    clock = SimClock()
    cell = MujocoCell(clock, CellConfig("near", 3), rate_hz)
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
    assert cell.cell.read().time_s == pytest.approx(0.0525, abs=0.001)


def test_a_long_gap_is_not_made_up_for_whole():
    clock, cell, target = started()
    cell.command(target)
    clock.advance(1000 * PERIOD_NS)
    cell.command(target)
    assert cell.cell.read().time_s == pytest.approx(0.01 + LONGEST_CATCH_UP * 0.002)
    clock.advance(PERIOD_NS)
    cell.command(target)
    assert cell.cell.read().time_s == pytest.approx(0.02 + LONGEST_CATCH_UP * 0.002)


@pytest.mark.parametrize("rate_hz", [50.0, 60.0, 100.0, 144.0, 200.0, 333.0, 500.0])
def test_simulated_time_keeps_pace_with_the_clock_at_any_rate(rate_hz: float):
    clock, cell, target = started(rate_hz)
    ticks = round(0.3 * rate_hz)
    for _ in range(ticks):
        cell.command(target)
        clock.advance(round(1e9 / rate_hz))
    assert cell.cell.read().time_s == pytest.approx(ticks / rate_hz, abs=0.001)


def test_at_200_hz_a_command_is_two_or_three_steps_of_physics_and_none_is_lost():
    clock, cell, target = started(200.0)
    times = [0.0]
    for _ in range(20):
        cell.command(target)
        times.append(cell.cell.read().time_s)
        clock.advance(5_000_000)
    assert set(np.diff(times).round(6)) == {0.004, 0.006}
    assert times[-1] == pytest.approx(0.1)


def test_a_tick_that_comes_a_little_late_or_early_does_not_change_the_pace():
    clock, cell, target = started()
    for late_us in (0, 700, 150, 900, 30, 0, 999, 0):
        clock.advance(late_us * 1000)
        cell.command(target)
        clock.advance(PERIOD_NS - late_us * 1000)
    assert cell.cell.read().time_s == pytest.approx(0.08)


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
