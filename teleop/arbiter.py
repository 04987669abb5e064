"""Who drives each arm: the policy, the operator, or nobody. Pure functions over a frozen state.

Every arm has an owner, and the mode of a tick follows from it:

    owner      a fresh reading / a valid proposal    otherwise
    OPERATOR   OPERATOR, twist from the device       HOLD, and the arm stays the operator's
    POLICY     POLICY, the proposal                  HOLD, and the arm stays the policy's
    HOLD       HOLD

The owner changes
- to OPERATOR: `enter_samples` fresh readings in a row beyond `enter`, a clutch that is held, or
  the order TAKE. By deflection only after the device was seen centred once since the arm was last
  given away by an order, so that a puck which lies on its side takes nothing;
- back (to POLICY, or to HOLD if that was ordered): fresh centred readings for `dwell_s`, or the
  order GIVE. A missing or stale reading is no release. An arm taken by order is given back by
  order only;
- to HOLD: the order HOLD, a stop. The operator may take a holding arm; the policy gets it back by
  GIVE or START.

A change of owner asks for a re-anchoring and for a flush: from then on only chunks observed later
count for the arm. A gripper keeps its last commanded opening unless the policy drives the arm or
the operator presses its button. STOPPED is reached from every mode, is latched, and its release
(to IDLE) is an order of its own.
"""

from dataclasses import dataclass, replace

import numpy as np

from teleop.chunks import NEVER, Proposal
from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceReading
from teleop.messages import Action, Arm, Array, Mode, SessionMode, frozen_array

RUNNING = (SessionMode.ROLLOUT, SessionMode.TELEOP)


@dataclass(frozen=True)
class ArmState:
    """Whose one arm is, and what counts towards a change."""

    owner: Mode = Mode.HOLD
    rest: Mode = Mode.HOLD  # to whom a hand-back returns the arm
    by_order: bool = False  # taken by TAKE: letting the device go does not hand back
    armed: bool = False  # the device was seen centred: a deflection may take over
    beyond: int = 0  # fresh readings in a row beyond `enter`
    centred_since_ns: int = NEVER
    presses: int = 0  # gripper presses seen
    changed: bool = False  # of owner, since the last decision
    after_ns: int = NEVER  # only chunks observed later count
    authority: float = 1.0  # of the operator, as set


@dataclass(frozen=True)
class ArbiterState:
    """What the arbiter remembers from one decision to the next."""

    session_mode: SessionMode = SessionMode.IDLE
    arms: tuple[ArmState, ArmState] = (ArmState(), ArmState())
    reading_ns: int = NEVER  # stamp of the last reading used
    stop_presses: int = 0
    stop_reason: str = ""

    @property
    def after_ns(self) -> tuple[int, int]:
        """Per arm, the instant after which a chunk must have been observed to count."""
        return self.arms[0].after_ns, self.arms[1].after_ns


@dataclass(frozen=True, eq=False)
class ArbiterInputs:
    """What one decision is made from."""

    now_ns: int
    reading: DeviceReading | None
    proposal: Proposal
    opening: Array  # (2,) as last commanded
    fault: str = ""  # the robot's; not empty: stop
    observed_ns: int = NEVER  # stamp of this tick's observation, which the policy has already


@dataclass(frozen=True)
class Refusal:
    """The operator's device asked for something that was not granted."""

    arm: Arm
    reason: str


@dataclass(frozen=True, eq=False)
class Decision:
    """Who drives at this tick, and with what."""

    state: ArbiterState
    action: Action  # for the safety filter
    operator: Action  # what the device asks for, whoever drives
    authority: tuple[float, float]  # 1 while the arm is the operator's, even if it holds
    modes: tuple[Mode, Mode]
    flush: tuple[bool, bool]  # the source has changed: re-anchor the arm
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class _ArmGesture:
    """What the device says about one arm, as far as it can be believed."""

    fresh: bool = False  # young enough to act on
    new: bool = False  # fresh, and not seen before
    stamp_ns: int = NEVER
    deflection: float = 0.0  # the larger of the linear and the angular one
    clutch: bool = False
    pressed: bool = False  # the gripper button, an odd number of times since the last decision
    presses: int = 0


