"""The doctor finds a SpaceMouse in the kernel's listing and says what keeps it from opening."""

import os
from pathlib import Path

import pytest

from teleop.checks import Outcome
from teleop.checks.spacemouse import RULES, check_hidapi, check_spacemouse, find_pucks


def list_device(root: Path, node: str, hid_id: str, name: str, mode: int = 0o600) -> None:
    folder = root / "sys" / "class" / "hidraw" / node / "device"
    folder.mkdir(parents=True)
    (folder / "uevent").write_text(f"DRIVER=hid-generic\nHID_ID={hid_id}\nHID_NAME={name}\n")
    (root / "dev").mkdir(exist_ok=True)
    (root / "dev" / node).touch()
    (root / "dev" / node).chmod(mode)


def test_of_a_receiver_only_the_pucks_own_interface_counts_and_a_flat_mouse_is_none(tmp_path: Path):
    receiver = "0003:0000256F:0000C652"
    for node, hid_id, usage in (
        ("hidraw0", receiver, 6),
        ("hidraw1", receiver, 8),
        ("hidraw2", "0003:0000256F:0000C651", 2),  # a CadMouse
        ("hidraw3", "0003:0000256F:0000C6FF", 8),  # a puck that nobody knew yet
    ):
        list_device(tmp_path, node, hid_id, node)
        device = tmp_path / "sys/class/hidraw" / node / "device"
        (device / "report_descriptor").write_bytes(bytes([5, 1, 9, usage, 0xA1, 1]))
    assert [puck.name for puck in find_pucks(tmp_path)] == ["hidraw1", "hidraw3"]


def test_a_receiver_without_a_mouse_cannot_be_told_so_the_switch_is_named(tmp_path: Path):
    list_device(tmp_path, "hidraw0", "0003:0000256F:0000C652", "Universal Receiver")
    check = check_spacemouse(tmp_path)
    assert check.outcome is Outcome.OK
    assert "switch the mouse" in check.advice


@pytest.mark.parametrize(
    ("hid_id", "is_puck"),
    [
        ("0003:0000256F:0000C635", True),
        ("0003:0000046D:0000C626", True),
        ("0005:0000256F:0000C638", True),
        ("0003:0000046D:0000C31C", False),
        ("0003:0000046D:0000C62C", False),
    ],
)
def test_a_puck_is_known_by_vendor_and_product(tmp_path: Path, hid_id: str, is_puck: bool):
    list_device(tmp_path, "hidraw0", hid_id, "A Device")
    assert bool(find_pucks(tmp_path)) is is_puck


def test_a_puck_that_may_be_opened_is_fine(tmp_path: Path):
    list_device(tmp_path, "hidraw3", "0003:0000256F:0000C635", "SpaceMouse Compact")
    check = check_spacemouse(tmp_path)
    assert check.outcome is Outcome.OK
    assert check.found == f"SpaceMouse Compact at {tmp_path}/dev/hidraw3"


def test_a_puck_without_permission_comes_with_the_rule_that_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    list_device(tmp_path, "hidraw0", "0003:0000256F:0000C635", "SpaceMouse Compact", 0o000)
    monkeypatch.setattr(os, "access", lambda path, mode: bool(Path(path).stat().st_mode & 0o600))
    check = check_spacemouse(tmp_path)
    assert check.outcome is Outcome.WARN
    assert "no permission" in check.found
    assert RULES in check.advice
    assert "/etc/udev/rules.d/70-spacemouse.rules" in check.advice


def test_no_puck_is_a_warning_that_names_the_keyboard(tmp_path: Path):
    check = check_spacemouse(tmp_path)
    assert check.outcome is Outcome.WARN
    assert "keyboard" in check.advice


def test_a_missing_library_is_a_warning_that_names_the_package():
    check = check_hidapi("libnowhere.so.9")
    assert check.outcome is Outcome.WARN
    assert "libhidapi-hidraw0" in check.advice
