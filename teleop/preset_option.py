"""`--preset NAME|FILE` of a command line: its settings are the defaults of all other flags."""

from collections.abc import Sequence

from teleop.config import SessionConfig
from teleop.presets import find_preset, presets_folder, read_preset

FLAG = "--preset"


def preset_words(arguments: Sequence[str]) -> str:
    """Return what the last `--preset` of a command line names; empty: there is none."""
    words = ""
    for place, argument in enumerate(arguments):
        if argument == FLAG and place + 1 < len(arguments):
            words = arguments[place + 1]
        elif argument.startswith(f"{FLAG}="):
            words = argument.removeprefix(f"{FLAG}=")
    return words


def preset_config(arguments: Sequence[str]) -> SessionConfig:
    """Return the settings that a command line starts from: of its preset, or the defaults.

    Raises:
        ConfigError: there is no such preset, or something in it is wrong.
    """
    words = preset_words(arguments)
    return read_preset(find_preset(words, presets_folder())).config if words else SessionConfig()
