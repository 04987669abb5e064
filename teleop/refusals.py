"""Why a gesture at the device has no effect. Requested is not granted; it is told."""

from dataclasses import dataclass

from teleop.config import TakeoverConfig
from teleop.gestures import ArmGesture
from teleop.messages import Arm, Mode, SessionMode
from teleop.ownership import ArmState, Moment

NOTHING_RUNS = "Nothing is running: start a rollout or a demonstration first."
BLIND = "Every camera is silent: nobody would see where the arm goes."
NOT_LET_GO = "The device was not let go since the arm was given away: centre it once."
ENGAGE_BY = {
    "button": "Moving the device takes nothing over here: press its takeover button.",
    "clutch": "Moving the device takes nothing over here: hold its clutch.",
}


@dataclass(frozen=True)
class Refusal:
    """The operator's device asked for something that was not granted."""

    arm: Arm
    reason: str


def release_first(stop_reason: str) -> str:
    """Say that the session is stopped, and why."""
    return f"The session is stopped ({stop_reason}): release the stop first."


def refusal(
    before: ArmState,
    now: ArmState,
    seen: ArmGesture,
    at: Moment,
    mode: Mode,
    stop_reason: str,
    config: TakeoverConfig,
) -> str:
    """Why what the device asked for was not done; empty: it was, or it asked for nothing.

    Args:
        before: the arm before this reading.
        now: after it.
        seen: what the device says.
        at: what else mattered.
        mode: that came of it.
        stop_reason: of a stopped session.
        config: how an arm is taken over.
    """
    gripper = seen.gripper_presses != before.gripper_presses
    take = (seen.take_presses - before.take_presses) % 2 == 1
    rewind = seen.rewind_presses != before.rewind_presses
    if not (seen.clutch or seen.beyond or gripper or take or rewind):
        return ""
    if at.session_mode is SessionMode.STOPPED:
        return release_first(stop_reason)
    if at.session_mode is SessionMode.IDLE:
        return NOTHING_RUNS
    if gripper and mode is Mode.POLICY:
        return "The policy moves this gripper: take the arm over first."
    if gripper and mode is Mode.REWIND:
        return "The gripper keeps what it holds on the way back."
    if rewind and before.owner is not Mode.REWIND and now.owner is not Mode.REWIND:
        return at.no_path or "Let the device go first: any motion of it ends a rewind."
    if now.owner is Mode.OPERATOR:
        if take and before.owner is Mode.OPERATOR and at.session_mode is SessionMode.TELEOP:
            return "No policy runs in a demonstration: there is nobody to give the arm to."
        return ""
    if gripper and not (seen.clutch or seen.beyond or take):
        return ""
    return _not_taken(before, take or seen.clutch, seen, at, config)


def _not_taken(
    before: ArmState, asked: bool, seen: ArmGesture, at: Moment, config: TakeoverConfig
) -> str:
    """Why the arm is not the operator's although the device is deflected or asks for it."""
    if before.owner in (Mode.OPERATOR, Mode.REWIND):
        return ""  # just given back, or broken off, by this very gesture
    if at.blind:
        return BLIND
    if not asked and config.engage != "motion":
        return ENGAGE_BY[config.engage]
    return "" if before.armed or seen.centred else NOT_LET_GO
