"""Device profiles on disk: one readable JSON file a device, named after its serial.

A file is replaced whole or not at all. One that cannot be read is set aside as `*.damaged`, so that
nothing of it is lost; the device works with its defaults then, and that is said.
"""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import msgspec

from teleop.device_messages import DeviceProfile
from teleop.errors import SetupError


@dataclass(frozen=True)
class Stored:
    """A device's profile, and what is wrong with its file; empty: nothing."""

    profile: DeviceProfile
    trouble: str = ""


def devices_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where profiles are kept: nudge/devices below $XDG_CONFIG_HOME, or below ~/.config."""
    config = Path(environ.get("XDG_CONFIG_HOME", ""))
    if not config.is_absolute():  # as the XDG base directory specification has it
        config = Path(environ.get("HOME", "/")) / ".config"
    return config / "nudge" / "devices"


def profile_file(folder: Path, serial: str) -> Path:
    """The file of the device with that serial."""
    return folder / f"{quote(serial, safe=' +')}.json"


def read_profile(folder: Path, serial: str, name: str) -> Stored:
    """Return the kept profile of a device, or its defaults if there is none that can be read."""
    path = profile_file(folder, serial)
    plain = DeviceProfile(serial, name)
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=DeviceProfile)
    except FileNotFoundError:
        return Stored(plain)
    except OSError as error:
        return Stored(plain, f"Its settings in {path} cannot be read ({error.strerror}).")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Stored(plain, _set_aside(path, error))
    return Stored(replace(kept, serial=serial, name=name or kept.name))


def _set_aside(path: Path, reason: Exception) -> str:
    aside = path.with_name(path.name + ".damaged")
    said = f"Its settings in {path} are damaged ({reason}): the defaults are used"
    try:
        path.replace(aside)
    except OSError as error:
        return f"{said}, and the file could not be set aside ({error.strerror})."
    return f"{said}, and the file was set aside as {aside.name}; calibrate it again."


def write_profile(folder: Path, profile: DeviceProfile) -> Path:
    """Keep `profile`; the file is whole at every moment.

    Raises:
        SetupError: the folder cannot be written to.
    """
    path = profile_file(folder, profile.serial)
    text = msgspec.json.format(msgspec.json.encode(profile), indent=2) + b"\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
        fresh = Path(name)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SetupError(
            f"The settings of {profile.name or profile.serial} could not be saved to {path}: "
            f"{error.strerror}."
        ) from error
    return path
