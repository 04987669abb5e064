"""`session.json`: the resolved settings of a session, and what it ran on."""

import os
import platform
from dataclasses import dataclass, field
from importlib import metadata

import msgspec

from teleop import __version__
from teleop.config import SessionConfig
from teleop.errors import SessionError
from teleop.session_folder import SessionFolder

PACKAGES = ("mujoco", "numpy", "torch", "h5py", "pyzmq", "msgspec", "PySide6-Essentials")


@dataclass(frozen=True)
class SessionRecord:
    """What `session.json` holds. Every process of the session reads its settings from it."""

    config: SessionConfig
    started: str  # local time, ISO 8601
    nudge: str = __version__
    python: str = platform.python_version()
    packages: dict[str, str] = field(default_factory=dict[str, str])


def package_versions() -> dict[str, str]:
    """The versions of the packages that a run depends on most; absent ones are left out."""
    found: dict[str, str] = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def write_record(folder: SessionFolder, record: SessionRecord) -> None:
    """Write `session.json` whole or not at all, so that it survives a power cut too."""
    part = folder.config.with_suffix(".part")
    with part.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(record), indent=2))
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder.config)
    handle = os.open(folder.path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_record(folder: SessionFolder) -> SessionRecord:
    """The settings of the session in `folder`.

    Raises:
        SessionError: there is no `session.json`, or it does not hold the settings of this version.
    """
    try:
        return msgspec.json.decode(folder.config.read_bytes(), type=SessionRecord)
    except FileNotFoundError:
        raise SessionError(
            f"{folder.path} is not a session: there is no {folder.config.name} in it. "
            "Start one with `nudge session`."
        ) from None
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise SessionError(
            f"{folder.config} is not readable by this version of Nudge ({error}). "
            "Start a new session, or use the version that wrote it."
        ) from None
