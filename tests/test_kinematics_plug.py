import mujoco
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from teleop.cells.plug.cell import PlugCell
from teleop.cells.plug.geometry import SIDES
from teleop.cells.plug.kinematics import PlugKinematics
from teleop.cells.plug.layout import sample_layout
from teleop.kinematics import gaps
from tests.safety_arms import MODEL
from tests.safety_scripts import HOME_Q

DATA = mujoco.MjData(MODEL)


def test_it_says_the_same_again_whatever_was_asked_between():
    kinematics = PlugKinematics(MODEL)
    first = kinematics.at(HOME_Q)
    kinematics.at(HOME_Q + 0.3)
    again = kinematics.at(HOME_Q)
    assert_array_equal(first.start, again.start)
    assert_array_equal(first.axis, again.axis)


def test_a_value_stays_as_it_is_when_the_next_one_is_asked_for():
    kinematics = PlugKinematics(MODEL)
    first = kinematics.at(HOME_Q)
    kept = first.origin.copy(), first.end.copy()
    kinematics.at(HOME_Q + 0.3)
    assert_array_equal(first.origin, kept[0])
    assert_array_equal(first.end, kept[1])


def test_the_joints_end_where_the_model_says():
    arms = PlugKinematics(MODEL).at(HOME_Q)
    assert_allclose(arms.low, -2 * np.pi)
    assert_allclose(arms.high, 2 * np.pi)


@pytest.mark.parametrize("side", SIDES)
def test_the_capsules_of_the_hand_hold_its_palm_and_pads(side: str):
    arms, arm = PlugKinematics(MODEL).at(HOME_Q), SIDES.index(side)
    _place(DATA)
    geoms = [f"{side}_palm", f"{side}_finger_0_pad", f"{side}_finger_1_pad"]
    for name in geoms:
        for corner in _corners(name):
            ends = zip(arms.start[arm, -3:], arms.end[arm, -3:], arms.radius[-3:], strict=True)
            out = min(_outside(corner, start, end, radius) for start, end, radius in ends)
            assert out < 0.001, name


def test_the_hands_are_clear_of_each_other_when_the_plug_is_home():
    cell = PlugCell()
    cell.reset(sample_layout("near", 0))
    q = np.stack(
        [
            cell._reach.solve(
                arm,
                cell.tool_at_meeting.position[arm],
                cell.tool_at_meeting.quaternion[arm],
                HOME_Q[arm],
                100,
            )[0]
            for arm in range(2)
        ]
    )
    near = gaps(PlugKinematics(cell.model).at(q), 1.0)
    assert near is not None
    assert near.distance.min() > 0.022


def _place(data: mujoco.MjData) -> None:
    for arm, side in enumerate(SIDES):
        for joint, angle in zip(
            ("shoulder", "upper_arm", "forearm", "wrist_1", "wrist_2", "wrist_3"),
            HOME_Q[arm],
            strict=True,
        ):
            data.qpos[MODEL.joint(f"{side}_{joint}").qposadr[0]] = angle
    mujoco.mj_kinematics(MODEL, data)


def _corners(name: str) -> list[np.ndarray]:
    geom = MODEL.geom(name)
    turn = DATA.geom_xmat[geom.id].reshape(3, 3)
    signs = np.array(np.meshgrid(*[[-1, 1]] * 3)).reshape(3, -1).T
    return [DATA.geom_xpos[geom.id] + turn @ (sign * geom.size) for sign in signs]


def _outside(point: np.ndarray, start: np.ndarray, end: np.ndarray, radius: float) -> float:
    along = end - start
    share = np.clip((point - start) @ along / (along @ along), 0.0, 1.0)
    return float(np.linalg.norm(point - start - share * along) - radius)
