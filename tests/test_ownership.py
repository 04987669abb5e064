from dataclasses import replace
from typing import Any

import pytest
from numpy.testing import assert_allclose

from teleop.config import TakeoverConfig
from teleop.holds import Hold
from teleop.messages import Mode, SessionMode
from tests.arbiter_parts import BETWEEN, BEYOND, CENTRED, CONFIG, Run, rollout
from tests.control_parts import NOTHING, make_proposal, make_reading

BY_BUTTON = replace(CONFIG, engage="button", hand_back="button")
BY_CLUTCH = replace(CONFIG, engage="clutch")
PRESSED, HELD = (1, 0), (True, False)
SECOND = 100  # ticks


def taken(config: TakeoverConfig = CONFIG, **arm: object) -> Run:
    run = Run(rollout(**arm), config=config)
    run.push()
    assert run.push(BEYOND, ticks=2).modes[0] is Mode.OPERATOR
    return run


def test_the_button_takes_one_arm_and_gives_it_to_the_policy():
    run = Run(rollout(), config=BY_BUTTON)
    assert run.say(take_presses=PRESSED).modes == (Mode.OPERATOR, Mode.POLICY)
    assert run.say(3 * SECOND, take_presses=PRESSED).modes[0] is Mode.OPERATOR
    run.say(take_presses=(2, 0))
    assert run.say(take_presses=(2, 0)).modes == (Mode.POLICY, Mode.POLICY)


def test_two_presses_between_two_decisions_come_to_none():
    assert Run(rollout()).say(take_presses=(2, 0)).modes[0] is Mode.POLICY


@pytest.mark.parametrize(("config", "way"), [(BY_BUTTON, "button"), (BY_CLUTCH, "clutch")])
def test_where_a_motion_takes_nothing_over_it_is_refused_with_what_would(
    config: TakeoverConfig, way: str
):
    run = Run(rollout(), config=config)
    decision = run.push(BEYOND, ticks=20)
    assert decision.modes[0] is Mode.POLICY
    assert way in decision.refusals[0].reason


def test_the_button_and_the_clutch_work_where_a_motion_does():
    assert Run(rollout()).say(take_presses=PRESSED).modes[0] is Mode.OPERATOR
    assert Run(rollout(), config=BY_BUTTON).say(clutch=HELD).modes[0] is Mode.OPERATOR


def test_releasing_the_clutch_hands_back_at_once_and_a_deflected_puck_takes_nothing():
    run = Run(rollout(), config=CONFIG)
    assert run.say(20, left=BEYOND, clutch=HELD).modes[0] is Mode.OPERATOR
    assert run.say(left=BEYOND).authority[0] == 0.0
    decision = run.say(20, left=BEYOND)
    assert decision.modes[0] is Mode.POLICY
    assert "centre it" in decision.refusals[0].reason


def test_a_clutch_that_falls_silent_is_not_released():
    run = Run(rollout())
    held = make_reading(0, clutch=HELD)
    decision = run.tick(held)
    for _ in range(3 * SECOND):
        decision = run.tick(held)
    assert decision.modes[0] is Mode.HOLD
    assert decision.holds[0] is Hold.STALE_DEVICE
    assert decision.authority[0] == 1.0


def test_an_arm_taken_by_button_is_kept_until_the_device_was_moved_and_let_go():
    run = Run(rollout())
    assert run.say(2 * SECOND, take_presses=PRESSED).modes[0] is Mode.OPERATOR
    run.say(2, left=BEYOND, take_presses=PRESSED)
    assert run.say(30, take_presses=PRESSED).modes[0] is Mode.POLICY


def test_with_the_button_letting_go_gives_nothing_back():
    run = Run(rollout(), config=replace(CONFIG, hand_back="button"))
    run.push(BEYOND, ticks=2)
    assert run.push(CENTRED, ticks=3 * SECOND).modes[0] is Mode.OPERATOR


def test_giving_by_button_with_the_puck_deflected_asks_for_it_to_be_centred():
    run = taken()
    decision = run.say(20, left=BEYOND, take_presses=PRESSED)
    assert decision.modes[0] is Mode.POLICY
    assert "centre it" in decision.refusals[0].reason
    run.say(take_presses=PRESSED)
    assert run.say(2, left=BEYOND, take_presses=PRESSED).modes[0] is Mode.OPERATOR


