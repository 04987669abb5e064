import numpy as np
import pytest

from teleop.cells.plug.cell import start_poses
from teleop.cells.plug.geometry import LEFT, RIGHT
from teleop.cells.plug.reach import SEED_Q, Reach
from teleop.cells.plug.scene import build_model, parts_of

MODEL = build_model()
PARTS = parts_of(MODEL)
START = start_poses()


@pytest.mark.parametrize("arm", [LEFT, RIGHT])
def test_the_tool_is_put_where_it_was_asked_for(arm: int):
    reach = Reach(MODEL, PARTS)
    wanted = START.position[arm] + [0.01, -0.02, 0.015]
    q, left = reach.solve(arm, wanted, START.quaternion[arm], SEED_Q[arm])
    assert left < 1e-9
    assert np.array_equal(reach.data.qpos[PARTS.arm_qpos[arm]], q)
    assert reach.data.site_xpos[PARTS.ee_site[arm]] == pytest.approx(wanted, abs=1e-8)


def test_the_same_start_gives_the_same_joints_bit_for_bit_whatever_was_solved_before():
    fresh, used = Reach(MODEL, PARTS), Reach(MODEL, PARTS)
    elsewhere = START.position + 0.03
    for arm in (LEFT, RIGHT):
        used.solve(arm, elsewhere[arm], START.quaternion[arm], SEED_Q[arm])
    for arm in (LEFT, RIGHT):
        goal = (arm, START.position[arm], START.quaternion[arm], SEED_Q[arm])
        assert np.array_equal(fresh.solve(*goal)[0], used.solve(*goal)[0])


def test_a_pose_out_of_reach_says_how_much_is_missing():
    far = START.position[LEFT] + [3.0, 0.0, 0.0]
    q, left = Reach(MODEL, PARTS).solve(LEFT, far, START.quaternion[LEFT], SEED_Q[LEFT])
    assert left > 1.0 and np.isfinite(q).all()


def test_a_step_is_never_so_long_that_the_arm_changes_its_branch():
    far = START.position[LEFT] + [0.3, 0.0, 0.3]
    q, _ = Reach(MODEL, PARTS).solve(LEFT, far, START.quaternion[LEFT], SEED_Q[LEFT], rounds=1)
    assert 0.3 < np.abs(q - SEED_Q[LEFT]).max() <= 0.35 + 1e-6
