from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from teleop.messages import Mode, SessionMode
from teleop.ownership import ArbiterState, ArmState
from tests.arbiter_parts import BETWEEN, BEYOND, CENTRED, CONFIG, Run, rollout
from tests.control_parts import MS, NOTHING, make_proposal, make_reading


def test_the_policy_drives_while_nobody_touches_the_device():
    decision = Run(rollout()).push()
    assert decision.modes == (Mode.POLICY, Mode.POLICY)
    assert_allclose(decision.action.twist, 0.02)
    assert decision.authority == (0.0, 0.0)
    assert decision.flush == (False, False)


def test_an_arm_holds_without_a_valid_proposal():
    decision = Run(rollout(), NOTHING).push()
    assert decision.modes == (Mode.HOLD, Mode.HOLD)
    assert_allclose(decision.action.twist, 0.0)


def test_a_takeover_needs_several_fresh_readings_beyond_the_threshold():
    run = Run(rollout())
    assert run.push(BEYOND).modes[0] is Mode.POLICY
    same = make_reading(0, BEYOND)
    assert run.tick(same).modes[0] is Mode.POLICY  # seen before: does not count
    decision = run.push(BEYOND)
    assert decision.modes == (Mode.OPERATOR, Mode.POLICY)
    assert decision.flush == (True, False)
    assert run.push(BEYOND).flush == (False, False)


def test_readings_beyond_the_threshold_must_follow_each_other():
    run = Run(rollout())
    for _ in range(5):
        run.push(BEYOND)
        assert run.push(BETWEEN).modes[0] is Mode.POLICY


def test_a_deflection_between_the_thresholds_neither_takes_nor_gives():
    run = Run(rollout())
    assert run.push(BETWEEN, ticks=50).modes[0] is Mode.POLICY
    run.push(BEYOND, ticks=2)
    assert run.push(BETWEEN, ticks=100).modes[0] is Mode.OPERATOR


def test_a_fresh_centred_device_hands_back_after_the_dwell():
    run = Run(rollout())
    run.push(BEYOND, ticks=2)
    assert run.push(CENTRED, ticks=25).modes[0] is Mode.OPERATOR
    decision = run.push(CENTRED)
    assert decision.authority[0] == 0.0
    assert decision.flush == (True, False)
    assert decision.state.after_ns[0] == run.now_ns - 10 * MS
    assert decision.modes[0] is Mode.HOLD  # what was proposed before the flush does not count
    assert run.push(CENTRED).modes[0] is Mode.POLICY


def test_the_dwell_begins_anew_with_every_push():
    run = Run(rollout())
    run.push(BEYOND, ticks=2)
    for _ in range(4):
        assert run.push(CENTRED, ticks=20).modes[0] is Mode.OPERATOR
        run.push(BETWEEN)


@pytest.mark.parametrize("missing", [True, False])
def test_a_missing_or_stale_reading_holds_and_never_hands_back(missing: bool):
    run = Run(rollout())
    run.push(BEYOND, ticks=2)
    old = None if missing else make_reading(run.now_ns, CENTRED)
    for _ in range(20):
        decision = run.tick(old)
    for _ in range(70):
        decision = run.tick(old)
        assert decision.modes[0] is Mode.HOLD
        assert_allclose(decision.action.twist[0], 0.0)
        assert decision.authority[0] == 1.0
    assert run.push(CENTRED).modes[0] is Mode.OPERATOR  # the dwell is counted from here
    assert run.push(CENTRED, ticks=26).modes[0] is Mode.POLICY


def test_a_reading_that_is_not_a_number_is_no_reading():
    run = Run(rollout())
    run.push(BEYOND, ticks=2)
    assert run.push(float("nan")).modes[0] is Mode.HOLD


def test_a_device_that_was_never_seen_centred_takes_nothing_and_says_why():
    run = Run(rollout(armed=False))
    decision = run.push(BEYOND, ticks=30)
    assert decision.modes[0] is Mode.POLICY
    assert "centre it once" in decision.refusals[0].reason
    run.push(CENTRED)
    assert run.push(BEYOND, ticks=2).modes[0] is Mode.OPERATOR


