"""Whose an arm is, and what passes it on. Pure functions over frozen states.

The owner of an arm changes, by the device,
- to OPERATOR: by what `TakeoverConfig.engage` says (a motion, the takeover button, a clutch), by
  the button and the clutch in every case. Only after the device was seen centred since the arm was
  last given away by an order or with the device deflected, so that a puck which lies on its side
  takes nothing; never without a view;
- back to whom it rests with: the device is let go for `dwell_s` after it was moved, or the clutch
  is released (at once); or, by the button, to the policy. A missing or stale reading is no release,
  nor is a device that comes back centred after more than `drop_out_s`: it must be moved again.
  An arm that was taken by order is given back by the button or an order only;
- to REWIND by the rewind button, and from there to HOLD: on arrival, by the same button, or by any
  motion of the device;
- to HOLD, and there it stays: the policy's proposals stopped for longer than `drop_out_s`.
"""

from dataclasses import dataclass, replace

from teleop.chunks import NEVER
from teleop.config import TakeoverConfig
from teleop.gestures import ArmGesture
from teleop.holds import Hold
from teleop.messages import Mode, SessionMode

RUNNING = (SessionMode.ROLLOUT, SessionMode.TELEOP)


@dataclass(frozen=True)
class ArmState:
    """Whose one arm is, and what counts towards a change."""

    owner: Mode = Mode.HOLD
    rest: Mode = Mode.HOLD  # to whom a hand-back returns the arm
    authority: float = 1.0  # the operator's, as set
    why: Hold = Hold.ORDERED  # of the owner HOLD
    by_order: bool = False  # taken by TAKE: letting the device go does not hand back
    by_clutch: bool = False  # releasing it hands back
    moved: bool = False  # the device, since it took the arm: letting it go hands back
    armed: bool = False  # the device was seen centred: it may take the arm over
    must_centre: bool = False  # the operator's arm waits for the device to be seen centred
    lost_ns: int = NEVER  # since when the operator could not drive it
    beyond: int = 0  # fresh samples in a row beyond `enter`
    beyond_ns: int = NEVER  # stamp of the last of them
    centred_since_ns: int = NEVER
    gripper_presses: int = 0  # seen; so the next two
    take_presses: int = 0
    rewind_presses: int = 0
    proposed: bool = False  # the policy had a say since the arm was given to it by an order
    waiting: bool = False  # it had none since it got the arm
    missing_ns: int = NEVER  # since when it has none
    changed: bool = False  # of owner, since the last decision
    after_ns: int = NEVER  # only chunks observed later count


@dataclass(frozen=True)
class ArbiterState:
    """What the arbiter remembers from one decision to the next."""

    session_mode: SessionMode = SessionMode.IDLE
    arms: tuple[ArmState, ArmState] = (ArmState(), ArmState())
    reading_ns: int = NEVER  # stamp of the newest sample in the last reading used
    stop_presses: int = 0
    stop_reason: str = ""
    stop_ordered: bool = False  # by a person or another program, not by a fault

    @property
    def after_ns(self) -> tuple[int, int]:
        """Per arm, the instant after which a chunk must have been observed to count."""
        return self.arms[0].after_ns, self.arms[1].after_ns


@dataclass(frozen=True)
class Moment:
    """What an arm's owner depends on beside the device."""

    now_ns: int
    flush_ns: int
    session_mode: SessionMode
    blind: bool  # every camera is stale
    proposal_valid: bool
    no_path: str = ""  # why there is no way back; empty: there is one
    arrived: bool = False  # a rewind has come to its end
    stale_camera: bool = False  # so the proposal does not count


def share(arm: ArmState, mode: SessionMode) -> float:
    """Return the operator's authority as it counts: whole where the policy would not drive."""
    return arm.authority if mode is SessionMode.ROLLOUT and arm.rest is Mode.POLICY else 1.0


def hand_to(arm: ArmState, owner: Mode, after_ns: int, seamless: bool = False) -> ArmState:
    """Give the arm to `owner`: what was counted towards another change is forgotten.

    Only chunks observed later than `after_ns` will count for it, and it is re-anchored; not so
    where the policy has driven it and goes on driving it (`seamless`).
    """
    return replace(
        arm,
        owner=owner,
        by_order=False,
        by_clutch=False,
        moved=False,
        must_centre=False,
        lost_ns=NEVER,
        beyond=0,
        centred_since_ns=NEVER,
        waiting=arm.waiting if seamless else True,
        missing_ns=NEVER,
        changed=arm.changed or not seamless,
        after_ns=arm.after_ns if seamless else after_ns,
    )


