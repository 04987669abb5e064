from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.sender import KeySender
from teleop.bus import KEYS, Subscriber
from teleop.device_messages import KeysHeld
from teleop.messages import Arm
from teleop.session_folder import SessionFolder
from tests.gui_parts import open_window

F13, F15, PAGE_UP = Qt.Key.Key_F13, Qt.Key.Key_F15, Qt.Key.Key_PageUp


class Window(QWidget):
    """Only the keys of a window."""

    def __init__(self, folder: SessionFolder) -> None:
        super().__init__()
        self.keys = KeySender(folder, False, self)

    def keyPressEvent(self, event: object) -> None:
        if self.keys.held.press(event):  # pyright: ignore[reportArgumentType]
            self.keys.send()

    def keyReleaseEvent(self, event: object) -> None:
        if self.keys.held.release(event):  # pyright: ignore[reportArgumentType]
            self.keys.send()

    def activate(self, active: bool) -> None:
        kind = QEvent.Type.WindowActivate if active else QEvent.Type.WindowDeactivate
        QCoreApplication.sendEvent(self, QEvent(kind))


class Control:
    """What arrives at the other end."""

    def __init__(self, window: Window, subscriber: Subscriber, qtbot: QtBot) -> None:
        self.window = window
        self._subscriber = subscriber
        self._qtbot = qtbot

    def heard(self, seconds: float) -> list[KeysHeld]:
        self._subscriber.drain()
        self._qtbot.wait(round(seconds * 1000))
        messages = [message for _, message in self._subscriber.drain()]
        return [message for message in messages if isinstance(message, KeysHeld)]

    def until(self, holds: Callable[[KeysHeld], bool]) -> KeysHeld:
        for _ in range(100):
            for message in self.heard(0.02):
                if holds(message):
                    return message
        raise TimeoutError("no such keys")


@contextmanager
def desk(folder: SessionFolder, qtbot: QtBot) -> Generator[Control]:
    window = Window(folder)
    with Subscriber([folder.endpoint("gui")], [KEYS]) as subscriber:
        made = Control(window, subscriber, qtbot)
        made.until(lambda message: True)
        yield made
        window.keys.close()


@pytest.fixture
def control(session_dir: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with desk(SessionFolder(session_dir), qtbot) as made:
        yield made


def test_a_pedal_engages_its_arm_while_it_is_held(control: Control):
    QTest.keyPress(control.window, F13)
    control.until(lambda held: held.clutch == (True, False))
    QTest.keyRelease(control.window, F13)
    control.until(lambda held: held.clutch == (False, False))


def test_a_clutch_of_the_chosen_arm_stays_with_the_arm_it_was_pressed_for(control: Control):
    control.window.keys.choose(Arm.RIGHT)
    QTest.keyPress(control.window, F15)
    control.until(lambda held: held.clutch == (False, True))
    control.window.keys.choose(Arm.LEFT)
    assert control.until(lambda held: held.arm is Arm.LEFT).clutch == (False, True)
    QTest.keyRelease(control.window, F15)
    QTest.keyPress(control.window, F15)
    control.until(lambda held: held.clutch == (True, False))


def test_pedals_count_takes_rewinds_gripper_and_stop(control: Control):
    control.window.keys.choose(Arm.RIGHT)
    for key in (PAGE_UP, Qt.Key.Key_F19, Qt.Key.Key_F17, Qt.Key.Key_F18, Qt.Key.Key_F24):
        QTest.keyClick(control.window, key)
    held = control.until(lambda held: held.stop_presses == 1)
    assert held.take_presses == (1, 1)
    assert (held.rewind_presses, held.gripper_presses) == ((0, 1), (0, 1))


def test_a_key_that_was_held_when_the_window_lost_the_keyboard_is_not_let_go(control: Control):
    QTest.keyPress(control.window, Qt.Key.Key_W)
    QTest.keyPress(control.window, F13)
    control.until(lambda held: held.clutch[0])
    control.window.activate(False)
    assert [held for held in control.heard(0.2) if not held.keys or not held.clutch[0]] == []
    assert control.heard(0.2) == []
    control.window.activate(True)
    held = control.until(lambda held: True)
    assert (held.keys, held.clutch) == ((), (False, False))


def test_a_window_without_the_keyboard_goes_on_saying_that_nothing_is_held(control: Control):
    control.window.activate(False)
    assert len(control.heard(0.4)) >= 6


def test_stop_is_sent_and_repeated_also_while_nobody_knows_what_is_held(control: Control):
    QTest.keyPress(control.window, F13)
    control.window.activate(False)
    control.window.keys.press_stop()
    control.until(lambda held: held.stop_presses == 1)
    repeated = control.heard(0.4)
    assert len(repeated) >= 3
    assert {held.stop_presses for held in repeated} == {1}


def test_closing_the_window_lets_no_held_key_go(control: Control):
    QTest.keyPress(control.window, F13)
    control.until(lambda held: held.clutch[0])
    control.window.keys.close()
    assert all(held.clutch[0] for held in control.heard(0.2))


def test_the_users_own_table_of_pedals_counts_and_a_mistake_in_it_is_told(
    session_dir: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "nudge" / "keys.json"
    path.parent.mkdir()
    path.write_text('{"F13": "take left"}')
    with desk(SessionFolder(session_dir), qtbot) as control:
        QTest.keyClick(control.window, F13)
        control.until(lambda held: held.take_presses == (1, 0))
        assert control.window.keys.trouble == ""
    path.write_text('{"F13": "jump"}')
    with desk(SessionFolder(session_dir), qtbot) as control:
        assert "'jump'" in control.window.keys.trouble
    with open_window(session_dir) as window:
        assert "'jump'" in window.screen_view.toast.text()