def test_a_clutch_takes_at_once_and_keeps_the_arm_while_it_is_held():
    run = Run(rollout())
    held = (True, False)
    assert run.tick(make_reading(run.now_ns, clutch=held)).modes[0] is Mode.OPERATOR
    for _ in range(100):
        assert run.tick(make_reading(run.now_ns, clutch=held)).modes[0] is Mode.OPERATOR
    assert run.push(CENTRED, ticks=26).modes[0] is Mode.POLICY


def test_an_arm_taken_by_order_is_not_handed_back_by_letting_go():
    run = Run(rollout(owner=Mode.OPERATOR, by_order=True))
    assert run.push(CENTRED, ticks=200).modes == (Mode.OPERATOR, Mode.OPERATOR)


def test_an_arm_held_by_order_may_be_taken_and_then_holds_again():
    run = Run(rollout(owner=Mode.HOLD, rest=Mode.HOLD))
    assert run.push().modes[0] is Mode.HOLD
    assert run.push(BEYOND, ticks=2).modes[0] is Mode.OPERATOR
    assert run.push(CENTRED, ticks=26).modes[0] is Mode.HOLD


def test_a_takeover_leaves_the_other_arm_and_both_grippers_as_they_are():
    run = Run(rollout(), make_proposal(opening=0.7))
    run.push()
    assert_allclose(run.opening, 0.7)
    decision = run.push(BEYOND, ticks=10)
    assert_allclose(decision.action.opening, 0.7)
    assert decision.modes[1] is Mode.POLICY
    assert_allclose(decision.action.twist[1], 0.02)
    run.proposal = make_proposal(opening=0.1)
    assert_allclose(run.push(BEYOND).action.opening, [0.7, 0.1])


def test_a_gripper_press_toggles_the_operators_gripper_once():
    run = Run(rollout())
    run.push(BEYOND, ticks=2)
    presses = (1, 0)
    opening: list[float] = []
    for presses in [(1, 0), (1, 0), (2, 0), (4, 0), (5, 1)]:
        decision = run.tick(make_reading(run.now_ns, BEYOND, presses=presses))
        opening.append(float(decision.action.opening[0]))
    assert opening == [1.0, 1.0, 0.0, 0.0, 1.0]
    assert decision.action.opening[1] == 0.0  # the policy's


def test_a_gripper_press_while_the_policy_drives_is_refused():
    run = Run(rollout())
    decision = run.tick(make_reading(0, presses=(1, 0)))
    assert decision.action.opening[0] == 0.0
    assert "take the arm over first" in decision.refusals[0].reason
    assert run.push(BEYOND, ticks=2).action.opening[0] == 0.0


@pytest.mark.parametrize("mode", list(SessionMode))
def test_a_stop_press_stops_from_every_mode_and_is_latched(mode: SessionMode):
    run = Run(replace(rollout(), session_mode=mode))
    stale = make_reading(-10_000 * MS, stops=1)  # however old
    assert run.tick(stale).state.session_mode is SessionMode.STOPPED
    decision = run.push(BEYOND, ticks=50)
    assert decision.state.session_mode is SessionMode.STOPPED
    assert decision.modes == (Mode.HOLD, Mode.HOLD)
    assert_allclose(decision.action.twist, 0.0)


def test_a_fault_of_the_robot_stops():
    decision = Run(rollout()).tick(make_reading(0), fault="joint 3 overloaded")
    assert decision.state.session_mode is SessionMode.STOPPED
    assert "joint 3" in decision.state.stop_reason


@pytest.mark.parametrize("mode", [SessionMode.IDLE, SessionMode.STOPPED])
def test_pushing_while_nothing_runs_is_refused_with_a_reason(mode: SessionMode):
    run = Run(ArbiterState(mode, (ArmState(armed=True), ArmState(armed=True))))
    decision = run.push(BEYOND, ticks=5)
    assert decision.modes == (Mode.HOLD, Mode.HOLD)
    assert decision.refusals[0].reason