def test_the_button_gives_nothing_in_a_demonstration():
    run = Run(replace(rollout(owner=Mode.OPERATOR, rest=Mode.OPERATOR, by_order=True)))
    run.state = replace(run.state, session_mode=SessionMode.TELEOP)
    decision = run.say(take_presses=PRESSED)
    assert decision.modes[0] is Mode.OPERATOR
    assert "nobody to give" in decision.refusals[0].reason


def test_a_takeover_is_refused_while_every_camera_is_stale_and_must_be_asked_for_again():
    run = Run(rollout())
    run.inputs["view_age_ns"] = 600_000_000
    decision = run.push(BEYOND, ticks=3)
    assert decision.modes[0] is Mode.POLICY
    assert "Every camera" in decision.refusals[0].reason
    run.inputs["view_age_ns"] = 0
    assert run.push(BEYOND, ticks=10).modes[0] is Mode.POLICY  # nothing moves by itself
    run.push(CENTRED)
    assert run.push(BEYOND, ticks=2).modes[0] is Mode.OPERATOR


def test_an_operator_who_sees_nothing_any_more_holds():
    run = taken()
    run.inputs["view_age_ns"] = 600_000_000
    decision = run.push(BEYOND)
    assert (decision.modes[0], decision.holds[0]) == (Mode.HOLD, Hold.STALE_VIEW)
    assert decision.authority[0] == 1.0
    run.inputs["view_age_ns"] = 0
    assert run.push(BEYOND).modes[0] is Mode.OPERATOR


def test_without_need_of_a_view_a_takeover_is_granted_blind():
    run = Run(rollout(), config=replace(CONFIG, needs_view=False))
    run.inputs["view_age_ns"] = 10**12
    assert run.push(BEYOND, ticks=2).modes[0] is Mode.OPERATOR


@pytest.mark.parametrize(("ticks", "moves"), [(50, True), (150, False)])
def test_unplug_while_deflected_a_puck_that_comes_back_deflected_moves_nothing(
    ticks: int, moves: bool
):
    run = taken()
    silent = make_reading(run.now_ns - 1_000_000_000, BEYOND)
    for _ in range(ticks):
        run.tick(silent)
    decision = run.push(BEYOND, ticks=20)
    assert (decision.modes[0] is Mode.OPERATOR) is moves
    assert decision.holds[0] is (Hold.NONE if moves else Hold.NOT_CENTRED)
    run.push(CENTRED)
    assert run.push(BEYOND).modes[0] is Mode.OPERATOR


@pytest.mark.parametrize(("ticks", "handed_back"), [(50, True), (150, False)])
def test_a_puck_that_comes_back_centred_hands_nothing_back_after_a_drop_out(
    ticks: int, handed_back: bool
):
    run = taken()
    silent = make_reading(run.now_ns - 1_000_000_000, BEYOND)
    for _ in range(ticks):
        run.tick(silent)
    decision = run.push(CENTRED, ticks=100)
    assert (decision.modes[0] is Mode.POLICY) is handed_back
    run.push(BEYOND, ticks=2)
    assert run.push(CENTRED, ticks=60).modes[0] is Mode.POLICY


def test_a_policy_that_drops_out_gets_its_arm_back_by_nobody_but_the_operator():
    run = Run(rollout())
    run.push()
    run.proposal = NOTHING
    decision = run.push(ticks=50)
    assert decision.holds[0] is Hold.STALE_CHUNK
    assert decision.names == ("left.stale_chunk", "right.stale_chunk")
    assert run.push(ticks=60).holds[0] is Hold.POLICY_DROPPED_OUT
    run.proposal = make_proposal()
    decision = run.push(ticks=3 * SECOND)
    assert decision.modes == (Mode.HOLD, Mode.HOLD)
    run.push(BEYOND, ticks=2)
    assert run.push(CENTRED, ticks=30).modes[0] is Mode.HOLD  # handed back to whom it rested with
    run.say(take_presses=(1, 0))
    run.say(take_presses=(2, 0))
    assert run.say(take_presses=(2, 0)).modes == (Mode.POLICY, Mode.HOLD)


def test_a_gap_shorter_than_the_drop_out_is_driven_on_from():
    run = Run(rollout())
    run.push()
    run.proposal = NOTHING
    run.push(ticks=80)
    run.proposal = make_proposal()
    assert run.push().modes[0] is Mode.POLICY


