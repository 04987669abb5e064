from pathlib import Path

import numpy as np
import pytest

from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceLevel
from teleop.devices.combined import CombinedDevice
from teleop.devices.gamepad import SEARCH_S, Gamepad
from teleop.devices.pad_state import TILT, Axis, Button
from teleop.gestures import read_gesture
from teleop.messages import Arm
from tests.control_parts import MS, FakeDevice
from tests.pad_desk import Desk, desk, pad
from tests.pad_parts import THROTTLE, VirtualPad, plugged

__all__ = ["desk", "pad"]  # fixtures

CONFIG = TakeoverConfig()


def test_without_any_gamepad_there_is_no_reading_and_it_says_so(desk: Desk):
    assert desk.look() is None
    assert desk.seen.level is DeviceLevel.ERROR
    assert "plug one in" in desk.seen.text


def test_where_none_was_asked_for_none_is_missed(tmp_path: Path):
    device = Gamepad(tmp_path, asked=False)
    device.read(1)
    assert device.seen(1) == ()
    device.close()


def test_it_needs_no_display(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")  # of the user's games
    Gamepad(tmp_path).close()


def test_a_gamepad_that_is_plugged_in_later_is_used_within_half_a_second(desk: Desk):
    desk.look()
    with plugged():
        desk.wait(SEARCH_S + 0.01)
        assert desk.read().stamp_ns == desk.now_ns
        assert desk.seen.level is DeviceLevel.OK


@pytest.mark.parametrize(
    ("axis", "share", "row", "sign"),
    [
        (Axis.LEFT_X, 1.0, 0, 1.0),
        (Axis.LEFT_Y, -1.0, 1, 1.0),  # forwards is away
        (Axis.RIGHT_Y, -1.0, 2, 1.0),  # forwards is up
        (Axis.RIGHT_X, 1.0, 5, -1.0),  # to the right turns clockwise, seen from above
    ],
)
def test_a_stick_moves_its_axis_to_the_full(
    desk: Desk, pad: VirtualPad, axis: Axis, share: float, row: int, sign: float
):
    pad.push(axis, share)
    expected = np.zeros((2, 6))
    expected[Arm.LEFT, row] = sign
    assert desk.read().deflection == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("button", "row", "sign"),
    [(Button.UP, 3, -1), (Button.DOWN, 3, 1), (Button.LEFT, 4, -1), (Button.RIGHT, 4, 1)],
)
def test_the_d_pad_tilts_as_the_keys_do(
    desk: Desk, pad: VirtualPad, button: Button, row: int, sign: int
):
    pad.hold(button)
    assert desk.read().deflection[Arm.LEFT, row] == sign * TILT


def test_triggers_at_rest_are_no_deflection_and_no_clutch(desk: Desk, pad: VirtualPad):
    reading = desk.read()
    assert not reading.deflection.any()
    assert reading.clutch == (False, False)


@pytest.mark.parametrize("button", [Button.LEFT_SHOULDER, Button.RIGHT_SHOULDER])
def test_a_shoulder_is_a_clutch_while_it_is_held(desk: Desk, pad: VirtualPad, button: Button):
    pad.hold(button)
    assert desk.read().clutch == (True, False)
    pad.hold(button, down=False)
    assert desk.read().clutch == (False, False)


def test_a_trigger_is_a_clutch_that_does_not_flicker_half_way(desk: Desk, pad: VirtualPad):
    # A virtual trigger goes from -1 to 1, as a real one does before SDL has mapped it.
    pad.push(Axis.RIGHT_TRIGGER, 1.0)
    assert desk.read().clutch[0]
    pad.push(Axis.RIGHT_TRIGGER, 0.0)
    assert desk.read().clutch[0]
    pad.push(Axis.RIGHT_TRIGGER, -0.5)
    assert not desk.read().clutch[0]
    pad.push(Axis.RIGHT_TRIGGER, 0.0)
    assert not desk.read().clutch[0]


def test_gym_hil_18_who_does_not_know_of_the_clutch_is_told_how_to_engage(
    desk: Desk, pad: VirtualPad
):
    pad.push(Axis.LEFT_X, 1.0)
    gesture = read_gesture(desk.read(), desk.now_ns, 0, CONFIG)
    assert gesture.arms[Arm.LEFT].beyond
    assert not gesture.arms[Arm.LEFT].clutch
    assert "shoulder" in desk.seen.text


def test_every_press_counts_also_one_between_two_looks(desk: Desk, pad: VirtualPad):
    pad.tap(Button.A, Button.A, Button.X, Button.Y, Button.B)
    reading = desk.read()
    assert reading.gripper_presses == (2, 0)
    assert (reading.rewind_presses, reading.take_presses) == ((1, 0), (1, 0))
    assert reading.stop_presses == 1