@dataclass(frozen=True, eq=False)
class _Gesture:
    stamp_ns: int
    arms: tuple[_ArmGesture, _ArmGesture]
    twist: Array  # (2, 6)


_SILENT = (_ArmGesture(), _ArmGesture())
_ZERO_TWIST = frozen_array(np.zeros((2, 6)))


def decide(state: ArbiterState, inputs: ArbiterInputs, config: TakeoverConfig) -> Decision:
    """Decide who drives each arm at this tick, and with what."""
    state = _stopped_if_due(state, inputs)
    gesture = _read_gesture(state, inputs, config)
    flush_ns = max(inputs.now_ns, inputs.observed_ns)
    twist = np.zeros((2, 6))
    opening = inputs.opening.copy()
    arms: list[ArmState] = []
    modes: list[Mode] = []
    refusals: list[Refusal] = []
    for arm in Arm:
        seen = gesture.arms[arm]
        now = _next_owner(state.arms[arm], seen, state.session_mode, flush_ns, config)
        mode = _mode(now.owner, seen.fresh, inputs.proposal.valid[arm])
        if state.session_mode not in RUNNING:
            mode = Mode.HOLD
        if mode is Mode.OPERATOR:
            twist[arm] = gesture.twist[arm]
        elif mode is Mode.POLICY:
            twist[arm] = inputs.proposal.action.twist[arm]
            opening[arm] = inputs.proposal.action.opening[arm]
        if seen.pressed and mode is not Mode.POLICY and state.session_mode in RUNNING:
            opening[arm] = 0.0 if opening[arm] > 0.5 else 1.0
        reason = _refusal(state, now, mode, seen, config)
        if reason:
            refusals.append(Refusal(arm, reason))
        arms.append(now)
        modes.append(mode)
    left, right = arms
    kept = frozen_array(opening)
    settled = (_settled(left), _settled(right))
    return Decision(
        replace(state, arms=settled, reading_ns=gesture.stamp_ns),
        Action(frozen_array(twist), kept),
        Action(frozen_array(gesture.twist), kept),
        (float(left.owner is Mode.OPERATOR), float(right.owner is Mode.OPERATOR)),
        (modes[0], modes[1]),
        (left.changed, right.changed),
        tuple(refusals),
    )


def _settled(arm: ArmState) -> ArmState:
    return replace(arm, changed=False) if arm.changed else arm


def hand_to(arm: ArmState, owner: Mode, after_ns: int) -> ArmState:
    """Give the arm to `owner`: what was counted towards another change is forgotten.

    Only chunks observed later than `after_ns` will count for it.
    """
    return replace(
        arm,
        owner=owner,
        by_order=False,
        beyond=0,
        centred_since_ns=NEVER,
        changed=True,
        after_ns=after_ns,
    )


def stopped(state: ArbiterState, reason: str, now_ns: int) -> ArbiterState:
    """Latch the stop; the first reason stays."""
    if state.session_mode is SessionMode.STOPPED:
        return state
    left, right = (
        replace(hand_to(arm, Mode.HOLD, now_ns), rest=Mode.HOLD, armed=False) for arm in state.arms
    )
    return replace(state, session_mode=SessionMode.STOPPED, arms=(left, right), stop_reason=reason)


def _stopped_if_due(state: ArbiterState, inputs: ArbiterInputs) -> ArbiterState:
    if inputs.fault:
        state = stopped(state, f"the robot reports: {inputs.fault}", inputs.now_ns)
    reading = inputs.reading
    # However old the reading: a press that is noticed late is still a press.
    if reading is not None and reading.stop_presses != state.stop_presses:
        state = stopped(state, f"stop pressed on the {reading.device}", inputs.now_ns)
        state = replace(state, stop_presses=reading.stop_presses)
    return state


