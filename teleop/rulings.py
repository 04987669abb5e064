"""What an order does to the arbiter's state, and the reply.

Requested is not granted: a refusal leaves the state as it is and says why.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from teleop.holds import Hold
from teleop.messages import Arm, Mode, SessionMode
from teleop.order_messages import Order, OrderKind, Reply
from teleop.ownership import (
    RUNNING,
    ArbiterState,
    ArmState,
    hand_to,
    held,
    share,
    stopped,
    to_rewind,
)
from teleop.ownership import taken as take
from teleop.refusals import BLIND, NOTHING_RUNS, release_first

TELEOP_TEXT = "teleop"  # of START: without the policy
ONCE_TEXT = "teleop once"  # the same for one demonstration
TELEOP_TEXTS = (TELEOP_TEXT, ONCE_TEXT)
NO_POLICY_RUNS = (
    "This session has no policy (--policy none), so there is nothing to start: F8 starts a "
    "demonstration. `nudge session --policy base` runs one."
)
NOBODY_TO_GIVE_TO = "This session has no policy (--policy none): there is nobody to give to."


@dataclass(frozen=True)
class Situation:
    """What an order is judged by, beside the arbiter's state."""

    now_ns: int
    device_fresh: bool
    fault: str = ""  # the robot's
    blind: bool = False  # every camera is stale
    no_path: tuple[str, str] = ("", "")  # why an arm cannot rewind; empty: it can
    has_policy: bool = True  # of the session


Ruling = tuple[ArbiterState, Reply]
GRANTED = Reply(True)


def rule(state: ArbiterState, order: Order, situation: Situation) -> Ruling:
    """Obey an order about who drives, or refuse it; those that `RULES` names."""
    return RULES[order.kind](state, order, situation)


def begin_episode(state: ArbiterState, now_ns: int) -> ArbiterState:
    """Give each arm to whom it rests with; the device must be let go once before it takes one."""
    # The observation of this very instant is the first that counts.
    left, right = (by_order(arm, arm.rest, now_ns - 1) for arm in state.arms)
    return replace(state, arms=(left, right))


def by_order(arm: ArmState, owner: Mode, after_ns: int, seamless: bool = False) -> ArmState:
    """Give the arm to `owner` as somebody said, not as the device did.

    The policy may take its time to begin, and letting the device go hands nothing back.
    """
    return replace(
        hand_to(arm, owner, after_ns, seamless),
        armed=False,
        by_order=owner is Mode.OPERATOR,
        proposed=False,
        why=Hold.ORDERED,
    )


def _refused(state: ArbiterState, reason: str) -> Ruling:
    return state, Reply(False, reason)


def _not_running(state: ArbiterState) -> str:
    if state.session_mode is SessionMode.STOPPED:
        return release_first(state.stop_reason)
    return NOTHING_RUNS


def _start(state: ArbiterState, order: Order, situation: Situation) -> Ruling:
    if state.session_mode is SessionMode.STOPPED:
        return _refused(state, _not_running(state))
    if order.text not in ("", *TELEOP_TEXTS):
        known = " and ".join(f"'{text}'" for text in TELEOP_TEXTS)
        return _refused(
            state, f"There is nothing to start by the name '{order.text}'; known: {known}."
        )
    teleop = order.text in TELEOP_TEXTS
    if not teleop and not situation.has_policy:
        return _refused(state, NO_POLICY_RUNS)
    mode = SessionMode.TELEOP if teleop else SessionMode.ROLLOUT
    if teleop and not situation.device_fresh:
        return _refused(state, "A demonstration needs a device, and none gives fresh readings.")
    rest = Mode.OPERATOR if teleop else Mode.POLICY
    if state.session_mode is mode:  # resume what holds; leave the other arm as it is
        arms = tuple(
            by_order(replace(arm, rest=rest), rest, situation.now_ns)
            if arm.owner is Mode.HOLD
            else replace(arm, rest=rest)
            for arm in state.arms
        )
        return replace(state, arms=(arms[0], arms[1])), GRANTED
    left, right = (replace(arm, rest=rest) for arm in state.arms)
    started = replace(state, session_mode=mode, arms=(left, right), stop_reason="")
    return begin_episode(started, situation.now_ns), GRANTED


