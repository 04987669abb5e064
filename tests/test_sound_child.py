"""The window's end of the player: it is told, never waited for, and kept alive."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.sound.audible import Audible
from gui.sound.child import SoundChild
from gui.sound.lines import AlarmOn, Hearing, Play, Volume
from gui.sound.settings import SoundSettings, keep_settings, read_settings, settings_file
from gui.sound.speaker import Speaker
from gui.sound.values import Alarm, AlarmKind, Cause, Tone
from gui.texts.sound import ALARM_LEAST
from gui.view import Lead
from teleop.errors import ConfigError, SetupError
from teleop.messages import SessionMode
from tests.sound_views import SECOND, a_view

PATIENCE_S = 6.0
# A player without pygame: it keeps what it is told, and says that it plays.
ECHO = """
import sys
print('{"plays": true, "text": "echo"}', flush=True)
for line in sys.stdin:
    open(sys.argv[1], "a").write(line)
    if "AlarmOn" in line:
        print('{"plays": true, "text": "echo"}', flush=True)
"""
DEAF = "import time; time.sleep(60)"


def until(check: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not check():
        assert time.monotonic() < deadline
        QTest.qWait(5)


@pytest.fixture
def told(tmp_path: Path) -> Path:
    path = tmp_path / "told"
    path.touch()
    return path


@pytest.fixture
def child(qapp: QApplication, told: Path) -> Iterator[SoundChild]:
    owner = QObject()
    made = SoundChild(owner, (sys.executable, "-S", "-c", ECHO, str(told)))
    yield made
    made.close()


def test_the_child_plays_and_ends_with_its_window(child: SoundChild, told: Path):
    child.start()
    until(lambda: child.hearing.plays)
    assert child.send(Play(Tone.DONE))
    until(lambda: "DONE" in told.read_text())


def test_a_child_that_dies_is_started_again_and_told_of_the_alarm(child: SoundChild, told: Path):
    child.send(Volume(0.3, 0.6))
    child.start()
    until(lambda: child.hearing.plays)
    child.send(AlarmOn(True))
    until(lambda: "AlarmOn" in told.read_text())
    told.write_text("")
    os.kill(child._process.processId(), signal.SIGKILL)
    until(lambda: "AlarmOn" in told.read_text() and "Volume" in told.read_text())
    assert child.starts == 2


def test_a_program_that_is_missing_is_said_and_tried_again_later(qapp: QApplication):
    owner = QObject()
    child = SoundChild(owner, ("/nowhere/player",))
    child.start()
    until(lambda: child.starts >= 2)
    assert not child.hearing.plays
    child.close()


def test_a_child_that_hangs_while_the_alarm_sounds_is_replaced(qapp: QApplication):
    owner = QObject()
    child = SoundChild(owner, (sys.executable, "-S", "-c", DEAF))
    child._watch.setInterval(10)
    child.start()
    child.send(AlarmOn(True))
    until(lambda: child.starts >= 2)
    child._process.kill()
    child.close()


def test_tones_that_a_child_does_not_take_are_dropped_and_the_window_never_waits(
    qapp: QApplication,
):
    owner = QObject()
    child = SoundChild(owner, (sys.executable, "-S", "-c", DEAF))
    child.start()
    began = time.monotonic()
    taken = [child.send(Play(Tone.DONE)) for _ in range(2000)]
    assert not all(taken)
    assert time.monotonic() - began < 1.0
    child._process.kill()
    child.close()


@pytest.fixture
def speaker(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Speaker:
    owner = QObject(qapp)
    return Speaker(owner, tmp_path / "nudge" / "sound.json")


@pytest.fixture
def sent(speaker: Speaker, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    found: list[object] = []

    def keep(command: object) -> bool:
        found.append(command)
        return True

    monkeypatch.setattr(speaker.child, "send", keep)
    return found


ALARMING = a_view(alarms=(Alarm(Cause(AlarmKind.FAULT, None, "x"), 1, 1),))


def test_chatter_can_be_muted_and_alarms_cannot(speaker: Speaker, sent: list[object]):
    speaker.toggle_chatter()
    speaker.louder(-1.0)
    sent.clear()
    speaker.follow(a_view())
    speaker.follow(replace(ALARMING, arms=a_view(Lead.OPERATOR).arms))
    assert sent == [AlarmOn(True)]
    speaker.choose(replace(speaker.settings, volume=0.0))
    assert sent[-1] == Volume(0.0, ALARM_LEAST)


def test_the_alarm_is_told_when_it_begins_and_when_it_is_over(speaker: Speaker, sent: list[object]):
    for view in (a_view(), ALARMING, ALARMING, a_view()):
        speaker.follow(view)
    assert sent == [AlarmOn(True), AlarmOn(False)]


def test_the_sound_counts_as_tested_once_the_operator_says_so(speaker: Speaker, sent: list[object]):
    assert speaker.audible is Audible.NO_SOUND
    speaker.child.hearing = Hearing(True, "pulse")
    assert speaker.audible is Audible.UNTESTED
    speaker.test()
    assert speaker.audible is Audible.ASKED
    speaker.answer(True)
    assert speaker.audible is Audible.HEARD
    speaker._take_hearing(Hearing(False, "the headset is gone"))
    speaker.child.hearing = Hearing(True, "pulse")
    assert speaker.audible is Audible.UNTESTED  # what plays now was not heard yet
    speaker.close()


def test_settings_are_kept_and_what_is_damaged_is_not_believed(tmp_path: Path):
    path = settings_file({"XDG_CONFIG_HOME": str(tmp_path)})
    assert read_settings(path) == SoundSettings()
    keep_settings(path, SoundSettings(0.4, chatter=False, voice=True))
    assert read_settings(path) == SoundSettings(0.4, chatter=False, voice=True)
    for text in ("{", '{"volume": 7}', '{"volume": "loud"}'):
        path.write_text(text)
        assert read_settings(path) == SoundSettings()
    with pytest.raises(ConfigError, match="volume"):
        SoundSettings(1.5)
    with pytest.raises(SetupError, match="cannot be kept"):
        keep_settings(path / "below a file" / "sound.json", SoundSettings())


def test_a_window_that_is_cut_off_while_the_robot_works_rings_until_silenced(
    speaker: Speaker, sent: list[object]
):
    speaker.follow(a_view())
    speaker.cut_off(1 * SECOND)
    alarms = speaker.cut_off(3 * SECOND)
    assert "cut off" in alarms[0].cause.text and sent == [AlarmOn(True)]
    speaker.acknowledge()
    speaker.cut_off(4 * SECOND)
    assert sent[-1] == AlarmOn(False)
    speaker.follow(a_view(mode=SessionMode.IDLE))
    assert speaker.cut_off(9 * SECOND) == ()
