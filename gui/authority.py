"""Who leads each arm, and why, from the newest step. Pure.

The banner shows what the arbiter reports, never which button was pressed: a selector's position is
no indication of the mode that is really on.
"""

import numpy as np

from gui.view import STEP_SILENCE_S, ArmView, Lead
from teleop.config import SessionConfig
from teleop.messages import Action, Arm, Array, Mode, SessionMode, Step

KEYS_TO = {
    Lead.POLICY: "push the puck, or T: take over",
    Lead.OPERATOR: "let go, or G: hand back",
    Lead.STOPPED: "hold F9 for 1 s to release",
}


def arm_view(step: Step | None, arm: Arm, age_s: float, config: SessionConfig) -> ArmView:
    """Return what to show of `arm`, `age_s` after `step` came; without a fresh step, nothing."""
    if step is None:
        return ArmView(arm)
    if age_s > STEP_SILENCE_S:
        return ArmView(arm, reason=f"control silent for {age_s:.0f} s")
    state = step.observation.state
    lead = arm_lead(step, arm)
    return ArmView(
        arm=arm,
        lead=lead,
        reason=reason(step, arm, lead, config),
        share=step.authority[arm],
        wrench=state.wrench[arm],
        tactile=state.tactile[arm],
        opening=float(state.opening[arm]),
        deflection=deflection(step.operator, arm, config),
        operator_twist=step.operator.twist[arm],
        proposed_twist=step.proposed.twist[arm] if step.proposal_valid[arm] else None,
        executed_twist=step.executed.twist[arm],
        limits=limits_of(step, arm),
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
    return Lead(step.modes[arm].value)


def reason(step: Step, arm: Arm, lead: Lead, config: SessionConfig) -> str:
    """Return the short line under the banner's word: the cause, or the way out."""
    if lead is Lead.FAULT:
        return step.observation.state.fault
    if step.modes[arm] is Mode.HOLD and lead is Lead.HOLD:
        return hold_reason(step, arm, config)
    if lead is Lead.OPERATOR and step.device:
        return f"{step.device} drives · {KEYS_TO[lead]}"
    if lead is Lead.POLICY:
        return f"v{step.policy_version} · {KEYS_TO[lead]}"
    return KEYS_TO.get(lead, "")


def hold_reason(step: Step, arm: Arm, config: SessionConfig) -> str:
    """Return why an arm holds: the first cause that the step shows."""
    camera_s = step.camera_age_ns / 1e9
    device_s = step.device_age_ns / 1e9
    if step.session_mode is SessionMode.IDLE:
        return "no episode is running · F5: start"
    if camera_s > config.chunks.stale_camera_s:
        return f"camera silent {camera_s:.1f} s"
    if step.authority[arm] > 0 and device_s > config.takeover.stale_s:
        return f"{step.device or 'device'} silent {device_s:.1f} s"
    if step.session_mode is SessionMode.ROLLOUT and not step.proposal_valid[arm]:
        return "no fresh chunk from the policy"
    return "on order · G: give to the policy"


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