def test_a_policy_that_has_not_begun_may_take_its_time():
    run = Run(rollout(waiting=True), NOTHING)
    decision = run.push(ticks=5 * SECOND)
    assert decision.holds[0] is Hold.NO_CHUNK_YET
    assert decision.names == ()
    run.proposal = make_proposal()
    assert run.push().modes[0] is Mode.POLICY


def test_a_policy_that_is_gone_at_a_hand_back_does_not_start_long_after_it():
    run = taken()
    run.proposal = NOTHING
    run.push(CENTRED, ticks=150)
    run.proposal = make_proposal()
    decision = run.push(CENTRED, ticks=10)
    assert (decision.modes[0], decision.holds[0]) == (Mode.HOLD, Hold.POLICY_DROPPED_OUT)


def test_a_rewind_runs_until_it_has_arrived_and_then_holds_for_the_operator():
    run = Run(rollout())
    run.push()
    run.inputs["back"] = make_proposal(-0.03).action.twist
    decision = run.say(5, rewind_presses=PRESSED)
    assert decision.modes == (Mode.REWIND, Mode.POLICY)
    assert_allclose(decision.action.twist[0], -0.03)
    assert decision.authority[0] == 0.0
    run.inputs["arrived"] = (True, False)
    decision = run.say(rewind_presses=PRESSED)
    assert (decision.modes[0], decision.holds[0]) == (Mode.HOLD, Hold.REWOUND)
    run.inputs["arrived"] = (False, False)
    assert run.say(2, left=BEYOND, rewind_presses=PRESSED).modes[0] is Mode.OPERATOR
    assert run.say(30, rewind_presses=PRESSED).modes[0] is Mode.POLICY


@pytest.mark.parametrize(
    ("ends", "mode"),
    [
        ({"left": BEYOND, "rewind_presses": PRESSED}, Mode.HOLD),
        ({"rewind_presses": (2, 0)}, Mode.HOLD),
        ({"take_presses": PRESSED, "rewind_presses": PRESSED}, Mode.OPERATOR),
        ({"clutch": HELD, "rewind_presses": PRESSED}, Mode.OPERATOR),
    ],
)
def test_a_hand_on_the_device_ends_a_rewind(ends: dict[str, Any], mode: Mode):
    run = Run(rollout())
    run.push()
    assert run.say(5, rewind_presses=PRESSED).modes[0] is Mode.REWIND
    assert run.say(**ends).modes[0] is mode


def test_a_rewind_is_refused_without_a_path_and_with_the_device_deflected():
    run = Run(rollout())
    decision = run.say(left=BETWEEN, rewind_presses=PRESSED)
    assert decision.modes[0] is Mode.REWIND
    run = taken()
    decision = run.say(left=BEYOND, rewind_presses=PRESSED)
    assert decision.modes[0] is Mode.OPERATOR
    assert "Let the device go" in decision.refusals[0].reason
    run.inputs["no_path"] = ("It has not come far enough.", "")
    decision = run.say(rewind_presses=(2, 0))
    assert decision.modes[0] is Mode.OPERATOR
    assert decision.refusals[0].reason == "It has not come far enough."


def test_the_gripper_stays_as_it_is_on_the_way_back():
    run = Run(rollout(), make_proposal(opening=0.4))
    run.push()
    decision = run.say(3, rewind_presses=PRESSED)
    run.proposal = make_proposal(opening=1.0)
    decision = run.say(rewind_presses=PRESSED, presses=(1, 0))
    assert_allclose(decision.action.opening, [0.4, 1.0])
    assert "keeps what it holds" in decision.refusals[0].reason


def test_the_devices_own_noise_raises_the_thresholds():
    run = Run(rollout())
    assert run.say(20, left=0.3, enter=(0.4, 0.0), leave=(0.35, 0.0)).modes[0] is Mode.POLICY
    decision = run.say(2, left=0.5, right=0.3, enter=(0.4, 0.0), leave=(0.35, 0.0))
    assert decision.modes == (Mode.OPERATOR, Mode.OPERATOR)
    decision = run.say(30, left=0.3, right=0.3, enter=(0.4, 0.0), leave=(0.35, 0.0))
    assert decision.modes == (Mode.POLICY, Mode.OPERATOR)


def test_a_policy_that_asks_for_help_slows_or_holds():
    run = Run(rollout())
    run.inputs["pace"] = (0.3, 0.0)
    decision = run.push()
    assert decision.modes == (Mode.POLICY, Mode.HOLD)
    assert_allclose(decision.action.twist[0], 0.006)
    assert decision.names == ("right.asked_for_help",)
