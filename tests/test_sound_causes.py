"""What nobody commanded alarms; what somebody did has a tone, and nothing has both."""

from dataclasses import replace
from typing import Any

import pytest

from gui.learner_view import LearnerView
from gui.sound.causes import HELD, causes
from gui.sound.changes import Heard, heard
from gui.sound.values import Alarm, AlarmKind, Cause, Tone
from gui.view import Lead, Level, NoticeLine, NoticesView, View
from teleop.holds import EXPECTED, Hold
from teleop.messages import Arm, SessionMode
from teleop.takeover_messages import NoticeKind
from tests.sound_views import a_view, processes, vitals

HOLDING: dict[str, Any] = {"left": Lead.HOLD}


def kinds(view: View) -> list[tuple[AlarmKind, Arm | None]]:
    return [cause.key for cause in causes(view)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"left": Lead.FAULT, "right": Lead.FAULT}, [(AlarmKind.FAULT, None)]),
        (
            {"left": Lead.STOPPED, "right": Lead.STOPPED, "stop_ordered": False},
            [(AlarmKind.FAULT, None)],
        ),
        ({"left": Lead.STOPPED, "right": Lead.STOPPED}, []),
        ({"left": Lead.NO_DATA, "right": Lead.NO_DATA}, [(AlarmKind.SILENT, None)]),
        ({"left": Lead.NO_DATA, "right": Lead.NO_DATA, "mode": SessionMode.IDLE}, []),
        ({"left": Lead.NO_DATA, "right": Lead.NO_DATA, "mode": None}, []),
        ({"left": Lead.NO_DATA, "right": Lead.NO_DATA, "ended": True}, []),
        (
            {**HOLDING, "arm": {"limits": ("stale_chunk",)}},
            [(AlarmKind.POLICY, Arm.LEFT)],
        ),
        (
            {**HOLDING, "arm": {"limits": ("speed", "camera_dropped_out")}},
            [(AlarmKind.CAMERA, Arm.LEFT)],
        ),
        (
            {**HOLDING, "arm": {"limits": ("stale_device",)}},
            [(AlarmKind.DEVICE, Arm.LEFT)],
        ),
        ({**HOLDING, "arm": {"hold": Hold.ORDERED}}, []),
        ({**HOLDING, "arm": {"hold": Hold.NO_CHUNK_YET}}, []),
        ({"arm": {"limits": ("soft_force",)}}, []),
        (
            {"vitals": vitals(recorder="not recording", recorder_level=Level.ERROR)},
            [(AlarmKind.RECORDER, None)],
        ),
        (
            {"vitals": vitals(recorder_level=Level.ERROR), "mode": SessionMode.IDLE},
            [],
        ),
        ({"vitals": vitals(processes=processes(policy=Level.ERROR))}, [(AlarmKind.POLICY, None)]),
        (
            {
                "left": Lead.OPERATOR,
                "right": Lead.OPERATOR,
                "vitals": vitals(processes=processes(policy=Level.ERROR)),
            },
            [],
        ),
    ],
)
def test_alarms_are_for_what_nobody_commanded(
    changes: dict[str, Any], expected: list[tuple[AlarmKind, Arm | None]]
):
    assert kinds(a_view(**changes)) == expected


def test_every_hold_that_control_calls_unexpected_alarms_and_no_other():
    assert set(HELD) == set(Hold) - EXPECTED


def test_a_process_that_dies_later_does_not_ring_for_an_arm_that_rang_already():
    dead = vitals(processes=processes(policy=Level.ERROR))
    view = a_view(**HOLDING, arm={"limits": ("policy_dropped_out",)}, vitals=dead)
    assert kinds(view) == [(AlarmKind.POLICY, Arm.LEFT)]


def test_the_most_urgent_cause_stands_first():
    view = a_view(Lead.FAULT, Lead.FAULT, vitals=vitals(recorder_level=Level.ERROR))
    assert kinds(view) == [(AlarmKind.FAULT, None), (AlarmKind.RECORDER, None)]


