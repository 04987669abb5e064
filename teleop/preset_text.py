"""Reads the text of a preset: every complaint names the line, and what to do. Pure."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError

from teleop.config import SessionConfig
from teleop.errors import ConfigError
from teleop.settings_fields import Kind, Setting, Value, range_text, table, with_values

NUMBERS = (int, float)
_HEADER = re.compile(r"\s*\[\s*([\w.\"' -]+?)\s*\]")
_KEY = re.compile(r"\s*([\w\"'-]+(?:\s*\.\s*[\w\"'-]+)*)\s*=")


def read_settings(text: str, where: str) -> SessionConfig:
    """Return the settings that `text` means; what it does not name is as by default.

    Args:
        text: TOML.
        where: the file, for complaints.

    Raises:
        ConfigError: it is no TOML, names what is no setting, or a value is wrong.
    """
    try:
        document = tomlkit.parse(text).unwrap()
    except ParseError as error:
        what = str(error).partition(" at line ")[0].strip().rstrip(".")
        raise ConfigError(
            f"{where}, line {error.line}: {what}. Mend or delete that line."
        ) from None
    except TOMLKitError as error:
        raise ConfigError(f"{where}: {error}. Mend the file or delete it.") from None
    known = {setting.path: setting for setting in table()}
    values: dict[str, Value] = {}
    for path, raw in _flat(document):
        place = f"{where}, line {line_of(text, path)}"
        if path not in known:
            raise ConfigError(f"{place}: {_unknown(path, tuple(known))}")
        try:
            values[path] = checked(known[path], raw)
        except ConfigError as error:
            raise ConfigError(f"{place}: {error}") from None
    try:
        return with_values(SessionConfig(), values)
    except ConfigError as error:
        path = _named_in(str(error), values)
        line = f", line {line_of(text, path)}" if path else ""
        raise ConfigError(f"{where}{line}: {error}") from None


def checked(setting: Setting, raw: Any) -> Value:
    """Return `raw` as a value of the kind that `setting` has.

    Raises:
        ConfigError: it is of another kind, or not among the choices.
    """
    match setting.kind:
        case Kind.SWITCH if isinstance(raw, bool):
            return raw
        case Kind.WHOLE if isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        case Kind.NUMBER if isinstance(raw, NUMBERS) and not isinstance(raw, bool):
            return float(raw)
        case Kind.CHOICE if raw in setting.choices:
            return str(raw)
        case Kind.WORDS if isinstance(raw, str):
            return raw
        case Kind.NAMES if isinstance(raw, list) and all(_is(str, raw)):
            return tuple(str(one) for one in raw)
        case Kind.TRIPLE if isinstance(raw, list) and len(raw) == 3 and all(_is(NUMBERS, raw)):
            return tuple(float(one) for one in raw)
        case _:
            raise ConfigError(f"{setting.path} is {raw!r}; it must be {_as_must_be(setting)}.")


def line_of(text: str, path: str) -> int:
    """Return the line on which `path` is set, from 1 on; 1 where it is not found."""
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            section = _bare(header[1])
            if section == path:
                return number
        elif key := _KEY.match(line):
            name = _bare(key[1])
            full = f"{section}.{name}" if section else name
            if full == path or full.startswith(f"{path}.") or path.startswith(f"{full}."):
                return number
    return 1


def _flat(document: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    sections = {setting.section for setting in table()}
    found: list[tuple[str, Any]] = []
    for name, value in document.items():
        path = f"{prefix}.{name}" if prefix else name
        if isinstance(value, dict) and path in sections:
            found += _flat(value, path)
        else:
            found.append((path, value))
    return found


def _unknown(path: str, known: tuple[str, ...]) -> str:
    names = {one.rpartition(".")[2]: one for one in known}
    sections = {setting.section for setting in table()} - {""}
    near = get_close_matches(path, (*known, *sections), 1, 0.6)
    near = near or [names[one] for one in get_close_matches(path.rpartition(".")[2], names, 1, 0.6)]
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return f"there is no setting '{path}'.{hint} Correct the line or delete it."


def _as_must_be(setting: Setting) -> str:
    limits = range_text(setting, SessionConfig())
    match setting.kind:
        case Kind.SWITCH:
            return "true or false"
        case Kind.CHOICE:
            return limits
        case Kind.WORDS:
            return 'words, as in "…"'
        case Kind.NAMES:
            return 'names, as in ["…", "…"]'
        case Kind.TRIPLE:
            return f"three numbers, as in [0.1, 0.2, 0.3], each {limits}"
        case kind:
            return f"a {kind.value}, {limits}"


def _named_in(complaint: str, values: Mapping[str, Value]) -> str:
    """Return the setting of the file that a complaint is about, empty if none is.

    It is about the one that it begins with, or, if the file does not name that, about the one that
    its range depends on.
    """
    first = complaint.split(" ", 1)[0]
    for setting in table():
        if setting.name != first:
            continue
        span, prefix = setting.span, setting.path.removesuffix(setting.name)
        ends = [end for end in (span.low, span.high) if isinstance(end, str)] if span else []
        paths = (setting.path, *(f"{prefix}{end}" for end in ends))
        return next((path for path in paths if path in values), "")
    return ""


def _is(kind: Any, several: list[Any]) -> list[bool]:
    return [isinstance(one, kind) and not isinstance(one, bool) for one in several]


def _bare(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
