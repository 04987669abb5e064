"""Reads what was typed for a setting: a value, or one sentence that says what it must be. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from gui.texts import setup as words
from teleop.config import SessionConfig, name_trouble
from teleop.settings_fields import Kind, Setting, Value, range_text, value_of

NAMED = {
    "cameras": ("close_front", "close_top", "overhead", "operator"),
    "cell.distribution": (),
}


@dataclass(frozen=True)
class Typed:
    """A value, or what is wrong with what was typed."""

    value: Value | None
    problem: str = ""


def written(value: Value) -> str:
    """Return a value as it stands in a field."""
    if isinstance(value, bool):
        return words.SWITCHES[value]
    if isinstance(value, tuple):
        return "  ".join(written(one) for one in value)
    return value if isinstance(value, str) else f"{value:.7g}"


def read_typed(
    setting: Setting, text: str, config: SessionConfig, known: Sequence[str] = ()
) -> Typed:
    """Return what `text` says; a decimal comma counts as a point.

    Args:
        setting: what was typed.
        text: as it stands in the field.
        config: what stands on the page, as some ranges depend on other values.
        known: names that there are; empty: any will do.
    """
    match setting.kind:
        case Kind.SWITCH:
            return Typed(text == words.SWITCHES[True])
        case Kind.CHOICE:
            return Typed(text)
        case Kind.WORDS:
            return _words(setting, text, known)
        case Kind.NAMES:
            return _names(text, known)
        case Kind.TRIPLE:
            return _triple(setting, text, config)
        case Kind.NUMBER | Kind.WHOLE:
            return _number(setting, text, config)


def _number(setting: Setting, text: str, config: SessionConfig) -> Typed:
    limits = range_text(setting, config)
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return Typed(None, words.wrong_number(text.strip(), f"a {setting.kind.value}, {limits}"))
    if setting.kind is Kind.WHOLE and not value.is_integer():
        return Typed(None, words.wrong_number(text.strip(), f"a whole number, {limits}"))
    if not _within(setting, value, config):
        return Typed(None, words.out_of_range(text.strip(), limits))
    return Typed(int(value) if setting.kind is Kind.WHOLE else value)


def _triple(setting: Setting, text: str, config: SessionConfig) -> Typed:
    limits = range_text(setting, config)
    parts = text.replace(",", ".").replace(";", " ").split()
    try:
        values = tuple(float(part) for part in parts)
    except ValueError:
        values = ()
    if len(values) != 3:
        return Typed(None, words.wrong_number(text.strip(), f"x y z, each {limits}"))
    for value in values:
        if not _within(setting, value, config):
            return Typed(None, words.out_of_range(f"{value:g}", limits))
    return Typed(values)


def _words(setting: Setting, text: str, known: Sequence[str]) -> Typed:
    said = text.strip()
    if setting.path == "operator":
        trouble = name_trouble(said)
        return Typed(None, trouble) if trouble else Typed(said)
    if not said:
        return Typed(None, words.wrong_number("", "some words"))
    if known and said not in known:
        return Typed(None, words.unknown_name(said, known, _near(said, known)))
    return Typed(said)


def _names(text: str, known: Sequence[str]) -> Typed:
    names = tuple(text.replace(",", " ").split())
    for name in names:
        if known and name not in known:
            return Typed(None, words.unknown_name(name, known, _near(name, known)))
    if len(set(names)) < len(names):
        return Typed(None, words.wrong_number(text.strip(), "each name once"))
    return Typed(names)


def _near(name: str, known: Sequence[str]) -> str:
    return (*get_close_matches(name, known, 1, 0.5), "")[0]


def _within(setting: Setting, value: float, config: SessionConfig) -> bool:
    if setting.span is None:
        return True
    prefix = setting.path.removesuffix(setting.name)
    low, high = setting.span.bounds(lambda name: value_of(config, prefix + name))
    return low <= value <= high
