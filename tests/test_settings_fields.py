from dataclasses import fields, replace

import pytest

from teleop.config import (
    ChunkConfig,
    EpisodeConfig,
    HelpConfig,
    LearningConfig,
    RecordConfig,
    SafetyLimits,
    SessionConfig,
    TakeoverConfig,
)
from teleop.errors import ConfigError
from teleop.settings_fields import Kind, range_text, setting_of, table, value_text, with_values
from teleop.settings_live import LIVE
from teleop.settings_span import Looser, spans_of

NUMBERS = (Kind.NUMBER, Kind.WHOLE, Kind.TRIPLE)
SECTIONS = (
    SafetyLimits, TakeoverConfig, HelpConfig, ChunkConfig, EpisodeConfig, RecordConfig,
    LearningConfig, SessionConfig,
)  # fmt: skip


def test_every_setting_has_a_meaning_and_every_number_a_unit_and_a_range():
    for setting in table():
        assert len(setting.meaning) > 8, setting.path
        assert setting.meaning[0].isupper() or setting.meaning[0].isdigit(), setting.path
        assert setting.meaning.endswith("."), setting.path
        if setting.kind in NUMBERS:
            assert setting.unit, setting.path
            assert " to " in range_text(setting, SessionConfig()), setting.path


def test_the_table_has_every_field_of_every_section():
    whole = {field.name for field in fields(SessionConfig)}
    sections = {setting.section for setting in table()} - {""}
    assert whole == sections | {setting.name for setting in table() if not setting.section}
    assert set(LIVE) <= sections


@pytest.mark.parametrize("kind", SECTIONS, ids=lambda kind: kind.__name__)
def test_every_span_is_checked_at_both_ends_and_for_what_is_no_number(kind):
    plain = kind()
    for name, span in spans_of(kind).items():
        value = getattr(plain, name)
        if isinstance(value, bool):
            continue
        low, high = span.bounds(lambda other: getattr(plain, other))
        for wrong in (low - 1.0, high + 1.0, float("nan")):
            bad = (wrong, *value[1:]) if isinstance(value, tuple) else wrong
            with pytest.raises(ConfigError, match=f"^{name} is "):
                replace(plain, **{name: bad})


def test_every_safety_limit_says_which_way_is_looser():
    for name, span in spans_of(SafetyLimits).items():
        assert span.looser is not Looser.NEVER, name


def test_the_unit_is_not_said_twice():
    speed = setting_of("limits.linear_speed")
    assert speed.meaning == "Fastest that a tool may move."
    assert value_text(speed, 0.15) == "0.15 m/s"
    assert range_text(speed, SessionConfig()) == "0.001 to 1 m/s"


def test_a_range_that_depends_on_another_value_follows_it():
    config = with_values(SessionConfig(), {"takeover.enter": 0.5})
    assert range_text(setting_of("takeover.leave"), config).startswith("0 to 0.5")


def test_values_that_do_not_agree_are_refused_and_those_that_agree_together_are_not():
    with pytest.raises(ConfigError, match="leave"):
        with_values(SessionConfig(), {"takeover.leave": 0.5})
    both = with_values(SessionConfig(), {"takeover.leave": 0.5, "takeover.enter": 0.6})
    assert both.takeover.leave == 0.5
