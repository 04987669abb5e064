"""Python, the packages and the files that ship with the program."""

import importlib.metadata
import importlib.util
import sys
from pathlib import Path

from teleop.assets import assets_folder
from teleop.checks import Check, Outcome

MINIMUM_PYTHON = (3, 11)

# Import name and distribution of every runtime dependency in pyproject.toml.
PACKAGES: tuple[tuple[str, str], ...] = (
    ("daqp", "daqp"),
    ("h5py", "h5py"),
    ("mink", "mink"),
    ("msgspec", "msgspec"),
    ("mujoco", "mujoco"),
    ("numpy", "numpy"),
    ("PySide6", "PySide6-Essentials"),
    ("pyqtgraph", "pyqtgraph"),
    ("pygame", "pygame"),
    ("pyspacemouse", "pyspacemouse"),
    ("zmq", "pyzmq"),
    ("rich", "rich"),
    ("ruckig", "ruckig"),
    ("safetensors", "safetensors"),
    ("simplejpeg", "simplejpeg"),
    ("superqt", "superqt"),
    ("tomlkit", "tomlkit"),
    ("torch", "torch"),
    ("tyro", "tyro"),
)
REINSTALL = "Run `make setup` in the checkout, or `pip install --upgrade nudge-teleop`."


def check_python(version: tuple[int, int, int] = sys.version_info[:3]) -> Check:
    """Check that the interpreter is new enough."""
    found = f"{'.'.join(map(str, version))} ({sys.executable})"
    if version < MINIMUM_PYTHON:
        return Check("Python", Outcome.FAIL, found, "Install Python 3.11 or later.")
    return Check("Python", Outcome.OK, found)


def check_packages(packages: tuple[tuple[str, str], ...] = PACKAGES) -> Check:
    """Check that every package can be found, without importing any of them."""
    versions: list[str] = []
    missing: list[str] = []
    for module, distribution in packages:
        if importlib.util.find_spec(module) is None:
            missing.append(distribution)
        else:
            versions.append(f"{distribution} {_version(distribution)}")
    if missing:
        return Check("Packages", Outcome.FAIL, f"missing: {', '.join(missing)}", REINSTALL)
    return Check("Packages", Outcome.OK, ", ".join(versions))


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "(no version)"


def check_qt_version(version: str | None = None, python: tuple[int, int] | None = None) -> Check:
    """Check for the one known bad pair: PySide6 6.12.0 aborts below Python 3.12."""
    version = _version("PySide6-Essentials") if version is None else version
    if version == "6.12.0" and (python or sys.version_info[:2]) < (3, 12):
        advice = "It aborts on Python 3.11. Run `pip install PySide6-Essentials==6.11.3`."
        return Check("PySide6", Outcome.FAIL, version, advice)
    return Check("PySide6", Outcome.OK, version)


def check_assets(folder: Path | None = None) -> Check:
    """Check that the base policy lies where the program will look for it."""
    folder = assets_folder() if folder is None else folder
    policies = sorted((folder / "policies").glob("**/*.safetensors"))
    if not policies:
        return Check("Base policy", Outcome.FAIL, f"none in {folder / 'policies'}", REINSTALL)
    names = ", ".join(f"{path.name} ({path.stat().st_size / 1e6:.1f} MB)" for path in policies)
    return Check("Base policy", Outcome.OK, names)