def _hold(state: ArbiterState, order: Order, situation: Situation) -> Ruling:
    def holding(arm: ArmState) -> ArmState:
        return replace(held(arm, Hold.ORDERED, situation.now_ns), rest=Mode.HOLD, armed=False)

    if state.session_mode not in RUNNING:
        return state, GRANTED  # the arms hold already
    return _for_arms(state, order.arm, holding), GRANTED


def _stop(state: ArbiterState, order: Order, situation: Situation) -> Ruling:
    return stopped(state, order.text or "by order", situation.now_ns, ordered=True), GRANTED


def _release_stop(state: ArbiterState, order: Order, situation: Situation) -> Ruling:
    if state.session_mode is not SessionMode.STOPPED:
        return _refused(state, "The session is not stopped.")
    if situation.fault:
        return _refused(state, f"The robot still reports: {situation.fault}. Clear that first.")
    return replace(state, session_mode=SessionMode.IDLE, stop_reason=""), GRANTED


def _take(state: ArbiterState, order: Order, situation: Situation) -> Ruling:
    mode = state.session_mode

    def taken(arm: ArmState) -> ArmState:
        if arm.owner is Mode.OPERATOR:
            return replace(arm, by_order=True)
        return replace(take(arm, situation.now_ns, mode), by_order=True)

    if mode not in RUNNING:
        return _refused(state, _not_running(state))
    if not situation.device_fresh:
        return _refused(state, "No device gives fresh readings: nothing could drive the arm.")
    if situation.blind:
        return _refused(state, BLIND)
    return _for_arms(state, order.arm, taken), GRANTED


def _give(state: ArbiterState, order: Order, situation: Situation) -> Ruling:
    mode = state.session_mode

    def given(arm: ArmState) -> ArmState:
        if arm.owner is Mode.POLICY:
            return arm
        seamless = arm.owner is Mode.OPERATOR and share(arm, mode) < 1.0
        return replace(by_order(arm, Mode.POLICY, situation.now_ns, seamless), rest=Mode.POLICY)

    if not situation.has_policy:
        return _refused(state, NOBODY_TO_GIVE_TO)
    if mode is SessionMode.TELEOP:
        return _refused(state, "No policy runs in a demonstration: there is nobody to give to.")
    if mode is not SessionMode.ROLLOUT:
        return _refused(state, _not_running(state))
    return _for_arms(state, order.arm, given), GRANTED


def _rewind(state: ArbiterState, order: Order, situation: Situation) -> Ruling:
    if state.session_mode not in RUNNING:
        return _refused(state, _not_running(state))
    asked = [arm for arm in Arm if order.arm in (None, arm)]
    able = [arm for arm in asked if not situation.no_path[arm]]
    if not able:
        return _refused(state, situation.no_path[asked[0]])

    def sent_back(arm: ArmState) -> ArmState:
        if arm.owner is Mode.REWIND:
            return arm  # on its way already
        return to_rewind(arm, armed=False, after_ns=situation.now_ns)

    for arm in able:
        state = _for_arms(state, arm, sent_back)
    return state, GRANTED


def _authority(state: ArbiterState, order: Order, situation: Situation) -> Ruling:
    if not 0.0 <= order.value <= 1.0:  # NaN is neither
        return _refused(
            state,
            f"The authority is {order.value:g}; it must lie between 0 (nudge) and 1 (override).",
        )

    def shared(arm: ArmState) -> ArmState:
        return replace(arm, authority=order.value)

    return _for_arms(state, order.arm, shared), GRANTED


def _for_arms(
    state: ArbiterState, which: Arm | None, change: Callable[[ArmState], ArmState]
) -> ArbiterState:
    left, right = (
        change(state.arms[arm]) if which is None or which is arm else state.arms[arm] for arm in Arm
    )
    return replace(state, arms=(left, right))


RULES: dict[OrderKind, Callable[[ArbiterState, Order, Situation], Ruling]] = {
    OrderKind.START: _start,
    OrderKind.HOLD: _hold,
    OrderKind.STOP: _stop,
    OrderKind.RELEASE_STOP: _release_stop,
    OrderKind.TAKE: _take,
    OrderKind.GIVE: _give,
    OrderKind.AUTHORITY: _authority,
    OrderKind.REWIND: _rewind,
}
