"""Who drives each arm: the policy, the operator, or nobody. Pure functions over a frozen state.

Every arm has an owner (`teleop.ownership` passes it on), and the mode of a tick follows from it:

    owner      drives                          holds
    OPERATOR   a fresh reading, and a view     otherwise, and the arm stays the operator's
    POLICY     a valid proposal                otherwise; for good after `drop_out_s`
    REWIND     back along its own path
    HOLD                                       until GIVE, START or a takeover

Nothing recovers by itself into motion, but for three things that somebody's hand or order is still
behind: a late chunk, a device that comes back within `drop_out_s` or centred, and a policy that is
only now ready to begin.

A change of owner asks for a re-anchoring and for a flush: from then on only chunks observed later
count for the arm. Not so while the authority is below 1, where the policy drives on and the
operator's motion is added (`teleop.sharing`). A gripper keeps its last commanded opening unless the
policy has the arm or the operator presses its button. STOPPED is reached from every mode, is
latched, and its release (to IDLE) is an order of its own.
"""

from dataclasses import dataclass, replace

import numpy as np

from teleop.chunks import NEVER, Proposal
from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceReading
from teleop.gestures import ArmGesture, read_gesture
from teleop.holds import EXPECTED, Hold
from teleop.messages import Action, Arm, Array, Mode, SessionMode, frozen_array
from teleop.ownership import RUNNING, ArbiterState, ArmState, Moment, next_owner, share, stopped
from teleop.refusals import Refusal, refusal
from teleop.sharing import shared_twist


@dataclass(frozen=True, eq=False)
class ArbiterInputs:
    """What one decision is made from."""

    now_ns: int
    reading: DeviceReading | None  # along world axes
    proposal: Proposal
    opening: Array  # (2,) as last commanded
    fault: str = ""  # the robot's; not empty: stop
    observed_ns: int = NEVER  # stamp of this tick's observation, which the policy has already
    view_age_ns: int = 0  # of the newest picture of any camera
    stale_camera: bool = False  # one is so old that the proposal does not count
    pace: tuple[float, float] = (1.0, 1.0)  # share of the policy's speed; 0: it asked for help
    back: Array | None = None  # (2, 6) twist of an arm that rewinds
    arrived: tuple[bool, bool] = (False, False)  # the rewind has come to its end
    no_path: tuple[str, str] = ("", "")  # why an arm cannot rewind; empty: it can