def taken(arm: ArmState, after_ns: int, mode: SessionMode) -> ArmState:
    """Give the arm to the operator."""
    seamless = arm.owner is Mode.POLICY and share(arm, mode) < 1.0
    now = hand_to(arm, Mode.OPERATOR, after_ns, seamless)
    return replace(now, by_order=arm.rest is Mode.OPERATOR)


def given_back(arm: ArmState, owner: Mode, after_ns: int, mode: SessionMode) -> ArmState:
    """Give the operator's arm to `owner`."""
    seamless = owner is Mode.POLICY and share(arm, mode) < 1.0
    return replace(hand_to(arm, owner, after_ns, seamless), why=Hold.ORDERED)


def held(arm: ArmState, why: Hold, after_ns: int) -> ArmState:
    """Let the arm hold, until an order or the operator's hand moves it."""
    return replace(hand_to(arm, Mode.HOLD, after_ns), why=why)


def stopped(
    state: ArbiterState, reason: str, now_ns: int, *, ordered: bool = False
) -> ArbiterState:
    """Latch the stop; the first reason stays."""
    if state.session_mode is SessionMode.STOPPED:
        return state
    left, right = (
        replace(held(arm, Hold.ORDERED, now_ns), rest=Mode.HOLD, armed=False) for arm in state.arms
    )
    return replace(
        state,
        session_mode=SessionMode.STOPPED,
        arms=(left, right),
        stop_reason=reason,
        stop_ordered=ordered,
    )


def next_owner(arm: ArmState, seen: ArmGesture, at: Moment, config: TakeoverConfig) -> ArmState:
    """Return the arm's state after what the device and the policy have said."""
    before, arm = arm, _counted(arm, seen)
    if at.session_mode not in RUNNING:
        return arm
    if arm.owner is Mode.OPERATOR:
        return _operators(before, arm, seen, at, config)
    wanted = seen.fresh and is_wanted(before, arm, seen, config)
    if arm.owner is Mode.REWIND and not (wanted and arm.armed and not at.blind):
        return _on_its_way(before, arm, seen, at, wanted)
    if wanted and arm.armed:
        if at.blind:
            return replace(arm, armed=False)  # asked for and refused: it must be asked for again
        now = taken(arm, at.flush_ns, at.session_mode)
        return replace(now, by_clutch=seen.clutch, moved=arm.beyond > 0)
    if _wants_rewind(before, seen) and not at.no_path:
        return to_rewind(arm, seen.centred, at.flush_ns)
    return _with_policy(arm, at, config) if arm.owner is Mode.POLICY else arm


def is_wanted(before: ArmState, arm: ArmState, seen: ArmGesture, config: TakeoverConfig) -> bool:
    """Whether the device asks for the arm; `before` has not counted this reading's presses."""
    if seen.clutch or (seen.take_presses - before.take_presses) % 2 == 1:
        return True
    return config.engage == "motion" and arm.beyond >= config.enter_samples


def _on_its_way(
    before: ArmState, arm: ArmState, seen: ArmGesture, at: Moment, wanted: bool
) -> ArmState:
    """A rewinding arm: it has arrived, somebody ends it, or it goes on."""
    pressed = seen.fresh and seen.rewind_presses != before.rewind_presses
    if not (at.arrived or seen.beyond or pressed or wanted):
        return arm
    why = Hold.REWOUND if at.arrived else Hold.BROKEN_OFF
    return replace(held(arm, why, at.flush_ns), beyond=arm.beyond)


def to_rewind(arm: ArmState, armed: bool, after_ns: int) -> ArmState:
    """Send the arm back; whom it rests with stays."""
    return replace(hand_to(arm, Mode.REWIND, after_ns), armed=armed)


def _wants_rewind(before: ArmState, seen: ArmGesture) -> bool:
    """A deflected device would end the rewind at once, and is refused."""
    return seen.fresh and not seen.beyond and seen.rewind_presses != before.rewind_presses