def test_the_twist_begins_at_zero_at_the_dead_band_and_ends_at_full_scale():
    run = Run(rollout(owner=Mode.OPERATOR, by_order=True))
    assert_allclose(run.push(CONFIG.leave).action.twist[0], 0.0)
    assert 0 < run.push(CONFIG.leave + 0.01).action.twist[0, 0] < 0.002
    assert run.push(1.0).action.twist[0, 0] == pytest.approx(CONFIG.linear_scale)
    diagonal = run.tick(make_reading(run.now_ns, [1, 1, 1, 0, 0, 0])).action.twist[0]
    assert np.linalg.norm(diagonal[:3]) == pytest.approx(CONFIG.linear_scale)
    turning = run.tick(make_reading(run.now_ns, [0, 0, 0, 0, -1, 0])).action.twist[0]
    assert_allclose(turning, [0, 0, 0, 0, -CONFIG.angular_scale, 0])


def test_what_the_operator_asks_for_is_told_even_when_the_policy_drives():
    decision = Run(rollout()).push(BETWEEN)
    assert decision.operator.twist[0, 0] > 0.0
    assert_allclose(decision.action.twist, 0.02)


readings = st.tuples(
    st.sampled_from(["fresh", "stale", "none"]), st.floats(0, 1), st.booleans(), st.integers(0, 3)
)


@settings(deadline=None)
@given(st.lists(readings, max_size=60), st.booleans())
def test_the_policy_never_moves_an_operators_arm_without_a_fresh_centred_dwell(
    history: list[tuple[str, float, bool, int]], valid: bool
):
    run = Run(rollout(), make_proposal() if valid else NOTHING)
    centred_since: int | None = None
    owned = clutched = False
    for kind, push, clutch, presses in history:
        stamp = run.now_ns - (0 if kind == "fresh" else 1000 * MS)
        reading = make_reading(stamp, push, clutch=(clutch, False), presses=(presses, 0))
        centred = kind == "fresh" and push < CONFIG.leave and not clutch
        centred_since = (
            (run.now_ns if centred_since is None else centred_since) if centred else None
        )
        long_enough = (
            centred_since is not None and run.now_ns - centred_since >= CONFIG.dwell_s * 1e9
        )
        decision = run.tick(None if kind == "none" else reading)
        if owned and decision.authority[0] == 0.0:
            assert long_enough or (clutched and kind == "fresh" and not clutch)
        clutched = clutch if kind == "fresh" else clutched
        owned = decision.authority[0] == 1.0
        assert not (owned and decision.modes[0] is Mode.POLICY)
        assert not (decision.modes[0] is Mode.POLICY and not valid)
        if kind != "fresh":
            assert decision.modes[0] is not Mode.OPERATOR


happenings = st.tuples(
    st.sampled_from(["fresh", "fresh", "fresh", "stale", "none"]),
    st.sampled_from([0.0, 0.05, 0.12, 0.5, 1.0]),
    st.booleans(),  # a valid proposal
    st.sampled_from([False, False, False, True]),  # every camera is stale
    st.sampled_from([1, 3, 30, 130]),  # ticks
)


@settings(deadline=None)
@given(st.lists(happenings, max_size=25), st.sampled_from([0.0, 0.5, 1.0]))
def test_nothing_recovers_by_itself_into_motion(
    history: list[tuple[str, float, bool, bool, int]], authority: float
):
    run = Run(rollout(authority=authority))
    run.push()
    held_ticks, let_go = 0, False
    for kind, push, valid, blind, ticks in history:
        run.proposal = make_proposal() if valid else NOTHING
        run.inputs["view_age_ns"] = 10**9 if blind else 0
        for _ in range(ticks):
            stamp = run.now_ns - (0 if kind == "fresh" else 1000 * MS)
            had_it = run.state.arms[0].owner is Mode.OPERATOR
            decision = run.tick(None if kind == "none" else make_reading(stamp, push))
            holds = decision.modes[0] is Mode.HOLD
            let_go = let_go or (kind == "fresh" and push < CONFIG.leave)
            if not holds and held_ticks * 10 * MS > CONFIG.drop_out_s * 1e9 + 20 * MS:
                assert decision.modes[0] is Mode.OPERATOR  # by the operator's hand
                assert let_go or not had_it  # which had let the device go
            held_ticks = held_ticks + 1 if holds else 0
            let_go = let_go and holds