@dataclass(frozen=True, eq=False)
class Decision:
    """Who drives at this tick, and with what."""

    state: ArbiterState
    action: Action  # for the safety filter
    operator: Action  # what the device asks for, whoever drives
    authority: tuple[float, float]  # the operator's, while they have the arm; 0 otherwise
    modes: tuple[Mode, Mode]
    holds: tuple[Hold, Hold]  # why an arm holds
    flush: tuple[bool, bool]  # the source has changed: re-anchor the arm
    refusals: tuple[Refusal, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The causes of holds that nobody asked for, as in `Step.limits_hit`."""
        left, right = self.holds
        if left in EXPECTED and right in EXPECTED:
            return ()
        return tuple(
            f"{arm.name.lower()}.{self.holds[arm].value}"
            for arm in Arm
            if self.holds[arm] not in EXPECTED
        )


def decide(state: ArbiterState, inputs: ArbiterInputs, config: TakeoverConfig) -> Decision:
    """Decide who drives each arm at this tick, and with what."""
    state = _stopped_if_due(state, inputs)
    gesture = read_gesture(inputs.reading, inputs.now_ns, state.reading_ns, config)
    blind = is_blind(inputs.view_age_ns, config)
    mode_now, proposal = state.session_mode, inputs.proposal
    twist = np.zeros((2, 6))
    opening = inputs.opening.copy()
    arms: list[ArmState] = []
    modes: list[Mode] = []
    holds: list[Hold] = []
    refusals: list[Refusal] = []
    for arm in Arm:
        seen, before = gesture.arms[arm], state.arms[arm]
        moment = _moment(state, inputs, arm, blind)
        now = next_owner(before, seen, moment, config)
        # What was observed before a flush does not count, from this very tick on.
        valid = proposal.valid[arm] and not now.changed
        mode, hold = _mode(now, seen, moment, valid, inputs.pace[arm])
        if mode is Mode.OPERATOR:
            policy = proposal.action.twist[arm] * inputs.pace[arm] if valid else None
            twist[arm] = shared_twist(share(now, mode_now), gesture.twist[arm], policy, config)
        elif mode is Mode.POLICY:
            twist[arm] = proposal.action.twist[arm] * inputs.pace[arm]
            opening[arm] = proposal.action.opening[arm]
        elif mode is Mode.REWIND and inputs.back is not None:
            twist[arm] = inputs.back[arm]
        if _toggles_gripper(before, seen, mode, mode_now):
            opening[arm] = 0.0 if opening[arm] > 0.5 else 1.0
        if seen.fresh:
            reason = refusal(before, now, seen, moment, mode, state.stop_reason, config)
            if reason:
                refusals.append(Refusal(arm, reason))
        arms.append(now)
        modes.append(mode)
        holds.append(hold)
    left, right = arms
    kept = frozen_array(opening)
    return Decision(
        replace(state, arms=(_settled(left), _settled(right)), reading_ns=gesture.stamp_ns),
        Action(frozen_array(twist), kept),
        Action(gesture.twist, kept),
        (_authority(left, mode_now), _authority(right, mode_now)),
        (modes[0], modes[1]),
        (holds[0], holds[1]),
        (left.changed, right.changed),
        tuple(refusals),
    )


def is_blind(view_age_ns: int, config: TakeoverConfig) -> bool:
    """Whether the newest picture of any camera is too old to drive by."""
    return config.needs_view and view_age_ns > config.stale_view_s * 1e9


def _moment(state: ArbiterState, inputs: ArbiterInputs, arm: Arm, blind: bool) -> Moment:
    return Moment(
        inputs.now_ns,
        max(inputs.now_ns, inputs.observed_ns),
        state.session_mode,
        blind,
        inputs.proposal.valid[arm],
        inputs.no_path[arm],
        inputs.arrived[arm],
        inputs.stale_camera,
    )


def _settled(arm: ArmState) -> ArmState:
    return replace(arm, changed=False) if arm.changed else arm


def _authority(arm: ArmState, mode: SessionMode) -> float:
    return share(arm, mode) if arm.owner is Mode.OPERATOR else 0.0


def _toggles_gripper(before: ArmState, seen: ArmGesture, mode: Mode, session: SessionMode) -> bool:
    """Two presses between two decisions come to none."""
    if not seen.fresh or session not in RUNNING or mode in (Mode.POLICY, Mode.REWIND):
        return False
    return (seen.gripper_presses - before.gripper_presses) % 2 == 1


def _stopped_if_due(state: ArbiterState, inputs: ArbiterInputs) -> ArbiterState:
    if inputs.fault:
        state = stopped(state, f"the robot reports: {inputs.fault}", inputs.now_ns)
    reading = inputs.reading
    # However old the reading: a press that is noticed late is still a press.
    if reading is not None and reading.stop_presses != state.stop_presses:
        cause = f"stop pressed on the {reading.device}"
        state = stopped(state, cause, inputs.now_ns, ordered=True)
        state = replace(state, stop_presses=reading.stop_presses)
    return state


def _mode(
    arm: ArmState, seen: ArmGesture, at: Moment, valid: bool, pace: float
) -> tuple[Mode, Hold]:
    """Who drives the arm at this tick; or nobody, and why."""
    cause = Hold.NONE
    if at.session_mode not in RUNNING:
        cause = Hold.STOPPED if at.session_mode is SessionMode.STOPPED else Hold.IDLE
    elif arm.owner is Mode.HOLD:
        cause = arm.why
    elif arm.owner is Mode.OPERATOR:
        cause = _out_of_hand(arm, seen, at)
    elif arm.owner is Mode.POLICY:
        if not valid:
            cause = _without_proposal(arm, at)
        elif pace <= 0.0:
            cause = Hold.ASKED_FOR_HELP
    return (arm.owner, cause) if cause is Hold.NONE else (Mode.HOLD, cause)


def _out_of_hand(arm: ArmState, seen: ArmGesture, at: Moment) -> Hold:
    if not seen.fresh:
        return Hold.STALE_DEVICE
    if at.blind:
        return Hold.STALE_VIEW
    return Hold.NOT_CENTRED if arm.must_centre else Hold.NONE


def _without_proposal(arm: ArmState, at: Moment) -> Hold:
    if at.stale_camera:
        return Hold.STALE_CAMERA
    return Hold.NO_CHUNK_YET if arm.waiting else Hold.STALE_CHUNK
