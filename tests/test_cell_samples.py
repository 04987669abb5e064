import numpy as np

from teleop.clock import SimClock
from teleop.config import CellConfig
from teleop.messages import ToolTarget
from teleop.robots.mujoco_cell import MujocoCell
from teleop.stream_messages import SampleBlock

PERIOD_NS = 10_000_000
STEP_NS = 2_000_000


def driven(ticks: int, sampling: bool, late: int = -1) -> tuple[MujocoCell, int]:
    """Push the plug towards the socket; one tick of them may come three periods late."""
    clock = SimClock()
    cell = MujocoCell(clock, CellConfig("near", 3), 100.0)
    scene = cell.begin(0)
    cell.sampling = sampling
    start = cell.read()
    for tick in range(ticks):
        if tick == late:
            clock.advance(3 * PERIOD_NS)
        ahead = np.array([[0.0004 * tick, 0.0, 0.0], [0.0, 0.0, 0.0]])
        cell.command(ToolTarget(start.position + ahead, start.quaternion, scene.opening))
        clock.advance(PERIOD_NS)
    return cell, clock.now_ns() - PERIOD_NS


def streams(cell: MujocoCell) -> dict[str, SampleBlock]:
    return {block.info.name: block for block in cell.samples()}


def test_the_physics_is_the_same_to_the_last_bit_with_sampling_and_without():
    with_samples, _ = driven(60, True)
    without, _ = driven(60, False)
    assert not without.samples()
    for name in ("qpos", "qvel", "qacc_warmstart", "sensordata"):
        one, other = getattr(with_samples.cell.data, name), getattr(without.cell.data, name)
        assert np.array_equal(one, other), name


def test_wrenches_and_joints_come_at_500_hz_and_touch_at_every_tick():
    cell, now_ns = driven(20, True, late=7)
    found = streams(cell)
    assert set(found) == {"wrench_left", "wrench_right", "joints", "tactile_left", "tactile_right"}
    for name in ("wrench_left", "wrench_right", "joints"):
        block = found[name]
        assert block.sequence.tolist() == list(range(5 * 23))
        assert set(np.diff(block.host_ns)) == {STEP_NS}
        assert block.host_ns[-1] == now_ns
        assert np.array_equal(np.diff(block.device_ns), np.diff(block.host_ns))
        assert block.device_ns[-1] == round(cell.cell.read().time_s * 1e9)
    assert len(found["tactile_left"].sequence) == 20
    assert found["tactile_left"].host_ns[-1] == now_ns
    for block in found.values():
        assert block.data.dtype == np.float32
        assert block.data.shape[1:] == block.info.shape
        assert not block.info.columns or len(block.info.columns) == block.data[0].size


def test_the_last_sample_is_what_the_robot_reports():
    cell, _ = driven(40, True)
    found, state = streams(cell), cell.read()
    for arm, side in enumerate(("left", "right")):
        assert np.allclose(found[f"wrench_{side}"].data[-1], state.wrench[arm], atol=1e-5)
        assert np.allclose(found[f"tactile_{side}"].data[-1], state.tactile[arm], atol=1e-6)
    columns = dict(zip(found["joints"].info.columns, found["joints"].data[-1], strict=True))
    assert np.isclose(columns["right_q3"], state.q[1, 2], atol=1e-6)
    assert np.isclose(columns["left_dq6"], state.dq[0, 5], atol=1e-6)


def test_what_is_sensed_between_two_ticks_is_what_a_tick_there_would_have_read():
    target_clock = SimClock()
    fast = MujocoCell(target_clock, CellConfig("near", 3), 500.0)
    scene = fast.begin(0)
    start = fast.read()
    target = ToolTarget(start.position + 0.002, start.quaternion, scene.opening)
    read = []
    for _ in range(5):
        fast.command(target)
        read.append(fast.read().wrench)
        target_clock.advance(STEP_NS)
    clock = SimClock()
    slow = MujocoCell(clock, CellConfig("near", 3), 100.0)
    slow.begin(0)
    slow.sampling = True
    slow.command(target)
    block = streams(slow)["wrench_left"]
    assert np.allclose(block.data, np.array(read)[:, 0], rtol=1e-3, atol=1e-3)


def test_a_new_scene_forgets_the_samples_of_the_old():
    cell, _ = driven(3, True)
    cell.begin(1)
    assert not cell.samples()
