"""The list before the first motion: a line for each thing that must be right. Pure.

Every line is made from what was reported, never from what should be; what is not known does not
count as right. Who may override what blocks, and how, is `gui.preflight_gate`'s.
"""

import numpy as np

from gui.preflight_device import device_line
from gui.preflight_line import CheckLine, Item, Plan, State
from gui.sound.audible import Audible
from gui.texts import preflight as texts
from gui.view import FRAME_LATE_S, FRAME_STALE_S, Lead, Level, ProcessView, View
from teleop.checks.machine import LEAST_BYTES, ROOMY_BYTES
from teleop.messages import SessionMode

STATE_LATE_MS = 100.0  # as `SafetyLimits.stale_state_s`
FORCE_N = 5.0  # more at rest than a tool that hangs free and tared
BEHIND_MS = 250.0
AHEAD_MS = -20.0


def preflight(view: View, plan: Plan) -> tuple[CheckLine, ...]:
    """Return how everything stands, in the list's order."""
    return (
        stop_line(view),
        robot_line(view),
        cameras_line(view),
        device_line(view, plan),
        policy_line(view, plan),
        process_line(view, Item.RECORDER, "recorder", State.BLOCKS, texts.RECORDER_ADVICE),
        disk_line(view),
        learner_line(view, plan),
        clock_line(view),
        sound_line(plan),
    )


def blocking(lines: tuple[CheckLine, ...]) -> tuple[CheckLine, ...]:
    """Return what stands against a start."""
    return tuple(line for line in lines if line.state is State.BLOCKS)


def warned(lines: tuple[CheckLine, ...]) -> tuple[CheckLine, ...]:
    """Return what the operator should know and may start with."""
    return tuple(line for line in lines if line.state is State.WARNING)


def stop_line(view: View) -> CheckLine:
    """The stop must be released."""
    if _silent(view):
        return CheckLine(Item.STOP, State.BLOCKS, texts.NO_CONTROL, texts.NO_CONTROL_ADVICE)
    if view.episode.session_mode is SessionMode.STOPPED:
        return CheckLine(Item.STOP, State.BLOCKS, texts.STOPPED, texts.STOPPED_ADVICE)
    return CheckLine(Item.STOP, State.OK, texts.RELEASED)


def robot_line(view: View) -> CheckLine:
    """Its state must be fresh and without a fault, and its forces near zero."""
    if _silent(view):
        return CheckLine(Item.ROBOT, State.BLOCKS, texts.NO_CONTROL, texts.NO_CONTROL_ADVICE)
    first = view.arms[0]
    if first.lead is Lead.FAULT:
        return CheckLine(Item.ROBOT, State.BLOCKS, first.reason, texts.FAULT_ADVICE)
    age_ms = view.vitals.state_age_ms
    if age_ms is None or age_ms > STATE_LATE_MS:
        value = texts.NO_STEPS if age_ms is None else texts.robot_age(age_ms)
        return CheckLine(Item.ROBOT, State.BLOCKS, value, texts.ROBOT_OLD_ADVICE)
    wrenches = [arm.wrench[:3] for arm in view.arms if arm.wrench is not None]
    push = max((float(np.linalg.norm(force)) for force in wrenches), default=0.0)
    if not push <= FORCE_N:  # a sensor that gives no number is not tared either
        return CheckLine(Item.ROBOT, State.WARNING, texts.forces(push), texts.FORCES_ADVICE)
    return CheckLine(Item.ROBOT, State.OK, f"{texts.ROBOT_OK}, {texts.forces(push)}")


def cameras_line(view: View) -> CheckLine:
    """Every camera must be fresh; the policy holds without, and nobody would see."""
    cameras = view.vitals.cameras
    worst = max(cameras, key=lambda camera: camera.age_s, default=None)
    if worst is None:
        return CheckLine(Item.CAMERAS, State.WARNING, texts.count(0, "camera"))
    if worst.age_s > FRAME_STALE_S:
        old = [camera for camera in cameras if camera.age_s > FRAME_STALE_S]
        value = ", ".join(texts.camera_old(camera.name, camera.age_s) for camera in old)
        return CheckLine(Item.CAMERAS, State.BLOCKS, value, texts.CAMERA_ADVICE)
    value = texts.cameras_fresh(len(cameras), 1000 * worst.age_s)
    if worst.age_s > FRAME_LATE_S:
        return CheckLine(Item.CAMERAS, State.WARNING, value, texts.LATE_ADVICE)
    return CheckLine(Item.CAMERAS, State.OK, value)