def test_back_moves_the_other_arm_and_only_while_the_pad_is_let_go(desk: Desk, pad: VirtualPad):
    pad.push(Axis.LEFT_X, 1.0)
    desk.read()
    pad.tap(Button.BACK)
    assert desk.read().deflection[Arm.LEFT, 0] == 1.0
    pad.push(Axis.LEFT_X, 0.0)
    pad.hold(Button.LEFT_SHOULDER)
    desk.read()
    pad.tap(Button.BACK)
    assert desk.read().clutch == (True, False)
    pad.hold(Button.LEFT_SHOULDER, down=False)
    desk.read()
    pad.tap(Button.BACK)
    desk.read()
    pad.push(Axis.LEFT_X, 1.0)
    pad.tap(Button.A)
    reading = desk.read()
    assert reading.deflection[:, 0].tolist() == [0.0, 1.0]
    assert reading.gripper_presses == (0, 1)
    assert desk.seen.arm is Arm.RIGHT


def test_lerobot_gamepad_a_clutch_stays_held_while_no_event_arrives(desk: Desk, pad: VirtualPad):
    pad.hold(Button.RIGHT_SHOULDER)
    pad.push(Axis.LEFT_X, 1.0)
    for _ in range(200):
        reading = desk.read()
        assert (reading.clutch, reading.deflection[0, 0]) == ((True, False), 1.0)
        assert reading.stamp_ns == desk.now_ns


def test_pyspacemouse_57_a_flood_of_events_does_not_outlast_the_release(
    desk: Desk, pad: VirtualPad
):
    for count in range(2000):
        pad.push(Axis.LEFT_X, count % 100 / 100)
        pad.hold(Button.LEFT_SHOULDER, down=count % 2 == 0)
        pad.update()
    pad.push(Axis.LEFT_X, 0.0)
    reading = desk.read()
    assert not reading.deflection.any()
    assert reading.clutch == (False, False)


def test_hil_serl_left_right_of_buttons_a_pad_with_32_buttons_and_12_axes_works(desk: Desk):
    with plugged(buttons=32, axes=12) as pad:
        desk.find()
        pad.hold(31)
        pad.push(Axis.LEFT_X, 0.5)
        reading = desk.read()
        assert reading.deflection[0, 0] > 0.3
        assert (reading.gripper_presses, reading.stop_presses) == ((0, 0), 0)


def test_hil_serl_left_right_of_buttons_a_pad_with_two_buttons_and_two_axes_works(desk: Desk):
    with plugged(buttons=2, axes=2) as pad:
        desk.find()
        pad.tap(Button.A, Button.B)
        reading = desk.read()
        assert (reading.gripper_presses, reading.stop_presses) == ((1, 0), 1)


def test_a_joystick_that_is_no_gamepad_moves_nothing(desk: Desk):
    with plugged(kind=THROTTLE):
        desk.wait(2 * SEARCH_S)
        assert desk.look() is None


def test_unplugged_while_it_is_deflected_it_has_not_let_go(desk: Desk, pad: VirtualPad):
    pad.push(Axis.LEFT_X, 1.0)
    pad.hold(Button.LEFT_SHOULDER)
    before = desk.read()
    pad.unplug()  # SDL says "centred, all buttons up" and only then "gone"
    for _ in range(100):
        assert desk.read() is before
    assert before.deflection[0, 0] == 1.0
    assert desk.seen.level is DeviceLevel.ERROR
    assert "unplugged" in desk.seen.text


def test_unplugged_while_deflected_the_arm_holds_beside_a_keyboard_at_rest(
    desk: Desk, pad: VirtualPad
):
    both = CombinedDevice([desk.device, FakeDevice()], CONFIG)
    pad.push(Axis.LEFT_X, 1.0)
    both.read(desk.now_ns + MS)
    pad.unplug()
    late_ns = desk.now_ns + 10_000 * MS
    reading = both.read(late_ns)
    assert reading is not None
    left, right = read_gesture(reading, late_ns, 0, CONFIG).arms
    assert not left.fresh
    assert right.fresh


def test_plugged_in_again_it_resumes_by_itself_and_no_press_is_counted_twice(
    desk: Desk, pad: VirtualPad
):
    pad.tap(Button.A, Button.BACK)
    desk.read()
    pad.unplug()
    desk.wait(0.2)
    pad.plug()
    reading = desk.find()
    assert reading.stamp_ns == desk.now_ns
    assert reading.gripper_presses == (1, 0)
    pad.push(Axis.LEFT_X, -1.0)
    assert desk.read().deflection[:, 0].tolist() == [0.0, pytest.approx(-1.0, abs=1e-3)]


def test_a_stick_that_does_not_come_back_to_its_centre_counts_as_let_go(
    desk: Desk, pad: VirtualPad
):
    for axis in (Axis.LEFT_X, Axis.LEFT_Y):
        pad.push(axis, 0.12)
    gesture = read_gesture(desk.read(), desk.now_ns, 0, CONFIG)
    assert gesture.arms[Arm.LEFT].centred
    assert not gesture.twist.any()


def test_a_push_of_the_stick_takes_over(desk: Desk, pad: VirtualPad):
    pad.push(Axis.LEFT_Y, -0.6)
    assert read_gesture(desk.read(), desk.now_ns, 0, CONFIG).arms[Arm.LEFT].beyond
