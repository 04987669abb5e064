"""An alarm's life: raised, silenced, over; and again."""

import pytest

from gui.console import Acknowledged
from gui.sound.alarms import OFF_NS, ON_NS, AlarmLog, acknowledged, followed
from gui.sound.values import Alarm, AlarmKind, Cause, sounding
from gui.view import View
from teleop.messages import ENDED, Arm, Health
from tests.sound_views import SECOND
from tests.test_gui_console import NOW, console, faulty, step

FAULT = Cause(AlarmKind.FAULT, None, "left arm: joint limit")
LOST = Cause(AlarmKind.POLICY, Arm.LEFT, "The policy is silent: the arm holds.")


def after(log: AlarmLog, *causes: Cause, at_s: float) -> AlarmLog:
    return followed(log, causes, round(at_s * SECOND))


@pytest.fixture
def raised() -> AlarmLog:
    return after(AlarmLog(), FAULT, at_s=1.0)


def test_a_fault_sounds_at_once(raised: AlarmLog):
    assert sounding(raised.alarms)
    assert raised.alarms[0].cause == FAULT


def test_it_sounds_until_it_is_acknowledged(raised: AlarmLog):
    for second in range(2, 100):
        raised = after(raised, FAULT, at_s=second)
    assert sounding(raised.alarms)
    assert not sounding(acknowledged(raised).alarms)


def test_a_cause_that_is_gone_sounds_on_until_it_is_acknowledged(raised: AlarmLog):
    gone = after(raised, at_s=60.0)
    assert sounding(gone.alarms)
    assert not gone.alarms[0].stands
    assert after(acknowledged(gone), at_s=60.1).alarms == ()


def test_an_acknowledged_alarm_stays_in_sight_while_its_cause_does(raised: AlarmLog):
    silenced = after(acknowledged(raised), FAULT, at_s=5.0)
    assert [(alarm.stands, alarm.acknowledged) for alarm in silenced.alarms] == [(True, True)]
    assert after(silenced, at_s=5.0 + OFF_NS / SECOND).alarms == ()


def test_the_same_cause_raises_a_new_alarm_after_the_last_one_was_over(raised: AlarmLog):
    over = after(acknowledged(raised), at_s=10.0)
    assert over.alarms == ()
    assert sounding(after(over, FAULT, at_s=11.0).alarms)


def test_a_new_cause_sounds_although_another_was_silenced(raised: AlarmLog):
    silenced = acknowledged(raised)
    both = after(after(silenced, FAULT, LOST, at_s=2.0), FAULT, LOST, at_s=2.5)
    assert sounding(both.alarms)
    assert [alarm.acknowledged for alarm in both.alarms] == [True, False]


def test_a_cause_that_flickers_is_one_alarm(raised: AlarmLog):
    log = acknowledged(raised)
    for tenth in range(11, 100):
        log = after(log, *([FAULT] if tenth % 2 else []), at_s=tenth / 10)
    assert len(log.alarms) == 1
    assert not sounding(log.alarms)


def test_one_late_chunk_raises_nothing():
    wait_s = ON_NS[AlarmKind.POLICY] / SECOND
    log = after(AlarmLog(), LOST, at_s=1.0)
    log = after(log, LOST, at_s=1.0 + 0.9 * wait_s)
    log = after(log, at_s=1.0 + 0.95 * wait_s)
    log = after(log, LOST, at_s=1.0 + 1.1 * wait_s)
    assert log.alarms == ()
    assert sounding(after(log, LOST, at_s=1.0 + 2.2 * wait_s).alarms)


def test_the_text_of_an_alarm_follows_its_cause(raised: AlarmLog):
    log = after(AlarmLog((Alarm(LOST, 0, 0),)), at_s=0.1)
    worse = Cause(AlarmKind.POLICY, Arm.LEFT, "The policy fell silent for too long.")
    assert after(log, worse, at_s=0.2).alarms[0].cause.text == worse.text


def test_acknowledging_puts_an_alarm_away_before_anything_else():
    made = console(faulty())
    first = made.view(NOW)
    made.take(Acknowledged(), NOW)
    second: View = made.view(NOW)
    assert (sounding(first.alarms), sounding(second.alarms)) == (True, False)
    assert len(second.alarms) == 1


def test_a_robot_that_falls_silent_while_it_works_alarms_and_one_that_rests_does_not():
    made = console(step())
    made.view(NOW + SECOND)
    assert [a.cause.kind for a in made.view(NOW + 2 * SECOND).alarms] == [AlarmKind.SILENT]
    made = console()
    made.view(NOW + SECOND)
    assert made.view(NOW + 2 * SECOND).alarms == ()


def test_a_session_that_ends_in_order_does_not_ring():
    made = console(step(), Health("control", 1, NOW, numbers={ENDED: 1.0}))
    made.view(NOW + SECOND)
    assert made.view(NOW + 2 * SECOND).alarms == ()
    made.take(Health("control", 2, NOW), NOW + 3 * SECOND)  # it was started again
    made.take(step(), NOW + 3 * SECOND)
    made.view(NOW + 4 * SECOND)
    assert sounding(made.view(NOW + 5 * SECOND).alarms)
