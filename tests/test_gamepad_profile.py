import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from teleop.device_messages import DeviceLevel, FrameKind, MotionFrame
from teleop.devices.calibration import LOOK_S
from teleop.devices.pad_state import Axis, Button
from teleop.devices.profile_store import read_profile
from teleop.messages import Arm
from tests.pad_desk import Desk, desk, pad
from tests.pad_parts import VirtualPad

__all__ = ["desk", "pad"]  # fixtures


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
