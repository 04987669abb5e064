"""Presets: named settings in files that a person can read and edit, and that a session starts from.

`~/.config/nudge/presets/NAME.toml` holds what differs from the defaults, each value with its unit,
range and meaning beside it:

    [limits]
    linear_speed = 0.1  # m/s, 0.001 to 1: fastest that a tool may move; default 0.15
"""

from dataclasses import dataclass
from pathlib import Path
from re import fullmatch

import tomlkit
from tomlkit.items import Item, Table
from tomlkit.toml_document import TOMLDocument

from teleop.config import SessionConfig
from teleop.devices.profile_store import devices_folder
from teleop.errors import ConfigError, SetupError
from teleop.preset_text import read_settings
from teleop.settings_fields import (
    Kind,
    Setting,
    Value,
    differences,
    range_text,
    value_of,
    value_text,
)

SUFFIX = ".toml"
NAME = r"[\w][\w .-]{0,59}"  # a file's name on every system
HEAD = (
    "Settings of Nudge. What is not named here is as by default.",
    "Start a session with them: nudge session --preset {name}",
)


@dataclass(frozen=True)
class Preset:
    """Settings by name."""

    name: str
    path: Path
    config: SessionConfig


def presets_folder() -> Path:
    """Where presets are kept: nudge/presets below $XDG_CONFIG_HOME, or below ~/.config."""
    return devices_folder().parent / "presets"


def preset_names(folder: Path) -> tuple[str, ...]:
    """Return the names of the presets in `folder`, which need not be there, in order."""
    return tuple(sorted(path.stem for path in folder.glob(f"*{SUFFIX}")))


def name_objection(name: str) -> str:
    """Return why a preset cannot bear `name`; empty: it can."""
    if fullmatch(NAME, name):
        return ""
    return "A preset's name begins with a letter or digit and has letters, digits, space . - or _."


def preset_path(name: str, folder: Path) -> Path:
    """Return the file of the preset `name`.

    Raises:
        ConfigError: no preset can have that name.
    """
    if why := name_objection(name):
        raise ConfigError(f"'{name}': {why}")
    return folder / f"{name}{SUFFIX}"


def find_preset(words: str, folder: Path) -> Path:
    """Return the file that `words` mean: a path, or the name of a preset in `folder`.

    Raises:
        ConfigError: there is none; names those that there are.
    """
    as_path = Path(words).expanduser()
    if as_path.suffix == SUFFIX or as_path.name != words:
        if as_path.is_file():
            return as_path
        raise ConfigError(f"There is no preset file {as_path}.")
    if (path := preset_path(words, folder)).is_file():
        return path
    known = ", ".join(preset_names(folder))
    there = f"there are: {known}" if known else "there are none yet; the page Set up saves them"
    raise ConfigError(f"There is no preset '{words}' in {folder}; {there}.")


def read_preset(path: Path) -> Preset:
    """Return the settings in the file at `path`.

    Raises:
        ConfigError: it cannot be read, or holds what is no setting; says where, and what to do.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The preset {path} cannot be read: {error}.") from None
    return Preset(path.stem, path, read_settings(text, str(path)))


def write_preset(path: Path, config: SessionConfig) -> None:
    """Write `config` to `path`, whole or not at all; a file that was there is left as NAME.bak.

    Raises:
        SetupError: the folder cannot be written.
    """
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(preset_text(path.stem, config), encoding="utf-8")
        if path.exists():
            path.replace(_backup(path))
        part.replace(path)
    except OSError as error:
        raise SetupError(
            f"The preset {path} cannot be written ({error.strerror}). Mend the folder's "
            "permissions or make room, and save it again."
        ) from None


def delete_preset(path: Path) -> Path:
    """Take the preset at `path` away; return the backup that is left of it.

    Raises:
        SetupError: it cannot be moved.
    """
    try:
        return path.replace(_backup(path))
    except OSError as error:
        raise SetupError(f"The preset {path} cannot be deleted: {error.strerror}.") from None


def preset_text(name: str, config: SessionConfig) -> str:
    """Return the file's text."""
    document = tomlkit.document()
    for line in HEAD:
        document.add(tomlkit.comment(line.format(name=name)))
    plain = SessionConfig()
    for setting in differences(plain, config):
        value = value_of(config, setting.path)
        item = tomlkit.item(list(value) if isinstance(value, tuple) else value)
        item.comment(comment_of(setting, config))
        _add(document, setting, item)
    return tomlkit.dumps(document)


def comment_of(setting: Setting, config: SessionConfig) -> str:
    """Return unit, range, meaning and default of a setting on one line."""
    words = f"{setting.meaning[:1].lower()}{setting.meaning[1:].rstrip('.')}"
    limits = f"{range_text(setting, config)}: " if setting.kind not in _FREE else ""
    return f"{limits}{words}; default {value_text(setting, setting.default)}"


_FREE = (Kind.WORDS, Kind.NAMES)


def _add(document: TOMLDocument, setting: Setting, item: Item) -> None:
    if not setting.section:
        document.add(setting.name, item)
        return
    if setting.section not in document:
        document.add(tomlkit.nl())
        document.add(setting.section, tomlkit.table())
    table = document[setting.section]
    if isinstance(table, Table):
        table.add(setting.name, item)


def _backup(path: Path) -> Path:
    return path.with_name(f"{path.name}.bak")


Compared = tuple[Setting, Value, Value]


def compared(one: SessionConfig, other: SessionConfig) -> tuple[Compared, ...]:
    """Return each setting that differs, with both values."""
    return tuple(
        (setting, value_of(one, setting.path), value_of(other, setting.path))
        for setting in differences(one, other)
    )
