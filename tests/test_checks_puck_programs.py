"""The doctor names another program at the SpaceMouse, and how to end it."""

from pathlib import Path

from teleop.checks import Check, Outcome
from teleop.checks.puck_programs import check_puck_programs
from tests.test_checks_spacemouse import list_device


def run_program(root: Path, pid: int, name: str, command: str, opened: str = "") -> None:
    process = root / "proc" / str(pid)
    (process / "fd").mkdir(parents=True)
    (process / "comm").write_text(name + "\n")
    (process / "cmdline").write_text(command.replace(" ", "\0"))
    if opened:
        (process / "fd" / "7").symlink_to(opened)


def warned(check: Check) -> str:
    assert check.outcome is Outcome.WARN
    return f"{check.found} | {check.advice}"


def test_nobody_else_is_fine_and_a_session_of_ours_is_nobody_else(tmp_path: Path):
    list_device(tmp_path, "hidraw0", "0003:0000256F:0000C635", "SpaceMouse Compact")
    run_program(tmp_path, 10, "python", "python /bin/nudge control", "/dev/hidraw0")
    run_program(tmp_path, 11, "blender", "blender", "/dev/hidraw9")
    assert check_puck_programs(tmp_path).outcome is Outcome.OK


def test_another_program_that_has_the_puck_open_is_named(tmp_path: Path):
    list_device(tmp_path, "hidraw0", "0003:0000256F:0000C635", "SpaceMouse Compact")
    run_program(tmp_path, 11, "blender", "blender", "/dev/hidraw0")
    said = warned(check_puck_programs(tmp_path))
    assert "blender (process 11) has" in said
    assert "hidraw0 open" in said
    assert "end blender" in said


def test_spacenavd_is_named_with_the_command_that_ends_it(tmp_path: Path):
    run_program(tmp_path, 12, "spacenavd", "/usr/bin/spacenavd")
    said = warned(check_puck_programs(tmp_path))
    assert "spacenavd (process 12) is running" in said
    assert "systemctl disable --now spacenavd" in said


def test_another_program_that_steals_the_reports_is_named(tmp_path: Path):
    devices = tmp_path / "sys/bus/usb/devices"
    (devices / "1-2:1.0").mkdir(parents=True)
    (devices / "1-2").mkdir()
    for name, value in {
        "idVendor": "256f",
        "idProduct": "c635",
        "busnum": "1",
        "devnum": "9",
    }.items():
        (devices / "1-2" / name).write_text(value + "\n")
    (devices / "1-2:1.0" / "driver").symlink_to("../../../../bus/usb/drivers/usbfs")
    run_program(tmp_path, 13, "robosuite", "python demo.py", "/dev/bus/usb/001/009")
    said = warned(check_puck_programs(tmp_path))
    assert "robosuite (process 13) has taken the SpaceMouse Compact from the kernel" in said
    assert "End robosuite" in said


def test_programs_that_may_not_be_looked_into_are_passed_over(tmp_path: Path):
    list_device(tmp_path, "hidraw0", "0003:0000256F:0000C635", "SpaceMouse Compact")
    (tmp_path / "proc/14").mkdir(parents=True)
    assert check_puck_programs(tmp_path).outcome is Outcome.OK
