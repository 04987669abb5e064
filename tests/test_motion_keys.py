import sys

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from gui.motion_keys import HeldKeys
from gui.pedal_keys import DEFAULTS, PedalAct, PedalKey
from teleop.messages import Arm

W, V, F13, PAGE_UP = Qt.Key.Key_W, Qt.Key.Key_V, Qt.Key.Key_F13, Qt.Key.Key_PageUp

WITH_A_LETTER = {**DEFAULTS, "V": PedalKey(PedalAct.CLUTCH)}


def event(key: Qt.Key, kind: QEvent.Type, repeated: bool) -> QKeyEvent:
    return QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", repeated)


def press(held: HeldKeys, *keys: Qt.Key, repeated: bool = False) -> list[bool]:
    return [held.press(event(key, QEvent.Type.KeyPress, repeated)) for key in keys]


def release(held: HeldKeys, *keys: Qt.Key, repeated: bool = False) -> list[bool]:
    return [held.release(event(key, QEvent.Type.KeyRelease, repeated)) for key in keys]


def test_a_pedal_is_held_from_press_to_release():
    held = HeldKeys()
    assert press(held, F13) == [True]
    assert held.clutches == {"F13": PedalKey(PedalAct.CLUTCH, Arm.LEFT)}
    assert held.names == ()
    assert release(held, F13) == [True]
    assert held.clutches == {}


def test_the_repeats_of_a_held_key_change_nothing():
    held = HeldKeys()
    press(held, W, F13, PAGE_UP)
    held.take_pressed()
    assert press(held, W, F13, PAGE_UP, repeated=True) == [False] * 3
    assert release(held, W, F13, repeated=True) == [False] * 2
    assert (held.names, list(held.clutches), held.take_pressed()) == (("W",), ["F13"], ())


def test_a_press_of_a_pedal_that_is_no_clutch_is_taken_once():
    held = HeldKeys()
    for _ in range(2):
        assert press(held, PAGE_UP) == [True]
        release(held, PAGE_UP)
    assert held.take_pressed() == (DEFAULTS["PageUp"],) * 2
    assert held.take_pressed() == ()
    assert (held.names, held.clutches) == ((), {})


def test_a_key_without_a_meaning_does_nothing():
    held = HeldKeys({})
    assert press(held, F13, V, Qt.Key.Key_T) == [False] * 3


def test_a_text_field_takes_letters_away_and_leaves_the_pedal_held():
    held = HeldKeys(WITH_A_LETTER)
    press(held, W, V, F13)
    assert held.clear()
    assert (held.names, list(held.clutches)) == ((), ["F13"])
    assert not held.clear()


def test_a_change_of_arm_leaves_every_pedal_held():
    held = HeldKeys(WITH_A_LETTER)
    press(held, W, V, F13)
    held.stop_moving()
    assert (held.names, list(held.clutches)) == ((), ["V", "F13"])


def test_when_the_keyboard_goes_all_is_forgotten_and_told_if_there_was_any():
    held = HeldKeys()
    assert not held.lose()
    press(held, F13)
    assert held.lose()
    assert held.clutches == {}


def test_a_repeat_that_qt_takes_for_a_release_and_a_press_lets_nothing_go():
    held = HeldKeys(patient=True)
    press(held, W, F13, PAGE_UP)
    held.take_pressed()
    for key in (W, F13, PAGE_UP):
        release(held, key)
        assert held.unsettled
        assert press(held, key) == [False]
    held.settle()
    assert (held.names, list(held.clutches), held.take_pressed()) == (("W",), ["F13"], ())


def test_a_release_without_a_press_behind_it_counts_when_it_has_settled():
    held = HeldKeys(patient=True)
    press(held, W, F13)
    release(held, W, F13)
    assert (held.names, list(held.clutches)) == (("W",), ["F13"])
    held.settle()
    assert (held.names, held.clutches, held.unsettled) == ((), {}, False)


def test_a_key_that_was_lost_meanwhile_has_nothing_to_settle():
    held = HeldKeys(patient=True)
    press(held, W)
    release(held, W)
    held.lose()
    held.settle()
    assert not held.unsettled


def test_a_key_is_let_go_although_ctrl_went_down_meanwhile():
    held = HeldKeys()
    press(held, W, F13)
    for key in (W, F13):
        held.release(QKeyEvent(QEvent.Type.KeyRelease, key, Qt.KeyboardModifier.ControlModifier))
    assert (held.names, held.clutches) == ((), {})


def test_a_shortcut_is_no_motion_and_no_pedal():
    held = HeldKeys()
    for key in (W, F13):
        pressed = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.ControlModifier)
        assert not held.press(pressed)


@pytest.mark.parametrize("library", ["pynput", "keyboard", "evdev"])
def test_lerobot_3700_keys_need_no_global_hook_so_wayland_and_headless_work(library: str):
    press(HeldKeys(), W)
    assert library not in sys.modules
