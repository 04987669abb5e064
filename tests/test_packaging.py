"""The wheel carries everything, the lock pins everything, and the doctor knows every package."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from teleop import __version__
from teleop.checks.software import PACKAGES

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def plain(name: str) -> str:
    """Return a distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", name, maxsplit=1)[0]).lower()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names inside a wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob(f"nudge_teleop-{__version__}-*.whl")
    return set(zipfile.ZipFile(path).namelist())


def test_the_wheel_carries_the_four_packages_and_nothing_else(wheel: set[str]):
    tops = {name.split("/")[0] for name in wheel}
    assert tops == {
        "teleop", "gui", "recorder", "learner", f"nudge_teleop-{__version__}.dist-info"
    }  # fmt: skip
    modules = {
        str(path.relative_to(ROOT))
        for package in ("teleop", "gui", "recorder", "learner")
        for path in (ROOT / package).rglob("*.py")
    }
    assert modules <= wheel


def test_the_wheel_carries_every_asset(wheel: set[str]):
    assets = (path for path in (ROOT / "assets").rglob("*") if path.is_file())
    assert {f"teleop/_assets/{path.relative_to(ROOT / 'assets')}" for path in assets} <= wheel


def test_the_lock_pins_every_dependency_exactly():
    lines = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if line]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    pinned = {plain(line) for line in lines}
    extras = PROJECT["optional-dependencies"]
    wanted = {*PROJECT["dependencies"], *extras["dev"], *extras["formats"]}
    own = {plain(PROJECT["name"])}  # an extra that takes another one in names the project itself
    assert {plain(line) for line in wanted} - own <= pinned


def test_the_doctor_looks_for_every_dependency():
    wanted = {plain(line) for line in PROJECT["dependencies"]}
    assert {plain(distribution) for _, distribution in PACKAGES} == wanted


def test_missing_system_packages_are_named_with_the_command_for_who_is_not_root(tmp_path: Path):
    for name, says in (("dpkg-query", "installed xvfb, "), ("id", "1000")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho '{says}'\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        [ROOT / "tools" / "system-packages"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "sudo apt-get update && sudo apt-get install" in done.stdout
    assert " libegl1 " in done.stdout
    assert "xvfb" not in done.stdout