def _read_gesture(state: ArbiterState, inputs: ArbiterInputs, config: TakeoverConfig) -> _Gesture:
    reading = inputs.reading
    if reading is None:
        return _Gesture(state.reading_ns, _SILENT, _ZERO_TWIST)
    age_ns = inputs.now_ns - reading.stamp_ns
    deflection = reading.deflection.reshape(2, 2, 3)  # arm, linear or angular, axis
    size = np.sqrt(np.vecdot(deflection, deflection))
    if age_ns > config.stale_s * 1e9 or not np.isfinite(size.sum()):
        return _Gesture(state.reading_ns, _SILENT, _ZERO_TWIST)
    slope = np.clip((size - config.leave) / max(1.0 - config.leave, 1e-9), 0.0, 1.0)
    speed = slope * (config.linear_scale, config.angular_scale)
    twist = (deflection * (speed / np.maximum(size, 1e-9))[..., None]).reshape(2, 6)
    new = reading.stamp_ns != state.reading_ns
    sizes = size.tolist()
    left, right = (
        _ArmGesture(
            True,
            new,
            reading.stamp_ns,
            max(sizes[arm]),
            reading.clutch[arm],
            (reading.gripper_presses[arm] - state.arms[arm].presses) % 2 == 1,
            reading.gripper_presses[arm],
        )
        for arm in Arm
    )
    return _Gesture(reading.stamp_ns, (left, right), twist)


def _next_owner(
    arm: ArmState, seen: _ArmGesture, mode: SessionMode, flush_ns: int, config: TakeoverConfig
) -> ArmState:
    """Return the arm's state after what the device has said."""
    if not seen.fresh:
        if (arm.beyond, arm.centred_since_ns) == (0, NEVER):
            return arm
        return replace(arm, beyond=0, centred_since_ns=NEVER)
    if not seen.new:
        return arm
    centred = seen.deflection < config.leave and not seen.clutch
    armed = arm.armed or centred
    beyond = arm.beyond + 1 if seen.deflection > config.enter else 0
    if (armed, beyond, seen.presses) != (arm.armed, arm.beyond, arm.presses):
        arm = replace(arm, armed=armed, beyond=beyond, presses=seen.presses)
    if mode not in RUNNING:
        return arm
    if arm.owner is not Mode.OPERATOR:
        wanted = seen.clutch or arm.beyond >= config.enter_samples
        return hand_to(arm, Mode.OPERATOR, flush_ns) if wanted and arm.armed else arm
    if arm.by_order or not centred:
        return arm if arm.centred_since_ns == NEVER else replace(arm, centred_since_ns=NEVER)
    if arm.centred_since_ns == NEVER:
        arm = replace(arm, centred_since_ns=seen.stamp_ns)
    let_go = seen.stamp_ns - arm.centred_since_ns >= config.dwell_s * 1e9
    return hand_to(arm, arm.rest, flush_ns) if let_go else arm


def _mode(owner: Mode, device_fresh: bool, proposal_valid: bool) -> Mode:
    if owner is Mode.OPERATOR:
        return Mode.OPERATOR if device_fresh else Mode.HOLD
    if owner is Mode.POLICY:
        return Mode.POLICY if proposal_valid else Mode.HOLD
    return Mode.HOLD


def _refusal(
    state: ArbiterState, arm: ArmState, mode: Mode, seen: _ArmGesture, config: TakeoverConfig
) -> str:
    """Why a gesture at the device has no effect; empty: it has, or there is none."""
    if seen.pressed and mode is Mode.POLICY:
        return "The policy moves this gripper: take the arm over first."
    if not (seen.clutch or seen.deflection > config.enter or seen.pressed):
        return ""
    if state.session_mode is SessionMode.STOPPED:
        return f"The session is stopped ({state.stop_reason}): release the stop first."
    if state.session_mode is SessionMode.IDLE:
        return "Nothing is running: start a rollout or a demonstration first."
    if arm.owner is not Mode.OPERATOR and not arm.armed:
        return "The device was not let go since the arm was given away: centre it once."
    return ""
