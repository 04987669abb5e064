"""How loud, and what else than alarms may be heard: one readable file for each user."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from teleop.config import require
from teleop.devices.profile_store import devices_folder
from teleop.errors import SetupError

FILE = "sound.json"


@dataclass(frozen=True)
class SoundSettings:
    """What the operator may choose; alarms are not among it.

    Raises:
        ConfigError: the volume is out of its range.
    """

    volume: float = 0.7
    """of the tones, 0 to 1; alarms are never below 0.6"""
    chatter: bool = True
    """tones for changes that somebody commanded"""
    voice: bool = False
    """words for rare events, where a program of the system can speak"""

    def __post_init__(self) -> None:
        require("volume", self.volume, 0.0, 1.0, "of full volume")


def settings_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Where they are kept: nudge/sound.json below $XDG_CONFIG_HOME, or below ~/.config."""
    return devices_folder(environ).parent / FILE


def read_settings(path: Path) -> SoundSettings:
    """Return what is kept; where nothing can be read, the defaults: sound must not fail."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=SoundSettings)
    except (OSError, msgspec.DecodeError, ValueError):
        return SoundSettings()


def keep_settings(path: Path, settings: SoundSettings) -> None:
    """Write the file anew.

    Raises:
        SetupError: it cannot be written.
    """
    whole = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        whole.write_bytes(msgspec.json.format(msgspec.json.encode(settings)) + b"\n")
        whole.replace(path)
    except OSError as error:
        raise SetupError(
            f"The settings of the sound cannot be kept in {path} ({error.strerror}); they count "
            "until the window is closed."
        ) from error
