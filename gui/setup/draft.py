"""What stands on the page Set up: what is in force, and what the operator would have. No Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from teleop.config import SessionConfig
from teleop.errors import ConfigError
from teleop.order_messages import Order, OrderKind
from teleop.settings_fields import Setting, Value, differences, setting_of, value_of, with_values
from teleop.settings_live import (
    Settings,
    changed_sections,
    changes,
    counts_next_session,
    loosened,
)

# What has an order of its own.
BY_ORDER = {"instruction": OrderKind.INSTRUCTION, "operator": OrderKind.OPERATOR}


@dataclass(frozen=True)
class Draft:
    """Settings that are wished for, over those in force.

    Attributes:
        in_force: what the session goes on by, as far as it is known.
        wishes: by path, what differs from it.
        problems: by path, what is wrong with what was typed.
    """

    in_force: SessionConfig
    wishes: Mapping[str, Value] = field(default_factory=dict[str, Value])
    problems: Mapping[str, str] = field(default_factory=dict[str, str])

    def value(self, path: str) -> Value:
        """Return what stands on the page."""
        return self.wishes.get(path, value_of(self.in_force, path))

    def with_wish(self, path: str, value: Value) -> "Draft":
        """Return the draft with `value` typed rightly."""
        wishes = {other: wish for other, wish in self.wishes.items() if other != path}
        if value != value_of(self.in_force, path):
            wishes[path] = value
        return replace(self, wishes=wishes, problems=_without(self.problems, path))

    def with_problem(self, path: str, problem: str) -> "Draft":
        """Return the draft with something wrong typed; the wish before it is forgotten."""
        wishes = {other: wish for other, wish in self.wishes.items() if other != path}
        return replace(self, wishes=wishes, problems={**self.problems, path: problem})

    def with_config(self, config: SessionConfig) -> "Draft":
        """Return the draft with all of `config`, as of a preset."""
        wishes = {s.path: value_of(config, s.path) for s in differences(self.in_force, config)}
        return Draft(self.in_force, wishes)

    def told(self, in_force: SessionConfig) -> "Draft":
        """Return the draft after control told what is in force; wishes that came true are none."""
        if in_force == self.in_force:
            return self
        wishes = {p: wish for p, wish in self.wishes.items() if wish != value_of(in_force, p)}
        return replace(self, in_force=in_force, wishes=wishes)

    @cached_property
    def trouble(self) -> str:
        """What is wrong with the values together; empty: nothing."""
        try:
            with_values(self.in_force, self.wishes)
        except ConfigError as error:
            return str(error)
        return ""

    @cached_property
    def config(self) -> SessionConfig:
        """What stands on the page; what is in force where values do not agree."""
        try:
            return with_values(self.in_force, self.wishes)
        except ConfigError:
            return self.in_force

    @property
    def right(self) -> bool:
        """Whether it may be sent or saved."""
        return not self.problems and not self.trouble

    @property
    def live(self) -> tuple[Setting, ...]:
        """Changed settings that a running session takes over."""
        return tuple(s for s in self._changed if counts_at_once(s))

    @property
    def later(self) -> tuple[Setting, ...]:
        """Changed settings that count from the next session on."""
        return tuple(s for s in self._changed if not counts_at_once(s))

    @property
    def _changed(self) -> tuple[Setting, ...]:
        return tuple(setting_of(path) for path in self.wishes)

    @property
    def looser(self) -> tuple[str, ...]:
        """Paths of what would let an arm do more."""
        told = loosened(changes(self.in_force, self.config))
        return tuple(c.setting.path for c in told if counts_at_once(c.setting))

    def orders(self, *, confirmed: bool) -> tuple[Order, ...]:
        """Return what to ask control for."""
        wanted = self.config
        sections = changed_sections(self.in_force, wanted)
        asked = [
            Order(kind, text=str(self.wishes[path]))
            for path, kind in BY_ORDER.items()
            if path in self.wishes
        ]
        if sections != Settings():
            settings = replace(sections, confirmed=confirmed)
            asked.append(Order(OrderKind.CONFIGURE, settings=settings))
        return tuple(asked)


def counts_at_once(setting: Setting) -> bool:
    """Whether the running session takes it over."""
    return setting.path in BY_ORDER or not counts_next_session(setting)


def _without(problems: Mapping[str, str], path: str) -> dict[str, str]:
    return {other: problem for other, problem in problems.items() if other != path}
