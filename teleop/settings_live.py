"""Settings that may change while a session runs: which, and when. Pure.

    section     may change
    limits      tighter at any time; looser while both arms hold, and confirmed by the operator
    takeover    while no arm is the operator's or rewinds; the device must then be let go once
    help        while no arm waits for the help it asked for
    chunks      at any time; a longer `stale_camera_s` counts as looser
    episode     at any time, and counts from the next episode on

What becomes looser (`teleop.settings_span.Looser`) in any section follows the rule of the limits.
Everything else of a session is read when its processes start: it counts from the next session on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from teleop.config import (
    ChunkConfig,
    EpisodeConfig,
    HelpConfig,
    SafetyLimits,
    SessionConfig,
    TakeoverConfig,
)
from teleop.messages import Arm
from teleop.settings_fields import Setting, Value, differences, value_of, value_text

MOST_TOLD = 3  # changes in one notice
NOTHING_NEW = "These settings are in force already."


@dataclass(frozen=True)
class Settings:
    """The sections that may change in flight; None: it stays as it is.

    `confirmed`: the operator said deliberately that limits become looser.
    """

    limits: SafetyLimits | None = None
    takeover: TakeoverConfig | None = None
    help: HelpConfig | None = None
    chunks: ChunkConfig | None = None
    episode: EpisodeConfig | None = None
    confirmed: bool = False


LIVE = tuple(field.name for field in fields(Settings) if field.name != "confirmed")


@dataclass(frozen=True)
class Change:
    """One value that would be another one."""

    setting: Setting
    before: Value
    after: Value

    @property
    def looser(self) -> bool:
        """Whether an arm may do more after it, or less stops an arm."""
        span = self.setting.span
        if span is None:
            return False
        befores, afters = _numbers(self.before), _numbers(self.after)
        return any(span.looser.than(a, b) for a, b in zip(befores, afters, strict=True))

    @property
    def text(self) -> str:
        """In a few words."""
        after = value_text(self.setting, self.after)
        return f"{self.setting.path} {value_text(self.setting, self.before)} → {after}"


@dataclass(frozen=True)
class Configured:
    """Settings that came into force while the session runs."""

    stamp_ns: int
    config: SessionConfig
    changes: tuple[Change, ...]

    @property
    def text(self) -> str:
        """Every change, for the record."""
        return "; ".join(change.text for change in self.changes)


@dataclass(frozen=True)
class SettingsInForce:
    """What control goes on by: told at every change, and once a second."""

    stamp_ns: int
    settings: Settings


@dataclass(frozen=True)
class Standing:
    """What a change is judged by."""

    at_rest: bool  # nothing runs, or both arms hold until somebody says otherwise
    operated: tuple[bool, bool]  # the operator's, or on its way back
    asking: tuple[bool, bool]  # holds, or goes slowly, because the policy asked for help
    force: tuple[float, float]  # N, felt at each wrist


def applied(config: SessionConfig, settings: Settings) -> SessionConfig:
    """Return `config` with the sections of `settings`."""
    given: dict[str, Any] = {
        name: part for name in LIVE if (part := getattr(settings, name)) is not None
    }
    return replace(config, **given)


def in_force(config: SessionConfig) -> Settings:
    """Return every section that may change, as it is."""
    return Settings(config.limits, config.takeover, config.help, config.chunks, config.episode)


def changed_sections(before: SessionConfig, after: SessionConfig) -> Settings:
    """Return the sections of `after` that differ from `before`, and may change in flight."""
    given: dict[str, Any] = {
        name: getattr(after, name) for name in LIVE if getattr(after, name) != getattr(before, name)
    }
    return Settings(**given)


def changes(before: SessionConfig, after: SessionConfig) -> tuple[Change, ...]:
    """Return every value that differs."""
    return tuple(
        Change(setting, value_of(before, setting.path), value_of(after, setting.path))
        for setting in differences(before, after)
    )


def summary(all_changes: Sequence[Change]) -> str:
    """Return what the operator is told of changes that came into force."""
    told = "; ".join(change.text for change in all_changes[:MOST_TOLD])
    more = len(all_changes) - MOST_TOLD
    return f"Set: {told}{f', and {more} more' if more > 0 else ''}."


def loosened(all_changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return those that ask for a confirmation."""
    return tuple(change for change in all_changes if change.looser)


def counts_next_session(setting: Setting) -> bool:
    """Whether a running session cannot take it over."""
    return setting.section not in LIVE


def objection(all_changes: Sequence[Change], standing: Standing, confirmed: bool) -> str:
    """Return why these changes may not be made now; empty: they may."""
    looser, sections = loosened(all_changes), {change.setting.section for change in all_changes}
    names = ", ".join(change.setting.path for change in looser)
    if looser and not standing.at_rest:
        return (
            f"{names} would become looser while an arm moves: hold both arms (Space) first. "
            "Tighter limits count at any time."
        )
    if looser and not confirmed:
        return f"{names} would become looser: that must be confirmed."
    if "takeover" in sections and any(standing.operated):
        return (
            f"The {_name(standing.operated)} arm is the operator's or goes back along its path: "
            "give it back (G) or hold (Space), then change how takeovers work."
        )
    if "help" in sections and any(standing.asking):
        return (
            f"The {_name(standing.asking)} arm waits for the help it asked for, and might move on "
            "by itself: take it over (T) or hold (Space) first."
        )
    return _backing_off(all_changes, standing)


def _backing_off(all_changes: Sequence[Change], standing: Standing) -> str:
    """A hard force below what an arm feels would set it in motion."""
    for change in all_changes:
        if change.setting.path != "limits.hard_force":
            continue
        for arm in Arm:
            force = standing.force[arm]
            if _numbers(change.after)[0] < force <= _numbers(change.before)[0]:
                return (
                    f"The {arm.name.lower()} arm feels {force:.0f} N: with that hard_force it "
                    "would back off at once. Take it out of contact first."
                )
    return ""


def _numbers(value: Value) -> tuple[float, ...]:
    several = value if isinstance(value, tuple) else (value,)
    return tuple(float(one) for one in several if isinstance(one, int | float))


def _name(arms: tuple[bool, bool]) -> str:
    return Arm(arms.index(True)).name.lower()
