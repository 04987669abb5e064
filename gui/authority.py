"""Who leads each arm, and why, from the newest step and what control says of takeovers. Pure.

The banner shows what the arbiter reports, never which button was pressed: a selector's position is
no indication of the mode that is really on. Causes are control's own words, never guessed here.
"""

import numpy as np

from gui.texts import authority as words
from gui.view import STEP_SILENCE_S, WHOLE, ArmView, Lead
from teleop.config import SessionConfig, TakeoverConfig
from teleop.holds import Hold
from teleop.messages import Action, Arm, Array, Mode, SessionMode, Step
from teleop.takeover_messages import TakeoverStatus

LEADS = {
    Mode.POLICY: Lead.POLICY,
    Mode.OPERATOR: Lead.OPERATOR,
    Mode.REWIND: Lead.REWIND,
    Mode.HOLD: Lead.HOLD,
}
ENGAGES = {
    "motion": words.PUSH_THE_PUCK,
    "button": words.PRESS_ITS_BUTTON,
    "clutch": words.HOLD_THE_CLUTCH,
}
IDLE_TEXT = words.IDLE
IDLE_WITHOUT_POLICY = words.IDLE_WITHOUT_POLICY
NO_CAUSE = words.NO_CAUSE


def arm_view(
    step: Step | None,
    arm: Arm,
    age_s: float,
    config: SessionConfig,
    status: TakeoverStatus | None = None,
) -> ArmView:
    """Return what to show of `arm`, `age_s` after `step` came; without a fresh step, nothing.

    Args:
        step: the newest.
        arm: which.
        age_s: since the step came here.
        config: scales of the device, and how arms are taken over.
        status: the newest, None if there is no fresh one.
    """
    if step is None:
        return ArmView(arm)
    if age_s > STEP_SILENCE_S:
        return ArmView(arm, reason=words.silent(age_s))
    state = step.observation.state
    lead = arm_lead(step, arm)
    return ArmView(
        arm=arm,
        lead=lead,
        reason=reason(step, arm, lead, config, status),
        share=step.authority[arm],
        wrench=state.wrench[arm],
        tactile=state.tactile[arm],
        opening=float(state.opening[arm]),
        deflection=deflection(step.operator, arm, config),
        operator_twist=step.operator.twist[arm],
        proposed_twist=step.proposed.twist[arm] if step.proposal_valid[arm] else None,
        executed_twist=step.executed.twist[arm],
        limits=limits_of(step, arm),
        authority=status.authority[arm] if status else None,
        risk=status.risk[arm] if status else None,
        hold=status.holds[arm] if status else Hold.NONE,
    )


def limits_of(step: Step, arm: Arm) -> tuple[str, ...]:
    """Return the names of the safety limits that shortened this arm's motion in `step`."""
    prefix = f"{arm.name.lower()}."
    return tuple(name.removeprefix(prefix) for name in step.limits_hit if name.startswith(prefix))


def arm_lead(step: Step, arm: Arm) -> Lead:
    """Return who leads `arm` in `step`."""
    if step.observation.state.fault:
        return Lead.FAULT
    if step.session_mode is SessionMode.STOPPED:
        return Lead.STOPPED
    return LEADS[step.modes[arm]]


def reason(
    step: Step, arm: Arm, lead: Lead, config: SessionConfig, status: TakeoverStatus | None
) -> str:
    """Return the line under the banner's word: the cause, and the way out behind the last dot."""
    if lead is Lead.FAULT:
        return step.observation.state.fault
    if lead is Lead.STOPPED:
        cause = (status.stop_reason if status else "") or NO_CAUSE
        return words.stopped(cause)
    if lead is Lead.HOLD:
        return hold_reason(step, arm, config, status)
    if lead is Lead.REWIND:
        return words.REWINDING
    if lead is Lead.OPERATOR and step.session_mode is SessionMode.TELEOP:
        return words.demonstrates(step.device)
    if lead is Lead.OPERATOR:
        away = words.LET_GO_OR_G if config.takeover.hand_back == "release" else words.G_HAND_BACK
        nudges = status is not None and status.authority[arm] < WHOLE
        does = words.ADDS if nudges else "drives"
        return f"{step.device} {does} · {away}" if step.device else away
    return f"v{step.policy_version} · {way_to_take(config.takeover, arm, status)}"


def hold_reason(step: Step, arm: Arm, config: SessionConfig, status: TakeoverStatus | None) -> str:
    """Return why an arm holds and what to do next, in control's words."""
    if step.session_mode is SessionMode.IDLE:
        return IDLE_TEXT if config.has_policy else IDLE_WITHOUT_POLICY
    return (status.hold_reason[arm] if status else "") or words.holding(NO_CAUSE)


def way_to_take(takeover: TakeoverConfig, arm: Arm, status: TakeoverStatus | None) -> str:
    """Return how the operator gets the arm from the policy."""
    if takeover.engage == "motion" and status is not None and not status.armed[arm]:
        return words.LET_GO_ONCE
    return words.way_to_take(ENGAGES[takeover.engage])


def deflection(asked: Action, arm: Arm, config: SessionConfig) -> Array:
    """Return the deflection behind the operator's twist, shape (6,), in -1..1.

    The arbiter takes the dead-band off and scales the rest to a speed; this is the way back. Within
    the dead-band it is 0.
    """
    takeover = config.takeover
    halves = asked.twist[arm].reshape(2, 3) / ((takeover.linear_scale,), (takeover.angular_scale,))
    sizes = np.linalg.norm(halves, axis=1, keepdims=True)
    pushed = takeover.leave + sizes * (1.0 - takeover.leave)
    return np.clip(halves / np.maximum(sizes, 1e-9) * pushed, -1.0, 1.0).reshape(6)