def policy_line(view: View, plan: Plan) -> CheckLine:
    """It must be alive where it is to drive."""
    if not plan.learns:
        return CheckLine(Item.POLICY, State.OK, texts.NO_POLICY)
    worst = State.BLOCKS if plan.policy else State.WARNING
    return process_line(view, Item.POLICY, "policy", worst, texts.POLICY_ADVICE)


def learner_line(view: View, plan: Plan) -> CheckLine:
    """The robot goes on without it, and corrections are kept."""
    if not plan.learns:
        return CheckLine(Item.LEARNER, State.OK, texts.NO_POLICY)
    return process_line(view, Item.LEARNER, "learner", State.WARNING, texts.LEARNER_ADVICE)


def process_line(view: View, item: Item, name: str, worst: State, advice: str) -> CheckLine:
    """A process must give signs of life; what it warns of is a warning."""
    process = next((each for each in view.vitals.processes if each.name == name), None)
    if process is None:
        return CheckLine(item, worst, texts.NO_SIGN, advice)
    state = _state(process, worst)
    told = process.text if process.level is not Level.UNKNOWN else ""
    if state is State.OK:
        return CheckLine(item, state, texts.alive(process.age_s))
    return CheckLine(item, state, told or texts.silent(process.age_s), advice)


def _state(process: ProcessView, worst: State) -> State:
    if process.level is Level.OK:
        return State.OK
    return State.WARNING if process.level is Level.WARNING else worst


def disk_line(view: View) -> CheckLine:
    """There must be room for what is recorded, by the recorder's own numbers."""
    free_gb = view.vitals.free_gb
    if free_gb is None:
        return CheckLine(Item.DISK, State.WARNING, texts.NO_DISK_TOLD)
    value = texts.disk(free_gb, view.vitals.room_s)
    if free_gb * 1e9 < LEAST_BYTES:
        return CheckLine(Item.DISK, State.BLOCKS, value, texts.DISK_ADVICE)
    if free_gb * 1e9 < ROOMY_BYTES:
        return CheckLine(Item.DISK, State.WARNING, value, texts.DISK_ADVICE)
    return CheckLine(Item.DISK, State.OK, value)


def clock_line(view: View) -> CheckLine:
    """Stamps of control must fit to this window's clock."""
    behind_ms = view.vitals.behind_ms
    if behind_ms is None:
        return CheckLine(Item.CLOCK, State.WARNING, texts.NO_STEPS)
    fits = AHEAD_MS <= behind_ms <= BEHIND_MS
    value = texts.behind(behind_ms)
    if fits:
        return CheckLine(Item.CLOCK, State.OK, value)
    return CheckLine(Item.CLOCK, State.WARNING, value, texts.CLOCK_ADVICE)


SOUND: dict[Audible, tuple[State, str, str]] = {
    Audible.HEARD: (State.OK, texts.SOUND_HEARD, ""),
    Audible.UNTESTED: (State.WARNING, texts.SOUND_UNTESTED, texts.SOUND_TEST_ADVICE),
    Audible.ASKED: (State.WARNING, texts.SOUND_ASKED, texts.SOUND_ANSWER_ADVICE),
    Audible.NOT_HEARD: (State.WARNING, texts.SOUND_NOT_HEARD, texts.NOT_HEARD_ADVICE),
}


def sound_line(plan: Plan) -> CheckLine:
    """Alarms should be heard. They are seen in every case, so it never blocks."""
    if plan.audible is Audible.NO_SOUND:
        value = texts.no_sound(plan.sound_trouble)
        return CheckLine(Item.SOUND, State.WARNING, value, texts.NO_SOUND_ADVICE)
    return CheckLine(Item.SOUND, *SOUND[plan.audible])


def _silent(view: View) -> bool:
    return all(arm.lead is Lead.NO_DATA for arm in view.arms)