def tones(*views: View) -> tuple[Tone, ...]:
    """The tones of the last of `views`."""
    known, sounds = Heard(), None
    for view in views:
        known, sounds = heard(known, view)
    assert sounds is not None
    return sounds.tones


PLANS = a_view(Lead.HOLD, arm={"hold": Hold.NO_CHUNK_YET})
LOST = a_view(Lead.HOLD, arm={"limits": ("stale_chunk",), "hold": Hold.STALE_CHUNK})


@pytest.mark.parametrize(
    ("views", "expected"),
    [
        ([a_view()], ()),  # a window that is opened says nothing
        ([a_view(), a_view(Lead.OPERATOR)], (Tone.TO_OPERATOR,)),
        ([a_view(Lead.OPERATOR), a_view()], (Tone.TO_POLICY,)),
        ([a_view(Lead.OPERATOR), PLANS], ()),
        ([a_view(Lead.OPERATOR), PLANS, a_view()], (Tone.TO_POLICY,)),
        ([a_view(), PLANS, a_view()], ()),  # between two episodes
        ([a_view(), a_view(Lead.HOLD, arm={"hold": Hold.ORDERED})], (Tone.TO_HOLD,)),
        ([a_view(), a_view(Lead.HOLD)], ()),  # control has not said why yet
        ([a_view(), LOST], ()),
        ([a_view(), LOST, a_view()], ()),
        ([a_view(), a_view(Lead.STOPPED, Lead.STOPPED)], (Tone.TO_HOLD,)),
        ([a_view(), a_view(Lead.STOPPED, Lead.STOPPED, stop_ordered=False)], ()),
        ([a_view(), a_view(Lead.FAULT, Lead.FAULT)], ()),
        ([a_view(), a_view(Lead.NO_DATA, Lead.NO_DATA), a_view()], ()),
        ([a_view(), a_view(Lead.OPERATOR, Lead.OPERATOR)], (Tone.TO_OPERATOR,)),
        (
            [a_view(Lead.OPERATOR, Lead.POLICY), a_view(Lead.POLICY, Lead.OPERATOR)],
            (Tone.TO_POLICY, Tone.TO_OPERATOR),
        ),
        ([a_view(), a_view(episode={"saves": 1, "saved_episode": 4})], (Tone.DONE,)),
        ([a_view(), a_view(learner=LearnerView(serving=3))], ()),  # known only now
        (
            [a_view(learner=LearnerView(serving=3)), a_view(learner=LearnerView(serving=4))],
            (Tone.DONE,),
        ),
    ],
)
def test_tones_follow_who_leads_as_reported(views: list[View], expected: tuple[Tone, ...]):
    assert tones(*views) == expected


def test_a_call_for_help_is_heard_once():
    call = NoticeLine(5, NoticeKind.HELP, Arm.LEFT, "it is far from what it was taught")
    calling = a_view(notices=NoticesView(calls=(call,)))
    assert tones(a_view(), calling) == (Tone.CALL,)
    assert tones(a_view(), calling, calling) == ()


def words(*views: View) -> tuple[str, ...]:
    known, said = Heard(), ()
    for view in views:
        known, sounds = heard(known, view)
        said = sounds.words
    return said


def test_rare_events_are_put_into_words():
    saved = a_view(episode={"saves": 1, "saved_episode": 12})
    assert words(a_view(), saved) == ("episode 12 saved",)
    assert words(a_view(), saved, saved) == ()
    lost = a_view(vitals=vitals(processes=processes(camera_top=Level.ERROR)))
    assert words(a_view(), lost) == ("camera top lost",)
    alarm = Alarm(Cause(AlarmKind.POLICY, Arm.RIGHT, "It is silent."), 7, 7)
    raised = a_view(alarms=(alarm,))
    assert words(a_view(), raised) == ("right arm, policy lost",)
    assert words(raised, a_view(alarms=(replace(alarm, acknowledged=True),))) == ()
