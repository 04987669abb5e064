"""What a setting may be, said beside its field: read by the check, by the form and by presets.

    linear_speed: Annotated[float, Span(0.001, 1.0, "m/s", Looser.UP)] = 0.15

`check_spans` in `__post_init__` holds every such field to its span.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import Enum
from functools import cache
from typing import Any, get_type_hints

from teleop.errors import ConfigError


class Looser(Enum):
    """Which way a change lets an arm do more, or lets less stop it."""

    NEVER = "never"
    UP = "up"
    DOWN = "down"
    EITHER = "either"  # no direction is known to be the safe one

    def than(self, before: float, after: float) -> bool:
        """Whether `after` is looser than `before`."""
        ways = {
            Looser.NEVER: False,
            Looser.UP: after > before,
            Looser.DOWN: after < before,
            Looser.EITHER: after != before,
        }
        return ways[self]


@dataclass(frozen=True)
class Span:
    """Least and largest value of a number, or of each number of a tuple.

    Attributes:
        low: a number, or the name of another field of the same dataclass.
        high: the same.
        unit: as it is printed.
        looser: which way it makes a safety limit looser.
        step: of the arrow keys.
    """

    low: float | str
    high: float | str
    unit: str
    looser: Looser = Looser.NEVER
    step: float = 1.0

    def bounds(self, value_of: Callable[[str], Any]) -> tuple[float, float]:
        """Return both ends as numbers; `value_of` gives the value of a named field."""
        low = value_of(self.low) if isinstance(self.low, str) else self.low
        high = value_of(self.high) if isinstance(self.high, str) else self.high
        return float(low), float(high)


def require(name: str, value: float, low: float, high: float, unit: str) -> None:
    """Raise ConfigError unless low <= value <= high."""
    if not low <= value <= high:
        raise ConfigError(f"{name} is {value} {unit}; it must lie between {low} and {high} {unit}.")


@cache
def spans_of(kind: type[Any]) -> dict[str, Span]:
    """Return the spans of a dataclass by the names of its fields."""
    hints = get_type_hints(kind, include_extras=True)
    found: dict[str, Span] = {}
    for field in fields(kind):
        for mark in getattr(hints[field.name], "__metadata__", ()):
            if isinstance(mark, Span):
                found[field.name] = mark
    return found


def check_spans(settings: Any) -> None:
    """Hold every field of the dataclass `settings` to its span.

    Raises:
        ConfigError: the first that lies outside; says where it must lie.
    """
    for name, span in spans_of(type(settings)).items():
        low, high = span.bounds(lambda other: getattr(settings, other))
        value = getattr(settings, name)
        for number in value if isinstance(value, tuple) else (value,):
            require(name, number, low, high, span.unit)
