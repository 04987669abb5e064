"""Which tones and words a new view asks for. Pure, from what was heard so far and the view.

Tones follow what the arbiter reports, never which key was pressed. An arm that holds for an instant
while the policy plans is nobody's change; a hold that nobody ordered is an alarm and has no tone.
"""

from dataclasses import dataclass

from gui.sound.causes import held_by
from gui.sound.values import Alarm, AlarmKind, Tone
from gui.texts import sound as texts
from gui.view import ArmView, Lead, Level, View
from teleop.holds import Hold
from teleop.session_folder import camera_process

TONES = {
    Lead.POLICY: Tone.TO_POLICY,
    Lead.OPERATOR: Tone.TO_OPERATOR,
    Lead.REWIND: Tone.TO_POLICY,  # it moves by itself
    Lead.HOLD: Tone.TO_HOLD,
    Lead.STOPPED: Tone.TO_HOLD,
}
HOLDS_AS_TOLD = (Hold.IDLE, Hold.ORDERED, Hold.REWOUND, Hold.BROKEN_OFF)
SAID = {
    AlarmKind.FAULT: texts.SAID_FAULT,
    AlarmKind.SILENT: texts.SAID_SILENT,
    AlarmKind.POLICY: texts.SAID_POLICY,
    AlarmKind.CAMERA: texts.SAID_CAMERA,
    AlarmKind.DEVICE: texts.SAID_DEVICE,
    AlarmKind.RECORDER: texts.SAID_RECORDER,
}
CAMERA_PROCESS = camera_process("")


@dataclass(frozen=True)
class Heard:
    """What was known when the last tone was chosen.

    Attributes:
        leads: per arm, who led it last, passing holds left out; None: not known yet.
        saves: episodes saved while this window was open.
        serving: version, -1: not known yet.
        call_ns: when the newest call for help came.
        alarms: those raised.
        lost: processes without a sign of life.
    """

    leads: tuple[Lead | None, Lead | None] = (None, None)
    saves: int = 0
    serving: int = -1
    call_ns: int = 0
    alarms: frozenset[tuple[AlarmKind, int]] = frozenset()
    lost: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sounds:
    """What to play and say now."""

    tones: tuple[Tone, ...] = ()
    words: tuple[str, ...] = ()


def heard(before: Heard, view: View) -> tuple[Heard, Sounds]:
    """Return what is known after `view`, and what there is to be heard of the change."""
    left, right = (_lead(before.leads[arm.arm], arm) for arm in view.arms)
    now = Heard(
        (left, right),
        view.episode.saves,
        view.learner.serving if view.learner.serving >= 0 else before.serving,
        max((call.came_ns for call in view.notices.calls), default=before.call_ns),
        frozenset((alarm.cause.kind, alarm.raised_ns) for alarm in view.alarms),
        frozenset(p.name for p in view.vitals.processes if p.level is Level.ERROR),
    )
    return now, Sounds(_tones(before, now, view), _words(before, now, view))


def _lead(before: Lead | None, arm: ArmView) -> Lead | None:
    """Who leads the arm now, or still does as far as the operator is concerned."""
    if arm.lead is not Lead.HOLD:
        return arm.lead if arm.lead in TONES else before
    if held_by(arm) is Hold.NONE and arm.hold in HOLDS_AS_TOLD:
        return Lead.HOLD
    return before


def _tones(before: Heard, now: Heard, view: View) -> tuple[Tone, ...]:
    found = [
        TONES[after]
        for was, after in zip(before.leads, now.leads, strict=True)
        if was is not None and after is not None and after is not was
        if not (after is Lead.STOPPED and not view.stop_ordered)
        if not (was is Lead.STOPPED and after is Lead.HOLD)
    ]
    if now.saves > before.saves or -1 < before.serving != now.serving:
        found.append(Tone.DONE)
    if now.call_ns > before.call_ns:
        found.append(Tone.CALL)
    return tuple(dict.fromkeys(found))


def _words(before: Heard, now: Heard, view: View) -> tuple[str, ...]:
    found = [
        _said(alarm)
        for alarm in view.alarms
        if (alarm.cause.kind, alarm.raised_ns) not in before.alarms
    ]
    found += [
        texts.said_camera(name.removeprefix(CAMERA_PROCESS))
        for name in sorted(now.lost - before.lost)
        if name.startswith(CAMERA_PROCESS)
    ]
    if now.saves > before.saves:
        found.append(texts.said_saved(view.episode.saved_episode))
    return tuple(dict.fromkeys(found))


def _said(alarm: Alarm) -> str:
    return texts.said_arm(alarm.cause.arm, SAID[alarm.cause.kind])
