"""The window on a session's real bus: what it shows, what it sends, and that it leaves nothing."""

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.app import main
from gui.main_window import MainWindow
from gui.view import Lead
from gui.widgets.authority import BOX_MS, BOX_TOGGLES, most_alert
from teleop.bus import HEALTH, KEYS, Subscriber
from teleop.device_messages import KeysHeld
from teleop.devices.keyboard import KeyboardDevice
from teleop.errors import SessionError, SetupError
from teleop.messages import Arm, Health, Mode, SessionMode
from teleop.order_messages import Order, OrderKind
from teleop.session_folder import SessionFolder
from tests.fake_session import fake_session
from tests.gui_parts import open_window

PATIENCE_MS = 5000


@pytest.fixture(autouse=True)
def _own_signals() -> Generator[None]:
    """The program takes SIGTERM and Ctrl-C for itself; give them back."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def leads(window: MainWindow) -> tuple[Lead, Lead]:
    left, right = window.screen_view.banner.halves
    return left.lead, right.lead


def wait_for(qtbot: QtBot, check: Callable[[], bool]) -> None:
    qtbot.waitUntil(check, timeout=PATIENCE_MS)


def test_without_a_session_the_window_says_no_data(session_dir: Path, qtbot: QtBot):
    with open_window(session_dir) as window:
        qtbot.wait(300)
        assert leads(window) == (Lead.NO_DATA, Lead.NO_DATA)
        assert window.screen_view.lead is Lead.NO_DATA
        assert "—" in window.screen_view.arms[0].force.value.text()


def test_the_window_follows_a_session_that_starts_stops_and_dies(session_dir: Path, qtbot: QtBot):
    with open_window(session_dir) as window:
        with fake_session(SessionFolder(session_dir)) as session:
            wait_for(qtbot, lambda: leads(window) == (Lead.POLICY, Lead.OPERATOR))
            assert window.screen_view.lead is Lead.OPERATOR
            session.modes = (Mode.HOLD, Mode.POLICY)
            wait_for(qtbot, lambda: leads(window) == (Lead.HOLD, Lead.POLICY))
            assert window.screen_view.banner.halves[0].flashing
            session.session_mode = SessionMode.STOPPED
            wait_for(qtbot, lambda: leads(window) == (Lead.STOPPED, Lead.STOPPED))
            wait_for(qtbot, window.screen_view.episodes.release.isEnabled)
            wait_for(qtbot, lambda: not window.screen_view.wall.tiles["operator"].stale)
        wait_for(qtbot, lambda: leads(window) == (Lead.NO_DATA, Lead.NO_DATA))
        wait_for(qtbot, lambda: window.screen_view.wall.tiles["operator"].stale)


def test_a_silent_camera_is_stale_and_the_others_are_not(session_dir: Path, qtbot: QtBot):
    with open_window(session_dir) as window, fake_session(SessionFolder(session_dir)) as session:
        tiles = window.screen_view.wall.tiles
        wait_for(qtbot, lambda: all(not tile.stale for tile in tiles.values()))
        session.silent_cameras = frozenset({"overhead"})
        wait_for(qtbot, lambda: tiles["overhead"].stale)
        assert not tiles["operator"].stale


def test_an_order_reaches_control_and_the_banner_shows_what_control_made_of_it(
    session_dir: Path, qtbot: QtBot
):
    with open_window(session_dir) as window, fake_session(SessionFolder(session_dir)) as session:
        wait_for(qtbot, lambda: leads(window) == (Lead.POLICY, Lead.OPERATOR))
        QTest.keyClick(window, Qt.Key.Key_T)
        wait_for(qtbot, lambda: leads(window) == (Lead.OPERATOR, Lead.OPERATOR))
        assert session.orders == [Order(OrderKind.TAKE, Arm.LEFT)]


def test_the_stop_is_released_only_by_a_long_press(session_dir: Path, qtbot: QtBot):
    with open_window(session_dir) as window, fake_session(SessionFolder(session_dir)) as session:
        session.session_mode = SessionMode.STOPPED
        wait_for(qtbot, window.screen_view.episodes.release.isEnabled)
        QTest.keyPress(window, Qt.Key.Key_F9)
        qtbot.wait(300)
        QTest.keyRelease(window, Qt.Key.Key_F9)
        qtbot.wait(900)
        assert session.orders == []
        QTest.keyPress(window, Qt.Key.Key_F9)
        wait_for(qtbot, lambda: session.orders == [Order(OrderKind.RELEASE_STOP)])
        QTest.keyRelease(window, Qt.Key.Key_F9)


def test_a_refusal_is_shown_with_its_reason(session_dir: Path, qtbot: QtBot):
    with open_window(session_dir) as window, fake_session(SessionFolder(session_dir)) as session:
        wait_for(qtbot, lambda: leads(window) == (Lead.POLICY, Lead.OPERATOR))
        session.refuse = "No device gives fresh readings."
        QTest.keyClick(window, Qt.Key.Key_T)
        toast = window.screen_view.toast
        wait_for(qtbot, lambda: "refused: No device gives fresh readings." in toast.text())
        assert toast.isVisible()
        wait_for(qtbot, lambda: "refused" in window.screen_view.status.notice.text())
        assert leads(window)[0] is Lead.POLICY


def test_an_order_that_nobody_answers_is_a_refusal(session_dir: Path, qtbot: QtBot):
    with open_window(session_dir) as window:
        QTest.keyClick(window, Qt.Key.Key_Space)
        toast = window.screen_view.toast
        assert "Hold …" in toast.text()
        wait_for(qtbot, lambda: "refused" in toast.text())


def newest(subscriber: Subscriber, qtbot: QtBot, check: Callable[[KeysHeld], bool]) -> KeysHeld:
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < deadline:
        qtbot.wait(20)
        held = subscriber.latest(KEYS)
        if held is not None and check(held):
            return held
    raise TimeoutError("no such keys")


def test_held_keys_are_sent_as_the_keyboard_device_wants_them(session_dir: Path, qtbot: QtBot):
    endpoint = SessionFolder(session_dir).endpoint("gui")
    with open_window(session_dir) as window, Subscriber([endpoint], [KEYS, HEALTH]) as control:
        newest(control, qtbot, lambda held: held.keys == ())
        QTest.keyPress(window, Qt.Key.Key_D)
        QTest.keyPress(window, Qt.Key.Key_Shift)
        held = newest(control, qtbot, lambda held: "Shift" in held.keys)
        device = KeyboardDevice()
        device.hold(held)
        reading = device.read(held.stamp_ns)
        assert reading is not None
        assert reading.deflection[Arm.LEFT].tolist() == [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]
        QTest.keyRelease(window, Qt.Key.Key_D)
        newest(control, qtbot, lambda held: held.keys == ("Shift",))
        QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier)
        assert newest(control, qtbot, lambda held: held.gripper_presses == (1, 0)).stop_presses == 0
        QTest.keyClick(window, Qt.Key.Key_Escape)
        newest(control, qtbot, lambda held: held.stop_presses == 1)
        window.screen_view.episodes.instruction.begin()
        assert newest(control, qtbot, lambda held: held.keys == ()).arm is Arm.LEFT


def test_keys_keep_coming_often_enough_and_the_window_gives_a_sign_of_life(
    session_dir: Path, qtbot: QtBot
):
    endpoint = SessionFolder(session_dir).endpoint("gui")
    with open_window(session_dir), Subscriber([endpoint], [KEYS, HEALTH]) as control:
        qtbot.wait(1600)
        messages = [message for _, message in control.drain()]
        keys = [message for message in messages if isinstance(message, KeysHeld)]
        assert len(keys) >= 25
        assert any(isinstance(message, Health) and message.process == "gui" for message in messages)


def test_a_second_window_leaves_the_keys_to_the_first_and_says_so(session_dir: Path, qtbot: QtBot):
    with open_window(session_dir) as first, open_window(session_dir) as second:
        assert (first.keys.has_keys, second.keys.has_keys) == (True, False)
        assert "Another window" in second.screen_view.toast.text()
    with open_window(session_dir) as third:
        assert third.keys.has_keys


def test_a_screenshot_takes_no_keys_away(session_dir: Path, qtbot: QtBot):
    with open_window(session_dir) as window:
        picture = session_dir / "window.png"
        words = [str(session_dir), "--screenshot", str(picture), "--after", "0.2"]
        main(words)
        assert window.keys.has_keys
        endpoint = SessionFolder(session_dir).endpoint("gui")
        with Subscriber([endpoint], [KEYS]) as control:
            newest(control, qtbot, lambda held: held.keys == ())


def test_changing_the_arm_lets_the_held_keys_go(session_dir: Path, qtbot: QtBot):
    with open_window(session_dir) as window:
        QTest.keyPress(window, Qt.Key.Key_W)
        QTest.keyClick(window, Qt.Key.Key_Tab)
        assert (window.keys.arm, window.keys.held.names) == (Arm.RIGHT, ())


def open_and_close(session_dir: Path, qtbot: QtBot) -> None:
    with open_window(session_dir) as window, fake_session(SessionFolder(session_dir)):
        wait_for(qtbot, lambda: leads(window)[0] is Lead.POLICY)
        window.close()
        assert window.bridge.isFinished()
        assert window.desk.isFinished()


def test_closing_ends_every_thread_and_leaves_no_widget(session_dir: Path, qtbot: QtBot):
    before = set(map(id, QApplication.topLevelWidgets()))
    open_and_close(session_dir, qtbot)
    gc.collect()  # pyqtgraph's menus go with their last reference
    QApplication.processEvents()
    assert [w for w in QApplication.topLevelWidgets() if id(w) not in before] == []


def test_the_most_alert_arm_gives_the_frame_its_colour():
    assert most_alert((Lead.POLICY, Lead.HOLD)) is Lead.HOLD
    assert most_alert((Lead.FAULT, Lead.NO_DATA)) is Lead.FAULT


def test_a_change_flashes_fewer_than_three_times_a_second():
    assert 1000 / (2 * BOX_MS) < 3.0
    assert BOX_TOGGLES * BOX_MS >= 1000


def test_the_program_writes_a_screenshot_and_ends(session_dir: Path, qapp: QApplication):
    picture = session_dir / "window.png"
    assert main([str(session_dir), "--screenshot", str(picture), "--after", "0.3"]) == 0
    assert picture.read_bytes()[:4] == b"\x89PNG"
    qapp.setStyleSheet("")


def test_a_screenshot_that_cannot_be_written_is_one_sentence(session_dir: Path, qapp: QApplication):
    with pytest.raises(SetupError, match="is its folder there"):
        main([str(session_dir), "--screenshot", "/nowhere/w.png", "--after", "0.1"])
    qapp.setStyleSheet("")


def test_a_missing_session_is_one_sentence():
    with pytest.raises(SessionError, match="no session folder"):
        main(["/nowhere/at/all"])


def test_sigterm_closes_the_window_with_exit_code_0(session_dir: Path):
    program = [sys.executable, "-m", "teleop.cli", "gui", str(session_dir)]
    endpoint = SessionFolder(session_dir).endpoint("gui")
    with (
        Subscriber([endpoint], [HEALTH]) as watcher,
        subprocess.Popen(program, env=os.environ, stderr=subprocess.PIPE) as window,
    ):
        assert watcher.poll(20.0)
        window.send_signal(signal.SIGTERM)
        _, errors = window.communicate(timeout=10)
    assert window.returncode == 0, errors
    assert b"Traceback" not in errors
