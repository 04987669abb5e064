from dataclasses import fields, replace

import mujoco
import numpy as np
import pytest

from teleop.cells.plug.cell import PlugCell, physics_steps
from teleop.cells.plug.geometry import LEFT, PIN_LENGTH_M, RIGHT
from teleop.cells.plug.grasp import NOMINAL_GRASP, quaternion_of
from teleop.cells.plug.layout import Grasp, Layout, sample_layout
from teleop.cells.plug.reading import CellReading, ToolTarget

ZERO = (0.0, 0.0, 0.0)
NOMINAL_LAYOUT = Layout(NOMINAL_GRASP, NOMINAL_GRASP, ZERO, ZERO, ZERO, ZERO, 0)


@pytest.fixture(scope="module")
def cell() -> PlugCell:
    return PlugCell()


def layout_off_by(lateral_m: float) -> Layout:
    return replace(NOMINAL_LAYOUT, plug=Grasp((lateral_m, 0.0, 0.0), ZERO))


def push_blindly(cell: PlugCell, beyond_home_m: float, seconds: float = 3.6) -> list[CellReading]:
    """Drive the left target straight along x at 30 mm/s; the reading of every 10 ms."""
    held = cell.target
    end = cell.tool_at_meeting.position[LEFT, 0] + beyond_home_m
    position = held.position
    readings: list[CellReading] = []
    for _ in range(round(seconds * 100)):
        position = position.copy()
        position[LEFT, 0] = min(position[LEFT, 0] + 0.0003, end)
        cell.advance(ToolTarget(position, held.quaternion, held.opening), 5)
        readings.append(cell.read())
    return readings


def peak_force(readings: list[CellReading]) -> float:
    return max(float(np.linalg.norm(reading.wrench[:, :3], axis=1).max()) for reading in readings)


def test_the_same_seed_gives_the_same_trajectory_bit_for_bit(cell: PlugCell):
    def run(one: PlugCell) -> CellReading:
        one.reset(sample_layout("near", 11))
        return push_blindly(one, 0.003, seconds=2.6)[-1]

    first, again, elsewhere = run(cell), run(cell), run(PlugCell())
    for field in fields(CellReading):
        value = getattr(first, field.name)
        assert np.array_equal(value, getattr(again, field.name)), field.name
        assert np.array_equal(value, getattr(elsewhere, field.name)), field.name


def test_a_reset_rests_at_the_start_with_both_parts_held(cell: PlugCell):
    cell.reset(sample_layout("shifted", 5))
    reading, truth = cell.read(), cell.truth()
    assert reading.time_s == 0.0
    assert np.abs(reading.position - cell.target.position).max() < 2e-4
    assert np.abs(reading.wrench).max() < 0.01
    assert np.abs(reading.twist).max() < 0.005
    assert -0.062 < truth.depth_m < -0.040
    assert not (truth.inserted or truth.jammed or truth.dropped or truth.contact)


def test_a_reset_puts_the_plug_where_the_layout_says(cell: PlugCell):
    cell.reset(layout_off_by(0.004))
    assert cell.truth().lateral_m == pytest.approx([0.004, 0.0], abs=1e-4)
    cell.reset(replace(NOMINAL_LAYOUT, socket=Grasp((0.004, 0.0, 0.0), (0.0, 0.05, 0.0))))
    assert cell.truth().rotation_rad == pytest.approx([0.0, -0.05, 0.0], abs=2e-3)


@pytest.mark.parametrize("lateral_m", [0.0, 0.001])
def test_a_blind_push_inserts_when_nearly_aligned(cell: PlugCell, lateral_m: float):
    cell.reset(layout_off_by(lateral_m))
    readings = push_blindly(cell, 0.006)
    truth = cell.truth()
    assert truth.inserted and not truth.jammed
    assert truth.depth_m == pytest.approx(PIN_LENGTH_M, abs=5e-4)
    assert peak_force(readings) < 30.0


def test_a_blind_push_jams_on_the_face_when_5_mm_off(cell: PlugCell):
    cell.reset(layout_off_by(0.005))
    last = push_blindly(cell, 0.0)[-1]
    truth = cell.truth()
    assert truth.jammed and truth.contact and not truth.inserted
    assert truth.depth_m < 0.002
    assert truth.axial_force_n == pytest.approx(13.5, abs=1.0)
    # What the surroundings do to a hand that pushes points back into it.
    assert last.wrench[LEFT, 2] == pytest.approx(-truth.axial_force_n, abs=0.5)
    assert last.wrench[RIGHT, 2] == pytest.approx(-truth.axial_force_n, abs=0.5)


def test_a_target_10_cm_beyond_winds_up_no_push(cell: PlugCell):
    cell.reset(layout_off_by(0.005))
    readings = push_blindly(cell, 0.10, seconds=5.5)
    assert peak_force(readings) < 20.0


