import os
import subprocess
import sys
from pathlib import Path

import pytest

from teleop.cli_options import parse
from teleop.errors import SetupError
from teleop.process_tree import session_programs
from teleop.session import SessionOptions, wants_window
from teleop.session_claim import claimed
from teleop.session_folder import SessionFolder


def nudge(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "teleop.cli", *words],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=50,
        check=False,
    )


def without_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def test_every_setting_of_a_session_is_an_option():
    words = ["--session", "here", "--rate-hz", "200", "--cell.seed", "7", "--device", "scripted"]
    options = parse(SessionOptions, words, prog="nudge session", description="")
    assert options.session == Path("here")
    assert (options.config.rate_hz, options.config.cell.seed) == (200.0, 7)
    assert options.config.device == "scripted"


def test_a_window_that_was_asked_for_needs_a_screen(monkeypatch: pytest.MonkeyPatch):
    without_screen(monkeypatch)
    assert not wants_window(SessionOptions())
    with pytest.raises(SetupError, match=r"no screen.*DISPLAY"):
        wants_window(SessionOptions(window=True))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert wants_window(SessionOptions(window=True))


def test_the_window_opens_where_there_is_a_screen_unless_it_is_not_wanted(
    monkeypatch: pytest.MonkeyPatch,
):
    without_screen(monkeypatch)
    monkeypatch.setenv("DISPLAY", ":7")
    assert wants_window(SessionOptions())
    assert not wants_window(SessionOptions(headless=True))


def test_nobody_is_less_nice_than_control_and_only_the_window_may_leave():
    programs = session_programs(SessionFolder(Path("/s")), ["top"], window=True)
    named = {program.name: program for program in programs}
    assert set(named) == {"control", "recorder", "camera_top", "policy", "learner", "gui"}
    assert named["control"].niceness == 0
    assert [one.name for one in programs if not one.restart_when_done] == ["gui"]
    assert all("--exercise" not in program.arguments for program in programs)


def test_a_second_session_on_a_folder_is_one_sentence_and_exit_code_1(session_dir: Path):
    with claimed(session_dir):
        done = nudge("session", "--session", str(session_dir))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("nudge: Another session")
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written_is_one_sentence_and_exit_code_1():
    done = nudge("session", "--session", "/proc/nowhere")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_checkpoint_that_is_missing_ends_the_session_with_its_sentence(session_dir: Path):
    done = nudge("session", "--session", str(session_dir), "--policy", "/nowhere", "--headless")
    assert done.returncode == 1
    assert "No policy at '/nowhere'" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


NO_OPENGL = """
import ctypes, ctypes.util
load, find = ctypes.CDLL.__init__, ctypes.util.find_library
def refuse(self, name, *rest, **named):
    if any(part in str(name) for part in ("EGL", "libGL", "OpenGL")):
        raise OSError(f"{name}: cannot open shared object file")
    load(self, name, *rest, **named)
ctypes.CDLL.__init__ = refuse
ctypes.util.find_library = lambda name: None if name in ("EGL", "GL", "OpenGL") else find(name)
"""


def test_a_camera_without_opengl_says_what_to_install(session_dir: Path):
    (session_dir / "sitecustomize.py").write_text(NO_OPENGL)
    (session_dir / "session.json").write_text('{"config": {}, "started": ""}')
    done = nudge("camera", str(session_dir), "--camera", "close_front", PYTHONPATH=str(session_dir))
    assert done.returncode == 1
    assert "libegl1" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
