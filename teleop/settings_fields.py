"""The table of every setting: made from the dataclasses of `teleop.config`, their spans and words.

A setting is named by its path, as on the command line: "rate_hz", "limits.linear_speed".
"""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import Any, Literal, get_args, get_origin, get_type_hints

from teleop.config import SessionConfig
from teleop.settings_span import Span, spans_of

Value = float | int | bool | str | tuple[float, ...] | tuple[str, ...]


class Kind(Enum):
    """How a value is written."""

    NUMBER = "number"
    WHOLE = "whole number"
    TRIPLE = "three numbers"
    SWITCH = "switch"
    CHOICE = "choice"
    WORDS = "words"
    NAMES = "names"


@dataclass(frozen=True)
class Setting:
    """One setting.

    Attributes:
        path: of the field, such as "limits.linear_speed".
        kind: how it is written.
        meaning: one sentence, or two; without the unit.
        default: its value if nobody says anything.
        span: of a number, or of each of three.
        choices: of a choice.
    """

    path: str
    kind: Kind
    meaning: str
    default: Value
    span: Span | None = None
    choices: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """The part of the settings that it belongs to; empty: the session itself."""
        return self.path.rpartition(".")[0]

    @property
    def name(self) -> str:
        """Of the field."""
        return self.path.rpartition(".")[2]

    @property
    def unit(self) -> str:
        """As it is printed; empty: none."""
        return self.span.unit if self.span and self.kind is not Kind.SWITCH else ""


@cache
def table() -> tuple[Setting, ...]:
    """Return every setting of a session in the order of its fields."""
    return tuple(_settings_of(SessionConfig, ""))


def setting_of(path: str) -> Setting:
    """Return the setting at `path`, which must be there."""
    return next(setting for setting in table() if setting.path == path)


def value_of(config: SessionConfig, path: str) -> Value:
    """Return the value at `path`."""
    found: Any = config
    for name in path.split("."):
        found = getattr(found, name)
    return found


def with_values(config: SessionConfig, values: Mapping[str, Value]) -> SessionConfig:
    """Return `config` with `values` by path; all at once, as some depend on others.

    Raises:
        ConfigError: one is out of its range, or two do not agree.
    """
    sections: dict[str, dict[str, Value]] = {}
    for path, value in values.items():
        section, _, name = path.rpartition(".")
        sections.setdefault(section, {})[name] = value
    changed: dict[str, Any] = dict(sections.pop("", {}))
    for section, parts in sections.items():
        made: Any = replace(getattr(config, section), **parts)
        changed[section] = made
    return replace(config, **changed)


def differences(before: SessionConfig, after: SessionConfig) -> tuple[Setting, ...]:
    """Return the settings whose values differ."""
    return tuple(s for s in table() if value_of(before, s.path) != value_of(after, s.path))


def value_text(setting: Setting, value: Value) -> str:
    """Return a value as people read it, with its unit."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        words = ", ".join(f"{one:g}" if isinstance(one, float | int) else one for one in value)
        return f"{words} {setting.unit}".rstrip()
    if isinstance(value, str):
        return value or "—"
    return f"{value:g} {setting.unit}".rstrip()


def range_text(setting: Setting, config: SessionConfig) -> str:
    """Return what the value may be in a few words; some ends depend on other values."""
    if setting.kind is Kind.SWITCH:
        return "on or off"
    if setting.kind is Kind.CHOICE:
        return f"{', '.join(setting.choices[:-1])} or {setting.choices[-1]}"
    if setting.span is None:
        return "words" if setting.kind is Kind.WORDS else "names"
    prefix = f"{setting.section}." if setting.section else ""
    low, high = setting.span.bounds(lambda name: value_of(config, prefix + name))
    return f"{low:g} to {high:g} {setting.unit}".rstrip()


def _settings_of(kind: type[Any], section: str) -> list[Setting]:
    hints, words, spans = get_type_hints(kind), field_words(kind), spans_of(kind)
    found: list[Setting] = []
    for field in fields(kind):
        path = f"{section}.{field.name}" if section else field.name
        hint = hints[field.name]
        if is_dataclass(hint) and isinstance(hint, type):
            found += _settings_of(hint, path)
            continue
        span = spans.get(field.name)
        meaning = without_unit(words[field.name], span.unit if span else "")
        choices = get_args(hint) if get_origin(hint) is Literal else ()
        default = _default(field)
        found.append(Setting(path, _kind(hint), meaning, default, span, choices))
    return found


def _default(field: Field[Any]) -> Value:
    made: Any = field.default
    return made if field.default_factory is MISSING else field.default_factory()


def _kind(hint: Any) -> Kind:
    if get_origin(hint) is Literal:
        return Kind.CHOICE
    if get_origin(hint) is tuple:
        return Kind.NAMES if get_args(hint)[0] is str else Kind.TRIPLE
    return {float: Kind.NUMBER, int: Kind.WHOLE, bool: Kind.SWITCH, str: Kind.WORDS}[hint]


@cache
def field_words(kind: type[Any]) -> dict[str, str]:
    """Return the string under each field of the dataclass `kind`, on one line."""
    (made,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    body = made.body if isinstance(made, ast.ClassDef) else []
    found: dict[str, str] = {}
    for field, below in pairwise(body):
        if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
            continue
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            found[field.target.id] = " ".join(str(below.value.value).split())
    return found


def without_unit(words: str, unit: str) -> str:
    """Return a field's words as a sentence, without the unit that they may begin with."""
    if unit and words.startswith(f"{unit};"):
        words = words[len(unit) + 1 :].strip()
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."