def test_a_far_target_does_not_mean_a_fast_arm(cell: PlugCell):
    cell.reset(NOMINAL_LAYOUT)
    target = replace(cell.target, position=cell.target.position - [[0.3, 0, 0], [0, 0, 0]])
    speeds: list[float] = []
    for _ in range(50):
        cell.advance(target, 5)
        speeds.append(float(np.linalg.norm(cell.read().twist[LEFT, :3])))
    assert 0.08 < max(speeds) < 0.16


def test_pads_read_newtons(cell: PlugCell):
    cell.reset(NOMINAL_LAYOUT)
    sums = cell.read().tactile.sum(axis=(2, 3))
    assert sums == pytest.approx(np.full((2, 2), 40.0), abs=1.0)
    body = cell.parts.object_body[LEFT]
    cell.data.xfrc_applied[body, 2] = 4.0
    cell.advance(cell.target, 100)
    pressed = cell.read().tactile.sum(axis=(2, 3))[LEFT]
    cell.data.xfrc_applied[body] = 0.0
    assert abs(pressed[0] - pressed[1]) == pytest.approx(4.0, abs=0.8)


def test_tactile_arrays_show_how_the_part_lies_in_the_hand(cell: PlugCell):
    def centre_column(layout: Layout) -> np.ndarray:
        cell.reset(layout)
        tactile = cell.read().tactile[LEFT]
        return (tactile.sum(axis=1) @ np.arange(8)) / tactile.sum(axis=(1, 2))

    moved = centre_column(layout_off_by(0.004)) - centre_column(NOMINAL_LAYOUT)
    assert moved == pytest.approx([1.1, 1.1], abs=0.15)


def test_the_wrist_does_not_feel_the_weight_of_the_hand_when_it_turns(cell: PlugCell):
    cell.reset(NOMINAL_LAYOUT)
    quaternion = cell.target.quaternion.copy()
    mujoco.mju_mulQuat(quaternion[LEFT], quaternion_of(np.array([0, 0.15, 0])), quaternion[LEFT])
    cell.advance(replace(cell.target, quaternion=quaternion), physics_steps(1.0))
    wrench = cell.read().wrench[LEFT]
    assert np.abs(wrench[:3]).max() < 0.1
    assert np.abs(wrench[3:]).max() < 0.02


def test_a_part_falls_and_is_noticed_when_the_gripper_opens(cell: PlugCell):
    cell.reset(NOMINAL_LAYOUT)
    cell.advance(replace(cell.target, opening=np.array([1.0, 0.0])), physics_steps(0.5))
    reading = cell.read()
    assert cell.truth().dropped
    assert reading.opening[LEFT] > 0.9 and reading.opening[RIGHT] < 0.5
    assert np.all(reading.tactile[LEFT] == 0.0)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_held_plug_stays_put_under_10_newtons(cell: PlugCell, axis: int):
    cell.reset(NOMINAL_LAYOUT)
    body, site = cell.parts.object_body[LEFT], cell.parts.ee_site[LEFT]

    def in_hand() -> np.ndarray:
        rotation = cell.data.site_xmat[site].reshape(3, 3)
        return rotation.T @ (cell.data.xipos[body] - cell.data.site_xpos[site])

    before = in_hand()
    cell.data.xfrc_applied[body, axis] = 10.0
    cell.advance(cell.target, physics_steps(1.0))
    moved = np.linalg.norm(in_hand() - before)
    cell.data.xfrc_applied[body] = 0.0
    assert moved < 4e-4
    assert not cell.truth().dropped


def test_a_reading_does_not_change_when_the_cell_moves_on(cell: PlugCell):
    cell.reset(NOMINAL_LAYOUT)
    reading = cell.read()
    q, tactile = reading.q.copy(), reading.tactile.copy()
    push_blindly(cell, 0.0, seconds=0.3)
    assert np.array_equal(reading.q, q) and np.array_equal(reading.tactile, tactile)
    assert not np.array_equal(cell.read().q, q)


def test_a_state_is_read_once_and_nobody_can_write_into_what_was_read(cell: PlugCell):
    cell.reset(NOMINAL_LAYOUT)
    reading, truth = cell.read(), cell.truth()
    assert cell.read() is reading and cell.truth() is truth
    with pytest.raises(ValueError, match="read-only"):
        reading.wrench[LEFT] = 0.0
    with pytest.raises(ValueError, match="read-only"):
        truth.lateral_m[:] = 0.0
    cell.advance(cell.target, 1)
    assert cell.read().time_s == pytest.approx(0.002) and cell.truth() is not truth


def test_the_twist_is_the_change_of_the_pose(cell: PlugCell):
    cell.reset(NOMINAL_LAYOUT)
    push_blindly(cell, 0.0, seconds=0.5)
    before = cell.read()
    cell.advance(cell.target, 1)
    after = cell.read()
    mean = (before.twist[:, :3] + after.twist[:, :3]) / 2
    assert (after.position - before.position) / 0.002 == pytest.approx(mean, abs=1e-3)
    assert before.twist[LEFT, 0] > 0.02
