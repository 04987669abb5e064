"""Which alarms there is a cause for, from one view. Pure.

An alarm is for what nobody commanded: the robot's fault, a stop by itself, an arm that the policy
or the operator lost. What somebody ordered has a tone at most (`gui.sound.changes`).
"""

from gui.sound.values import AlarmKind, Cause
from gui.texts import sound as texts
from gui.view import ArmView, Lead, Level, View
from teleop.holds import SENTENCES, Hold
from teleop.messages import SessionMode

# Holds that nobody asked for, by their name in `Step.limits_hit`.
HELD: dict[Hold, AlarmKind] = {
    Hold.STALE_CHUNK: AlarmKind.POLICY,
    Hold.POLICY_DROPPED_OUT: AlarmKind.POLICY,
    Hold.ASKED_FOR_HELP: AlarmKind.POLICY,
    Hold.STALE_CAMERA: AlarmKind.CAMERA,
    Hold.CAMERA_DROPPED_OUT: AlarmKind.CAMERA,
    Hold.STALE_VIEW: AlarmKind.CAMERA,
    Hold.STALE_DEVICE: AlarmKind.DEVICE,
    Hold.NOT_CENTRED: AlarmKind.DEVICE,
}
RUNNING = (SessionMode.ROLLOUT, SessionMode.TELEOP)
POLICY = "policy"


def causes(view: View) -> tuple[Cause, ...]:
    """Return what there is cause for an alarm in `view`, the most urgent first."""
    of_arms = _of_arms(view)
    told = {cause.kind for cause in of_arms}  # an arm that holds says more than a dead process
    of_processes = [cause for cause in _of_processes(view) if cause.kind not in told]
    found = [*_of_robot(view), *of_arms, *of_processes]
    order = list(AlarmKind)
    return tuple(sorted(found, key=lambda cause: order.index(cause.kind)))


def _of_robot(view: View) -> list[Cause]:
    leads = {arm.lead for arm in view.arms}
    first = view.arms[0]
    if Lead.FAULT in leads:
        return [Cause(AlarmKind.FAULT, None, first.reason)]
    if Lead.STOPPED in leads and not view.stop_ordered:
        return [Cause(AlarmKind.FAULT, None, first.reason)]
    silent = leads == {Lead.NO_DATA} and not view.ended
    if silent and view.episode.session_mode in RUNNING:
        return [Cause(AlarmKind.SILENT, None, texts.CONTROL_SILENT)]
    return []


def held_by(arm: ArmView) -> Hold:
    """Return why the arm holds though nobody asked for it; NONE: it does not."""
    return next((hold for hold in HELD if hold.value in arm.limits), Hold.NONE)


def _of_arms(view: View) -> list[Cause]:
    found: list[Cause] = []
    for arm in view.arms:
        hold = held_by(arm) if arm.lead is Lead.HOLD else Hold.NONE
        if hold is not Hold.NONE:
            found.append(Cause(HELD[hold], arm.arm, SENTENCES[hold]))
    return found


def _of_processes(view: View) -> list[Cause]:
    mode = view.episode.session_mode
    if mode not in RUNNING or view.arms[0].lead is Lead.NO_DATA:
        return []
    found: list[Cause] = []
    if view.vitals.recorder_level is Level.ERROR:
        text = texts.recorder_text(view.vitals.recorder)
        found.append(Cause(AlarmKind.RECORDER, None, text))
    dead = {each.name for each in view.vitals.processes if each.level is Level.ERROR}
    rests = any(arm.lead in (Lead.HOLD, Lead.POLICY) for arm in view.arms)
    if mode is SessionMode.ROLLOUT and POLICY in dead and rests:
        found.append(Cause(AlarmKind.POLICY, None, texts.POLICY_SILENT))
    return found
