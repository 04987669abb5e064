import os
from dataclasses import replace
from pathlib import Path

import pytest

from teleop.device_messages import DeviceProfile, FrameKind, MotionFrame, MotionKind
from teleop.devices.profile_store import (
    devices_folder,
    profile_file,
    read_profile,
    write_profile,
)
from teleop.errors import SetupError
from teleop.messages import Arm

PROFILE = DeviceProfile(
    "4C45/46",
    "SpaceMouse Compact",
    arm=Arm.RIGHT,
    flip=(True, False, False, False, False, True),
    motion=MotionKind.DOMINANT,
    frame=MotionFrame(FrameKind.CAMERA, "wrist_left"),
    yaw_deg=180.0,
    offset=(0.01, 0, 0, 0, 0, 0),
    calibrated="2026-01-02T03:04:05",
)


def test_a_profile_comes_back_as_it_was_kept(tmp_path: Path):
    path = write_profile(tmp_path / "new", PROFILE)
    assert read_profile(tmp_path / "new", "4C45/46", "").profile == PROFILE
    assert b'\n  "yaw_deg": 180.0' in path.read_bytes()  # readable
    assert [file.name for file in path.parent.iterdir()] == ["4C45%2F46.json"]


def test_a_device_that_was_never_set_up_has_the_defaults(tmp_path: Path):
    stored = read_profile(tmp_path, "S1", "SpaceNavigator")
    assert (stored.profile, stored.trouble) == (DeviceProfile("S1", "SpaceNavigator"), "")


@pytest.mark.parametrize(
    "text",
    ["", '{"serial": "S1", "cur', '{"serial": "S1", "curve": 99}', '{"serial": 5}', "\xff\xfe"],
)
def test_a_damaged_file_is_set_aside_and_the_defaults_are_used(tmp_path: Path, text: str):
    path = profile_file(tmp_path, "S1")
    path.write_text(text, encoding="latin-1")
    stored = read_profile(tmp_path, "S1", "SpaceNavigator")
    assert stored.profile == DeviceProfile("S1", "SpaceNavigator")
    assert str(path) in stored.trouble
    assert "defaults" in stored.trouble
    aside = tmp_path / "S1.json.damaged"
    assert aside.read_text(encoding="latin-1") == text
    assert not path.exists()
    assert read_profile(tmp_path, "S1", "").trouble == ""


def test_a_crash_while_saving_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write_profile(tmp_path, PROFILE)

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SetupError, match="No space left"):
        write_profile(tmp_path, replace(PROFILE, curve=2.0))
    assert read_profile(tmp_path, PROFILE.serial, "").profile == PROFILE
    assert len(list(tmp_path.iterdir())) == 1


def test_the_folder_is_where_the_desktop_keeps_settings():
    assert devices_folder({"XDG_CONFIG_HOME": "/c"}) == Path("/c/nudge/devices")
    assert devices_folder({"HOME": "/h"}) == Path("/h/.config/nudge/devices")
    assert devices_folder({"XDG_CONFIG_HOME": "c", "HOME": "/h"}) == Path(
        "/h/.config/nudge/devices"
    )
