import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceLevel, DeviceReading, DeviceSeen, FrameKind, MotionFrame
from teleop.devices.calibration import LOOK_S
from teleop.devices.combined import CombinedDevice
from teleop.devices.gamepad import SEARCH_S, Gamepad
from teleop.devices.pad_state import TILT, Axis, Button
from teleop.devices.profile_store import read_profile
from teleop.gestures import read_gesture
from teleop.messages import Arm
from tests.control_parts import MS, FakeDevice
from tests.pad_parts import THROTTLE, VirtualPad, plugged

CONFIG = TakeoverConfig()


class Desk:
    """A gamepad device over the real SDL, and time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.device = Gamepad(folder, today=lambda: "2026-01-02T03:04:05")
        self.now_ns = 0

    def look(self) -> DeviceReading | None:
        self.now_ns += 5 * MS
        return self.device.read(self.now_ns)

    def read(self) -> DeviceReading:
        reading = self.look()
        assert reading is not None
        return reading

    def find(self) -> DeviceReading:
        self.now_ns += round(SEARCH_S * 1e9)
        return self.read()

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.005)):
            self.look()

    @property
    def seen(self) -> DeviceSeen:
        (seen,) = self.device.seen(self.now_ns)
        return seen


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.device.close()


@pytest.fixture
def pad(desk: Desk) -> Iterator[VirtualPad]:
    with plugged() as made:
        desk.find()
        yield made


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


def test_a_profile_turns_scales_and_binds_it_and_is_kept(desk: Desk, pad: VirtualPad):
    profile = replace(
        desk.seen.profile,
        arm=Arm.RIGHT,
        flip=(True, *[False] * 5),
        frame=MotionFrame(FrameKind.TOOL),
    )
    assert desk.device.tune(profile).accepted
    pad.push(Axis.LEFT_X, 1.0)
    reading = desk.read()
    assert reading.deflection[:, 0].tolist() == [0.0, pytest.approx(-1.0, abs=1e-3)]
    assert reading.frame == (MotionFrame(), MotionFrame(FrameKind.TOOL))
    assert reading.enter[Arm.RIGHT] > reading.leave[Arm.RIGHT] > reading.enter[Arm.LEFT] == 0.0
    desk.device.close()
    kept = read_profile(desk.folder, profile.serial, "").profile
    assert (kept.arm, kept.flip) == (profile.arm, profile.flip)


def test_the_back_button_of_a_pad_that_is_bound_to_an_arm_does_nothing(desk: Desk, pad: VirtualPad):
    desk.device.tune(replace(desk.seen.profile, arm=Arm.LEFT))
    pad.tap(Button.BACK)
    desk.read()
    assert desk.seen.arm is Arm.LEFT


def test_a_pad_that_is_pushed_gets_no_other_arm(desk: Desk, pad: VirtualPad):
    pad.push(Axis.LEFT_X, 1.0)
    desk.read()
    reply = desk.device.tune(replace(desk.seen.profile, arm=Arm.RIGHT))
    assert not reply.accepted
    assert "go" in reply.reason


def test_a_profile_of_another_device_is_refused(desk: Desk, pad: VirtualPad):
    reply = desk.device.tune(replace(desk.seen.profile, serial="X"))
    assert not reply.accepted
    assert "'X'" in reply.reason


def test_it_is_calibrated_in_three_seconds_with_no_less_than_a_sticks_dead_band(
    desk: Desk, pad: VirtualPad
):
    pad.push(Axis.LEFT_X, 0.1)
    desk.read()
    assert desk.device.calibrate(desk.seen.serial, desk.now_ns).accepted
    desk.wait(LOOK_S / 2)
    assert desk.seen.calibrating == pytest.approx(0.5, abs=0.01)
    desk.wait(LOOK_S / 2 + 0.02)
    profile = desk.seen.profile
    assert desk.seen.calibrating == -1.0
    assert profile.calibrated == "2026-01-02T03:04:05"
    assert profile.offset[0] == pytest.approx(0.1, abs=1e-3)
    assert profile.noise[0] >= 0.04
    assert desk.read().deflection[0, 0] == 0.0


def test_a_calibration_while_it_is_moved_is_refused_with_the_reason(desk: Desk, pad: VirtualPad):
    desk.device.calibrate(desk.seen.serial, desk.now_ns)
    desk.wait(LOOK_S / 2)
    pad.push(Axis.LEFT_X, 0.2)
    desk.wait(LOOK_S / 2 + 0.02)
    assert desk.seen.level is DeviceLevel.WARNING
    assert "let it go" in desk.seen.text
    assert desk.seen.profile.calibrated == ""


def test_a_calibration_ends_with_the_cable_pulled_and_says_so(desk: Desk, pad: VirtualPad):
    desk.device.calibrate(desk.seen.serial, desk.now_ns)
    pad.unplug()
    desk.wait(0.1)
    assert not desk.device.calibrate(desk.seen.serial, desk.now_ns).accepted
    pad.plug()
    desk.find()
    assert "unplugged meanwhile" in desk.seen.text


def test_opening_gamepads_leaves_ctrl_c_and_sigterm_as_they_were(tmp_path: Path):
    program = (
        "import os, sys, pathlib\n"
        "from teleop.devices.gamepad import Gamepad\n"
        "device = Gamepad(pathlib.Path(sys.argv[1]))\n"
        "device.read(1)\n"
        "print('open', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"  # and no greeting of pygame before it
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5.0) == -signal.SIGTERM


def test_a_look_takes_little_of_a_tick(desk: Desk, pad: VirtualPad):
    took: list[float] = []
    for count in range(300):
        pad.push(Axis.LEFT_X, count / 300)
        begun = time.perf_counter()
        desk.read()
        took.append(time.perf_counter() - begun)
    assert sorted(took)[150] < 0.0005
