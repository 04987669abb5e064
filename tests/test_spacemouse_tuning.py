"""Profiles, calibration and drift on a live puck, through the real hidapi."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceLevel, DeviceProfile, FrameKind, MotionFrame
from teleop.devices.profile_store import profile_file, read_profile
from teleop.rig.pucks import VirtualUsb
from tests.rig.client import ClientProcess, age_s
from tests.rig.present import needs_virtual_pucks

pytestmark = needs_virtual_pucks


@pytest.fixture
def usb() -> Iterator[VirtualUsb]:
    with VirtualUsb() as usb:
        yield usb


def test_a_calibration_takes_three_seconds_and_is_kept_for_the_serial(
    usb: VirtualUsb, tmp_path: Path
):
    folder = tmp_path / "nudge/devices"
    puck = usb.plug(serial="A")
    with ClientProcess(usb, folder=tmp_path) as client:
        client.wait_for_look()
        assert "never calibrated" in client.seen()["A"].text
        puck.push(x=28, rz=7)  # it rests askew, and says so all the time
        time.sleep(0.1)
        assert client.calibrate("A") == ""
        began = time.monotonic()
        client.until_seen("A", lambda told: 0.1 < told.calibrating < 0.9)
        told = client.until_seen("A", lambda told: told.calibrating < 0.0)
        assert 2.8 < time.monotonic() - began < 4.0
        assert told.profile.offset == pytest.approx((0.08, 0, 0, 0, 0, -0.02))
        assert (told.level, told.text) == (
            DeviceLevel.OK,
            "SpaceMouse Compact at /dev/hidraw0.",
        )
        client.until(lambda seen: seen.deflection[0] == [0.0] * 6 and age_s(seen) < 0.05)
    kept = read_profile(folder, "A", "").profile
    assert kept == told.profile
    assert kept.calibrated


def test_a_calibration_is_refused_when_the_puck_is_moved_meanwhile(usb: VirtualUsb):
    puck = usb.plug(serial="A")
    with ClientProcess(usb) as client:
        client.wait_for_look()
        assert "No SpaceMouse" in client.calibrate("B")
        client.calibrate("A")
        time.sleep(0.2)
        puck.push(y=100)
        time.sleep(0.1)
        puck.push()
        told = client.until_seen("A", lambda told: told.calibrating < 0.0)
        assert told.level is DeviceLevel.WARNING
        assert "moved meanwhile" in told.text
        assert told.profile == DeviceProfile("A", "SpaceMouse Compact")


def test_a_profile_acts_at_once_and_is_kept(usb: VirtualUsb, tmp_path: Path):
    puck = usb.plug(serial="A")
    profile = DeviceProfile("A", sensitivity=(1, 0.5, 1, 1, 1, 1), yaw_deg=180.0)
    with ClientProcess(usb, folder=tmp_path) as client:
        puck.push(y=-350)  # away from the operator
        client.until(lambda seen: seen.deflection[0][1] == 1.0)
        assert client.tune(profile) == ""
        seen = client.until(lambda seen: seen.deflection[0][1] == pytest.approx(-0.5))
        assert seen.frames == ["world", "world"]
        client.tune(replace(profile, frame=MotionFrame(FrameKind.TOOL)))
        seen = client.until(lambda seen: seen.deflection[0][1] == pytest.approx(0.5))
        assert seen.frames == ["tool", "world"]
        assert "serial" in client.tune(DeviceProfile("B"))
    kept = read_profile(tmp_path / "nudge/devices", "A", "").profile
    assert kept.frame == MotionFrame(FrameKind.TOOL)


def test_a_damaged_file_of_settings_is_said_and_the_puck_works(usb: VirtualUsb, tmp_path: Path):
    path = profile_file(tmp_path / "nudge/devices", "A")
    path.parent.mkdir(parents=True)
    path.write_text('{"serial": "A", "yaw')
    puck = usb.plug(serial="A")
    with ClientProcess(usb, folder=tmp_path) as client:
        puck.push(x=350)
        client.until(lambda seen: seen.deflection[0][0] == 1.0)
        told = client.seen()["A"]
        assert told.level is DeviceLevel.WARNING
        assert "damaged" in told.text and str(path) in told.text


def test_drift_is_reported_and_a_centre_beyond_leave_moves_nothing(usb: VirtualUsb):
    config = TakeoverConfig()
    puck = usb.plug(serial="A")
    with ClientProcess(usb) as client:
        client.wait_for_look()
        puck.push(x=350)
        client.until(lambda seen: seen.deflection[0][0] == 1.0)
        puck.push(x=35)  # let go, and it sticks at a tenth, beyond `leave`
        client.until(lambda seen: config.leave < seen.deflection[0][0] < config.enter)
        seen = client.until(lambda seen: seen.deflection[0][0] == 0.0, within_s=3.0)
        assert age_s(seen) < config.stale_s  # a fresh reading: the arm is handed back
        told = client.seen()["A"]
        assert told.level is DeviceLevel.WARNING
        assert told.drift == pytest.approx(0.1)
        assert "wandered by 10%" in told.text
        puck.push(x=175)
        client.until(lambda seen: seen.deflection[0][0] == 0.5)
