from dataclasses import replace

import pytest

from teleop.holds import Hold
from teleop.messages import Arm, Mode, SessionMode
from teleop.order_messages import Order, OrderKind, Reply
from teleop.ownership import ArbiterState, held, stopped
from teleop.rulings import Situation, begin_episode, rule

FRESH = Situation(now_ns=5, device_fresh=True)
DEAF = Situation(now_ns=5, device_fresh=False)


def obey(state: ArbiterState, *orders: Order) -> ArbiterState:
    for order in orders:
        state, reply = rule(state, order, FRESH)
        assert reply.accepted, reply.reason
    return state


def refusal(state: ArbiterState, order: Order, situation: Situation = FRESH) -> str:
    after, reply = rule(state, order, situation)
    assert not reply.accepted
    assert after == state
    return reply.reason


def owners(state: ArbiterState) -> tuple[Mode, Mode]:
    return state.arms[0].owner, state.arms[1].owner


START = Order(OrderKind.START)
TELEOP = Order(OrderKind.START, text="teleop")
HOLD, STOP, GIVE, TAKE = (
    Order(kind) for kind in (OrderKind.HOLD, OrderKind.STOP, OrderKind.GIVE, OrderKind.TAKE)
)
RELEASE = Order(OrderKind.RELEASE_STOP)
TAKE_LEFT = Order(OrderKind.TAKE, Arm.LEFT)
ROLLOUT = obey(ArbiterState(), START)


def test_start_gives_both_arms_to_the_policy_and_flushes():
    assert ROLLOUT.session_mode is SessionMode.ROLLOUT
    assert owners(ROLLOUT) == (Mode.POLICY, Mode.POLICY)
    assert all(arm.changed and arm.after_ns == 4 and not arm.armed for arm in ROLLOUT.arms)


def test_a_demonstration_gives_both_arms_to_the_operator_without_a_hand_back():
    state = obey(ArbiterState(), TELEOP)
    assert state.session_mode is SessionMode.TELEOP
    assert owners(state) == (Mode.OPERATOR, Mode.OPERATOR)
    assert all(arm.by_order for arm in state.arms)
    assert "nobody to give to" in refusal(state, GIVE)


def test_a_demonstration_without_a_device_is_refused():
    assert "fresh readings" in refusal(ArbiterState(), TELEOP, DEAF)


def test_an_unknown_thing_to_start_is_named():
    assert "'dance'" in refusal(ArbiterState(), Order(OrderKind.START, text="dance"))


def test_take_and_give_move_one_arm_or_both():
    state = obey(ROLLOUT, TAKE_LEFT)
    assert owners(state) == (Mode.OPERATOR, Mode.POLICY)
    assert state.arms[0].by_order
    assert owners(obey(state, Order(OrderKind.GIVE, Arm.LEFT))) == (Mode.POLICY, Mode.POLICY)
    assert owners(obey(ROLLOUT, TAKE)) == (Mode.OPERATOR, Mode.OPERATOR)


def test_after_give_the_device_must_be_let_go_before_it_takes_again():
    assert not obey(ROLLOUT, TAKE_LEFT, GIVE).arms[0].armed


def test_taking_without_a_fresh_device_is_refused():
    assert "fresh readings" in refusal(ROLLOUT, TAKE_LEFT, DEAF)


@pytest.mark.parametrize("order", [TAKE, GIVE])
def test_taking_and_giving_need_something_that_runs(order: Order):
    assert "start" in refusal(ArbiterState(), order)


def test_hold_takes_the_arms_from_whoever_drives_until_give_or_start():
    held = obey(ROLLOUT, TAKE_LEFT, HOLD)
    assert owners(held) == (Mode.HOLD, Mode.HOLD)
    assert held.session_mode is SessionMode.ROLLOUT
    assert owners(obey(held, Order(OrderKind.GIVE, Arm.LEFT))) == (Mode.POLICY, Mode.HOLD)
    assert owners(obey(held, START)) == (Mode.POLICY, Mode.POLICY)


def test_start_while_running_leaves_the_operators_arm():
    state = obey(ROLLOUT, TAKE_LEFT, Order(OrderKind.HOLD, Arm.RIGHT), START)
    assert owners(state) == (Mode.OPERATOR, Mode.POLICY)


@pytest.mark.parametrize("state", [ArbiterState(), ROLLOUT, obey(ArbiterState(), TELEOP)])
def test_stop_is_reached_from_every_mode_and_only_its_release_leads_out(state: ArbiterState):
    state = obey(state, STOP)
    for order in (START, TELEOP, TAKE, GIVE):
        assert "release the stop first" in refusal(state, order)
    state = obey(state, HOLD)
    assert state.session_mode is SessionMode.STOPPED
    state = obey(state, RELEASE)
    assert state.session_mode is SessionMode.IDLE
    assert owners(state) == (Mode.HOLD, Mode.HOLD)


def test_the_release_is_refused_while_the_robot_reports_a_fault():
    state = stopped(ROLLOUT, "the robot reports: overload", 7)
    assert "overload" in refusal(state, RELEASE, Situation(8, True, fault="overload"))


def test_the_release_of_nothing_is_refused():
    assert rule(ROLLOUT, RELEASE, FRESH)[1] == Reply(False, "The session is not stopped.")


def test_a_takeover_by_order_needs_a_view():
    assert "Every camera" in refusal(ROLLOUT, TAKE_LEFT, Situation(5, True, blind=True))


def test_a_nudge_given_by_order_is_as_seamless_as_one_by_hand():
    nudging = obey(ROLLOUT, Order(OrderKind.AUTHORITY, Arm.LEFT, value=0.3))
    settled = replace(nudging, arms=tuple(replace(arm, changed=False) for arm in nudging.arms))
    for state in (obey(settled, TAKE), obey(settled, TAKE, GIVE)):
        assert [arm.changed for arm in state.arms] == [False, True]
        assert state.arms[0].after_ns == settled.arms[0].after_ns


def test_an_authority_is_kept_over_stops_and_episodes():
    state = obey(ROLLOUT, Order(OrderKind.AUTHORITY, Arm.RIGHT, value=0.3), STOP, RELEASE, START)
    assert [arm.authority for arm in state.arms] == [1.0, 0.3]
    assert "between 0" in refusal(state, Order(OrderKind.AUTHORITY, value=float("nan")))


def test_a_rewind_of_both_arms_takes_those_that_can():
    one = Situation(5, True, no_path=("", "It has not come far enough."))
    state, reply = rule(ROLLOUT, Order(OrderKind.REWIND), one)
    assert reply.accepted
    assert owners(state) == (Mode.REWIND, Mode.POLICY)
    assert state.arms[0].rest is Mode.POLICY
    right = Order(OrderKind.REWIND, Arm.RIGHT)
    assert refusal(ROLLOUT, right, one) == "It has not come far enough."
    assert "start" in refusal(ArbiterState(), right, one)


def test_an_arm_that_dropped_out_waits_over_the_episodes_until_it_is_given():
    dropped = replace(held(ROLLOUT.arms[0], Hold.POLICY_DROPPED_OUT, 7), rest=Mode.HOLD)
    state = begin_episode(replace(ROLLOUT, arms=(dropped, ROLLOUT.arms[1])), 9)
    assert owners(state) == (Mode.HOLD, Mode.POLICY)
    assert owners(obey(state, GIVE)) == (Mode.POLICY, Mode.POLICY)
    assert owners(obey(state, START)) == (Mode.POLICY, Mode.POLICY)
