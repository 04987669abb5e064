"""The list in the real window: the first start waits for it, and only that."""

import logging
from collections.abc import Generator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.action_spec import Intent
from gui.preflight import blocking
from gui.preflight_gate import Gate
from gui.preflight_line import Item, State
from gui.sound.lines import Hearing
from gui.sound.values import Alarm, AlarmKind, Cause
from gui.widgets.alarms import alarm_texts
from gui.widgets.held_press import HOLD_MS
from gui.widgets.preflight import PreflightPanel
from teleop.messages import Arm, Mode, SessionMode
from teleop.order_messages import OrderKind
from tests.gui_parts import Desk, open_desk


@pytest.fixture(scope="module")
def shared(qapp: QApplication) -> Generator[Desk]:
    with open_desk() as desk:
        yield desk


@pytest.fixture
def desk(shared: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A session that rests, before its first motion, with nobody's hand on a puck."""
    shared.window.setFocus(Qt.FocusReason.OtherFocusReason)
    shared.session.steps_hz = 100.0
    shared.session.session_mode = SessionMode.IDLE
    shared.session.modes = (Mode.HOLD, Mode.HOLD)
    shared.session.takeover.profiles.clear()
    preflight = shared.window.preflight
    preflight.panel.hide()
    monkeypatch.setattr("gui.preflight_desk.seen", lambda gate, view: gate)
    preflight.gate = Gate()
    monkeypatch.setattr("gui.preflight.FRAME_STALE_S", 10.0)  # a busy machine is not the matter
    monkeypatch.setattr("gui.preflight.BEHIND_MS", 10_000.0)
    mode = shared.window.screen_view.episodes.mode
    shared.until(lambda: mode.text() == "idle" and blocking(preflight.lines) == ())
    shared.session.orders.clear()
    # Caught before they leave: whether control answers in time is not the matter here.
    monkeypatch.setattr(shared.window.desk, "ask", shared.session.orders.append)
    return shared


def panel(desk: Desk) -> PreflightPanel:
    return desk.window.preflight.panel


def sent(desk: Desk) -> list[OrderKind]:
    return [order.kind for order in desk.session.orders]


def test_f5_shows_the_list_and_f5_again_starts(desk: Desk):
    desk.press(Qt.Key.Key_F5)
    assert panel(desk).isVisible()
    assert "F5 again: start." in panel(desk).next.text()
    assert sent(desk) == []
    desk.press(Qt.Key.Key_F5)
    desk.until(lambda: sent(desk) == [OrderKind.START])
    assert not panel(desk).isVisible()


def test_a_demonstration_is_asked_about_with_its_own_key(desk: Desk):
    desk.press(Qt.Key.Key_F8)
    assert panel(desk).demonstrate.isVisible() and not panel(desk).start.isVisible()
    desk.press(Qt.Key.Key_F8)
    desk.until(lambda: [order.text for order in desk.session.orders] == ["teleop"])


def test_a_second_start_is_never_asked_about(desk: Desk):
    desk.press(Qt.Key.Key_F5, Qt.Key.Key_F5, Qt.Key.Key_F5)
    desk.until(lambda: sent(desk) == [OrderKind.START] * 2)
    assert not panel(desk).isVisible()


def block(desk: Desk) -> None:
    desk.session.session_mode = SessionMode.STOPPED
    line = desk.window.preflight
    desk.until(lambda: line.lines[0].state is State.BLOCKS)


def test_what_blocks_is_overridden_only_by_holding_and_is_noted(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("gui.widgets.held_press.HOLD_MS", HOLD_MS // 10)
    block(desk)
    desk.press(Qt.Key.Key_F5, Qt.Key.Key_F5)
    assert sent(desk) == [] and panel(desk).isVisible()
    assert not panel(desk).start.isEnabled()
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyPress(desk.window, Qt.Key.Key_F9, control)
    QTest.keyRelease(desk.window, Qt.Key.Key_F9, control)
    QTest.qWait(HOLD_MS // 8)
    assert sent(desk) == []  # a tap is not enough
    with caplog.at_level(logging.WARNING, logger="nudge.gui"):
        QTest.keyPress(desk.window, Qt.Key.Key_F9, control)
        desk.until(lambda: sent(desk) == [OrderKind.START])
        QTest.keyRelease(desk.window, Qt.Key.Key_F9, control)
    assert "START was forced" in caplog.text and "Stop: stopped" in caplog.text


@pytest.mark.slow
def test_the_stop_is_released_while_the_list_is_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("gui.widgets.held_press.HOLD_MS", HOLD_MS // 10)
    block(desk)
    desk.press(Qt.Key.Key_F5)
    desk.until(lambda: desk.window.screen_view.episodes.release.isEnabled())
    QTest.keyPress(desk.window, Qt.Key.Key_F9)
    desk.until(lambda: sent(desk) == [OrderKind.RELEASE_STOP])
    QTest.keyRelease(desk.window, Qt.Key.Key_F9)
    desk.session.session_mode = SessionMode.IDLE
    desk.until(lambda: panel(desk).rows[Item.STOP].value.text() == "released")


@pytest.mark.parametrize(
    ("key", "kind"), [(Qt.Key.Key_Escape, OrderKind.STOP), (Qt.Key.Key_Space, OrderKind.HOLD)]
)
def test_the_list_never_stands_between_the_operator_and_a_stop(
    desk: Desk, key: Qt.Key, kind: OrderKind
):
    desk.press(Qt.Key.Key_F5, key)
    desk.until(lambda: sent(desk) == [kind])


def test_the_list_can_be_opened_at_any_time_and_closed(desk: Desk):
    desk.window.do(Intent.PREFLIGHT)
    assert panel(desk).isVisible()
    desk.window.do(Intent.PREFLIGHT)
    assert not panel(desk).isVisible()
    QTest.keyPress(desk.window, Qt.Key.Key_F9, Qt.KeyboardModifier.ControlModifier)
    assert panel(desk).anyway.press.progress == 0.0  # nothing is forced that is not in sight
    QTest.keyRelease(desk.window, Qt.Key.Key_F9, Qt.KeyboardModifier.ControlModifier)


def test_a_missing_sound_is_an_amber_chip_and_the_test_asks(desk: Desk):
    desk.window.do(Intent.PREFLIGHT)
    row = panel(desk).rows[Item.SOUND]
    assert row.value.text().startswith("no sound")
    assert row.state.property("level") == "warning"
    child = desk.window.speaker.child
    child.hearing = Hearing(True, "pulse")
    desk.window.do(Intent.SOUND_TEST)
    assert panel(desk).sound[Intent.SOUND_HEARD].isVisible()
    desk.window.do(Intent.SOUND_HEARD)
    assert row.value.text() == "heard" and not row.state.property("level")
    child.hearing = Hearing(False, "gone")


def test_nothing_of_the_list_is_clipped(desk: Desk):
    block(desk)
    desk.window.do(Intent.PREFLIGHT)
    shown = panel(desk)
    QTest.qWait(1)
    assert shown.minimumSizeHint().height() <= shown.height()
    labels = [label for row in shown.rows.values() for label in row.labels]
    assert all(label.heightForWidth(label.width()) <= label.height() + 1 for label in labels)


def test_the_bar_of_the_alarms_says_what_is_wrong_and_how_to_silence_it(desk: Desk):
    desk.session.session_mode = SessionMode.ROLLOUT
    screen = desk.window.screen_view
    alarm = Alarm(Cause(AlarmKind.POLICY, Arm.LEFT, "The policy is silent."), 1, 1)
    buttons = screen.episodes.geometry()
    assert not screen.alarms.isVisible()
    screen.show_alarms((alarm,))
    assert screen.alarms.isVisible() and screen.alarms.button.isVisible()
    assert screen.alarms.lines[0].text() == "■ ALARM  LEFT: The policy is silent."
    assert screen.episodes.geometry() == buttons
    screen.show_alarms(())
    assert not screen.alarms.isVisible()


@pytest.mark.slow
def test_a_robot_that_falls_silent_rings_until_n_is_pressed(desk: Desk):
    desk.session.session_mode = SessionMode.ROLLOUT
    mode = desk.window.screen_view.episodes.mode
    desk.until(lambda: mode.text() == "rollout")
    bar = desk.window.screen_view.alarms
    desk.session.steps_hz = 1e-6
    desk.until(bar.isVisible)
    assert "Control is silent" in bar.lines[0].text()
    assert desk.window.speaker._alarm
    desk.press(Qt.Key.Key_N)
    desk.until(lambda: not desk.window.speaker._alarm)
    assert bar.isVisible() and not bar.button.isVisible()
    assert bar.lines[0].text().endswith("(silenced)")


def test_the_same_alarm_of_both_arms_is_one_line():
    text = "The policy is silent."
    left, right = (Alarm(Cause(AlarmKind.POLICY, arm, text), 1, 1) for arm in Arm)
    assert alarm_texts((left, right)) == ["■ ALARM  BOTH ARMS: The policy is silent."]
    silenced = replace(left, acknowledged=True)
    assert alarm_texts((silenced, right)) == [
        "■ ALARM  RIGHT: The policy is silent.",
        "■ ALARM  LEFT: The policy is silent.  (silenced)",
    ]
