import mujoco
import numpy as np
import pytest

from teleop.cells.plug.cell import PlugCell
from teleop.cells.plug.expert import TwistLimits, expert_twist
from teleop.cells.plug.geometry import LEFT, RIGHT
from teleop.cells.plug.grasp import NOMINAL_GRASP, quaternion_of
from teleop.cells.plug.layout import Grasp, Layout, sample_layout
from teleop.cells.plug.reading import CellReading, ToolTarget

LIMITS = TwistLimits()
TICK_S = 0.01
LEAD_M = 0.009


@pytest.fixture(scope="module")
def cell() -> PlugCell:
    return PlugCell()


def follow(target: ToolTarget, twists: np.ndarray, reading: CellReading) -> ToolTarget:
    """Integrate twists into a target, kept near the measured pose as a control loop would."""
    lead = target.position + twists[:, :3] * TICK_S - reading.position
    length = np.maximum(np.linalg.norm(lead, axis=1, keepdims=True), 1e-9)
    quaternion = np.zeros((2, 4))
    for arm in (LEFT, RIGHT):
        turn = quaternion_of(twists[arm, 3:] * TICK_S)
        mujoco.mju_mulQuat(quaternion[arm], turn, target.quaternion[arm])
    return ToolTarget(
        reading.position + lead * np.minimum(1.0, LEAD_M / length), quaternion, target.opening
    )


def run_expert(cell: PlugCell, target: ToolTarget, seconds: float = 9.0) -> tuple[float, float]:
    """Let the expert work; when it inserted (s, or infinity), and the peak force (N)."""
    reading, peak = cell.read(), 0.0
    begun = reading.time_s
    twists = np.zeros((2, 6))
    for tick in range(round(seconds / TICK_S)):
        truth = cell.truth()
        if truth.inserted:
            return reading.time_s - begun, peak
        if tick % 5 == 0:
            twists, _ = expert_twist(truth, reading, cell.tool_at_meeting, LIMITS)
        target = follow(target, twists, reading)
        cell.advance(target, 5)
        reading = cell.read()
        peak = max(peak, float(np.linalg.norm(reading.wrench[:, :3], axis=1).max()))
    return np.inf, peak


@pytest.mark.parametrize("name", ["near", "shifted"])
def test_the_expert_inserts_gently(cell: PlugCell, name: str):
    for seed in range(100, 104):
        cell.reset(sample_layout(name, seed))
        took_s, peak_n = run_expert(cell, cell.target)
        assert 2.5 < took_s < 7.0, f"seed {seed}"
        assert peak_n < 30.0, f"seed {seed}"


def test_the_expert_frees_a_jammed_plug_and_inserts_it(cell: PlugCell):
    zero = (0.0, 0.0, 0.0)
    off = Grasp((0.005, 0.0, 0.0), (0.0, 0.06, 0.0))
    cell.reset(Layout(off, NOMINAL_GRASP, zero, zero, zero, zero, 0))
    target = cell.target
    for _ in range(250):
        position = target.position + np.array([[0.0003, 0.0, 0.0], [0.0, 0.0, 0.0]])
        target = ToolTarget(position, target.quaternion, target.opening)
        cell.advance(target, 5)
    assert cell.truth().jammed
    took_s, peak_n = run_expert(cell, target)
    assert took_s < 7.0
    assert peak_n < 30.0


def test_the_expert_is_a_function_of_what_it_is_given(cell: PlugCell):
    cell.reset(sample_layout("shifted", 9))
    truth, reading = cell.truth(), cell.read()
    first, openings = expert_twist(truth, reading, cell.tool_at_meeting, LIMITS)
    again, _ = expert_twist(truth, reading, cell.tool_at_meeting, LIMITS)
    assert np.array_equal(first, again)
    assert np.array_equal(openings, np.zeros(2))
    assert np.linalg.norm(first[:, :3], axis=1).max() <= LIMITS.linear_m_s + 1e-12
    assert np.linalg.norm(first[:, 3:], axis=1).max() <= LIMITS.angular_rad_s + 1e-12
