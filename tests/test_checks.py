"""The doctor's checks of software, drawing and machine."""

from pathlib import Path

import pytest

from teleop.checks import Outcome, drawing, machine, software

OK, WARN, FAIL = Outcome.OK, Outcome.WARN, Outcome.FAIL


def test_python_must_be_3_11():
    assert software.check_python().outcome is OK
    assert software.check_python((3, 10, 9)).outcome is FAIL


def test_a_missing_package_is_named():
    assert software.check_packages().outcome is OK
    check = software.check_packages((("nowhere_at_all", "nowhere"), ("zmq", "pyzmq")))
    assert check.outcome is FAIL
    assert check.found == "missing: nowhere"


@pytest.mark.parametrize(
    ("version", "python", "outcome"),
    [("6.12.0", (3, 11), FAIL), ("6.12.0", (3, 12), OK), ("6.11.3", (3, 11), OK)],
)
def test_the_qt_that_aborts_on_python_3_11_is_refused(version, python, outcome):
    assert software.check_qt_version(version, python).outcome is outcome


def test_the_base_policy_must_be_there(tmp_path: Path):
    assert software.check_assets(tmp_path).outcome is FAIL
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "base.safetensors").write_bytes(b"0" * 200_000)
    check = software.check_assets(tmp_path)
    assert check.outcome is OK
    assert check.found == "base.safetensors (0.2 MB)"


def test_mujoco_renders_here():
    check = drawing.check_rendering()
    assert check.outcome is OK, check
    assert "mujoco" in check.found


def test_qt_starts_here_and_the_missing_screen_is_said():
    check = drawing.check_window(environ={})
    assert check.outcome is WARN, check
    assert "offscreen" in check.found


@pytest.mark.parametrize(
    ("program", "found"),
    [
        ("import os; os.abort()", "the trial ended with code -6"),
        (
            "raise ImportError('libEGL.so.1: no such file')",
            "ImportError: libEGL.so.1: no such file",
        ),
        ("import time; time.sleep(60)", "no answer within"),
    ],
)
def test_a_trial_that_dies_or_hangs_is_only_a_failed_check(monkeypatch, program, found):
    monkeypatch.setattr(drawing, "TIME_LIMIT_S", 1.0)
    check = drawing.check_rendering(program)
    assert check.outcome is FAIL
    assert found in check.found
    assert "libegl1" in check.advice


def test_a_folder_that_does_not_exist_yet_is_judged_by_the_one_above(tmp_path: Path):
    assert machine.check_sessions_folder(tmp_path / "new" / "newer").outcome is OK
    (tmp_path / "file").touch()
    assert machine.check_sessions_folder(tmp_path / "file" / "new").outcome is FAIL
    assert machine.check_sessions_folder(Path("/proc/nowhere")).outcome is FAIL


@pytest.mark.parametrize(("free", "outcome"), [(5e8, FAIL), (5e9, WARN), (5e10, OK)])
def test_a_full_disk_fails_and_a_small_one_warns(monkeypatch, tmp_path: Path, free, outcome):
    usage = type("Usage", (), {"free": free})
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda path: usage)
    assert machine.check_disk(tmp_path / "new").outcome is outcome


@pytest.mark.parametrize(
    ("cores", "load", "outcome"), [(1, 0.0, WARN), (2, 0.5, OK), (2, 2.5, WARN), (8, 2.5, OK)]
)
def test_few_cores_or_a_busy_machine_warn(cores, load, outcome):
    assert machine.check_processor(cores, load).outcome is outcome


def test_scheduling_is_as_it_was_after_the_trial(monkeypatch: pytest.MonkeyPatch):
    before = machine.os.sched_getscheduler(0)
    assert machine.check_priority().outcome in (OK, WARN)
    assert machine.os.sched_getscheduler(0) == before


def test_no_right_to_real_time_priority_warns(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machine, "may_run_ahead", lambda: False)
    check = machine.check_priority()
    assert check.outcome is WARN
    assert "rtprio" in check.advice
