import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from teleop.config import TakeoverConfig
from teleop.messages import Mode, frozen_array
from teleop.sharing import shared_twist
from tests.arbiter_parts import BEYOND, CENTRED, CONFIG, Run, rollout
from tests.control_parts import NOTHING, make_proposal

POLICY = frozen_array([0.02, 0.0, -0.01, 0.1, 0.0, 0.0])
FULL = frozen_array([0.0, CONFIG.linear_scale, 0.0, 0.0, 0.0, CONFIG.angular_scale])
twists = st.lists(st.floats(-1.0, 1.0), min_size=6, max_size=6).map(
    lambda values: np.array(values) * ([CONFIG.linear_scale] * 3 + [CONFIG.angular_scale] * 3) / 2
)


def test_at_full_authority_the_motion_is_exactly_the_operators():
    assert_array_equal(shared_twist(1.0, FULL, POLICY, CONFIG), FULL)


def test_at_no_authority_the_operator_adds_to_the_policy_within_the_nudge_caps():
    nudge = shared_twist(0.0, FULL, POLICY, CONFIG) - POLICY
    assert_allclose(nudge, [0, CONFIG.nudge_linear, 0, 0, 0, CONFIG.nudge_angular])
    small = frozen_array(0.01 * FULL)
    assert_allclose(shared_twist(0.0, small, POLICY, CONFIG) - POLICY, small)


def test_without_a_valid_proposal_only_the_operators_part_is_left():
    halfway = shared_twist(0.5, FULL, None, CONFIG)
    assert halfway[1] == pytest.approx((CONFIG.nudge_linear + CONFIG.linear_scale) / 2)


@settings(deadline=None)
@given(st.floats(0.0, 1.0), twists)
def test_the_nudge_keeps_its_direction_and_its_cap_grows_with_the_authority(
    authority: float, operator: np.ndarray
):
    nudge = shared_twist(authority, operator, None, CONFIG)
    cap = CONFIG.nudge_linear + authority * (CONFIG.linear_scale - CONFIG.nudge_linear)
    size = np.linalg.norm(operator[:3])
    assert np.linalg.norm(nudge[:3]) == pytest.approx(min(size, cap), abs=1e-9)
    assert_allclose(np.cross(nudge[:3], operator[:3]), 0.0, atol=1e-9)


def test_a_nudge_leaves_the_chunks_and_the_anchor_alone_at_takeover_and_hand_back():
    run = Run(rollout(authority=0.0))
    run.push()
    before = run.state.after_ns
    decision = run.push(BEYOND, ticks=2)
    assert (decision.modes[0], decision.flush) == (Mode.OPERATOR, (False, False))
    assert_allclose(decision.action.twist[0, 1:], 0.02)
    assert 0.02 < decision.action.twist[0, 0] <= 0.02 + CONFIG.nudge_linear
    assert decision.authority[0] == 0.0  # the mode says who has the arm
    decision = run.push(CENTRED, ticks=30)
    assert (decision.modes[0], run.state.after_ns) == (Mode.POLICY, before)


def test_the_gripper_stays_latched_under_a_nudge():
    run = Run(rollout(authority=0.2), make_proposal(opening=0.3))
    run.push(BEYOND, ticks=3)
    run.proposal = make_proposal(opening=0.9)
    assert_allclose(run.push(BEYOND).action.opening, [0.3, 0.9])
    decision = run.say(left=BEYOND, presses=(1, 0))
    assert_allclose(decision.action.opening, [1.0, 0.9])


def test_an_arm_that_was_told_to_hold_is_the_operators_alone_at_any_authority():
    run = Run(rollout(authority=0.0, owner=Mode.HOLD, rest=Mode.HOLD))
    decision = run.push(1.0, ticks=3)
    assert decision.authority == (1.0, 0.0)
    assert_allclose(decision.action.twist[0], [CONFIG.linear_scale, 0, 0, 0, 0, 0])


def test_a_nudge_with_the_device_gone_holds_the_arm():
    run = Run(rollout(authority=0.0))
    run.push(BEYOND, ticks=3)
    decision = run.tick(None)
    assert decision.modes[0] is Mode.HOLD
    assert_allclose(decision.action.twist[0], 0.0)


def test_a_nudge_of_a_policy_that_is_silent_moves_by_the_nudge_alone():
    run = Run(rollout(authority=0.5), NOTHING, TakeoverConfig(authority=0.5))
    decision = run.push(BEYOND, ticks=3)
    assert decision.action.twist[0, 0] > 0.0
    assert_allclose(decision.action.twist[0, 1:], 0.0)