def _counted(arm: ArmState, seen: ArmGesture) -> ArmState:
    """Take the reading's counters, and what it says about the device being let go."""
    if not seen.fresh:
        if (arm.beyond, arm.centred_since_ns) == (0, NEVER):
            return arm
        return replace(arm, beyond=0, centred_since_ns=NEVER)
    if not seen.new:
        return arm
    armed = arm.armed or seen.centred
    # A reading may be new only by what another device, or the other arm's, has to say.
    beyond = arm.beyond + (seen.stamp_ns != arm.beyond_ns) if seen.beyond else 0
    now = (armed, beyond, seen.gripper_presses, seen.take_presses, seen.rewind_presses)
    was = (arm.armed, arm.beyond, arm.gripper_presses, arm.take_presses, arm.rewind_presses)
    if now == was:
        return arm
    return replace(
        arm,
        armed=armed,
        beyond=beyond,
        beyond_ns=seen.stamp_ns if seen.beyond else arm.beyond_ns,
        gripper_presses=seen.gripper_presses,
        take_presses=seen.take_presses,
        rewind_presses=seen.rewind_presses,
    )


def _operators(
    before: ArmState, arm: ArmState, seen: ArmGesture, at: Moment, config: TakeoverConfig
) -> ArmState:
    """The operator's arm: given back, sent back, lost out of hand, or kept."""
    if not seen.fresh or at.blind:
        return arm if arm.lost_ns != NEVER else replace(arm, lost_ns=at.now_ns)
    if arm.lost_ns != NEVER:
        long = at.now_ns - arm.lost_ns > config.drop_out_s * 1e9
        arm = replace(arm, lost_ns=NEVER)
        if long:  # nobody's hand may be on it: it neither moves the arm nor hands it back
            arm = replace(arm, must_centre=True, moved=False, by_clutch=False)
    if arm.must_centre and seen.centred:
        arm = replace(arm, must_centre=False)
    pressed = (seen.take_presses - before.take_presses) % 2 == 1
    if pressed and at.session_mode is SessionMode.ROLLOUT:
        given = given_back(arm, Mode.POLICY, at.flush_ns, at.session_mode)
        return replace(given, rest=Mode.POLICY, armed=seen.centred, proposed=False)
    if _wants_rewind(before, seen) and not at.no_path:
        return to_rewind(arm, seen.centred, at.flush_ns)
    if arm.by_clutch and not arm.by_order and not seen.clutch:
        given = given_back(arm, arm.rest, at.flush_ns, at.session_mode)
        return replace(given, armed=seen.centred)
    if seen.beyond and not arm.moved:
        arm = replace(arm, moved=True)
    return _let_go(arm, seen, at, config)


def _let_go(arm: ArmState, seen: ArmGesture, at: Moment, config: TakeoverConfig) -> ArmState:
    """Hand back by the dwell, where that is how it is handed back."""
    kept = arm.by_order or not arm.moved or config.hand_back != "release"
    if kept or not seen.centred:
        return arm if arm.centred_since_ns == NEVER else replace(arm, centred_since_ns=NEVER)
    if arm.centred_since_ns == NEVER:
        arm = replace(arm, centred_since_ns=seen.stamp_ns)
    if seen.stamp_ns - arm.centred_since_ns < config.dwell_s * 1e9:
        return arm
    return given_back(arm, arm.rest, at.flush_ns, at.session_mode)


def _with_policy(arm: ArmState, at: Moment, config: TakeoverConfig) -> ArmState:
    """The policy's arm: held for good where the policy has fallen silent."""
    if at.proposal_valid:
        if arm.proposed and not arm.waiting and arm.missing_ns == NEVER:
            return arm
        return replace(arm, proposed=True, waiting=False, missing_ns=NEVER)
    if arm.missing_ns == NEVER:
        return replace(arm, missing_ns=at.now_ns)
    if not arm.proposed or at.now_ns - arm.missing_ns <= config.drop_out_s * 1e9:
        return arm
    why = Hold.CAMERA_DROPPED_OUT if at.stale_camera else Hold.POLICY_DROPPED_OUT
    return replace(held(arm, why, at.flush_ns), rest=Mode.HOLD)
