from dataclasses import replace
from typing import Any

import pytest

from teleop.cli_options import parse
from teleop.config import SessionConfig
from teleop.demo import DemoOptions, demo_config
from teleop.errors import ConfigError
from teleop.preset_option import preset_config, preset_words
from teleop.preset_text import read_settings
from teleop.presets import (
    compared,
    delete_preset,
    find_preset,
    preset_names,
    preset_path,
    preset_text,
    read_preset,
    write_preset,
)
from teleop.session import SessionOptions
from teleop.settings_fields import Kind, Setting, Value, table, value_of, with_values

PLAIN = SessionConfig()


def another(setting: Setting) -> Value:
    """A value that is not the default, and may be."""
    value: Any = setting.default
    match setting.kind:
        case Kind.SWITCH:
            return not value
        case Kind.CHOICE:
            return next(choice for choice in setting.choices if choice != value)
        case Kind.WORDS:
            return "shifted_1" if setting.name == "distribution" else 'a "quoted" word'
        case Kind.NAMES:
            return ("operator",)
        case Kind.TRIPLE:
            return tuple(one * 0.9 for one in value)
        case Kind.WHOLE:
            return value + 1
        case Kind.NUMBER:
            return value * 0.9
    raise AssertionError(setting.kind)


def test_every_setting_survives_being_saved_and_read():
    config = with_values(PLAIN, {setting.path: another(setting) for setting in table()})
    assert read_settings(preset_text("all", config), "all.toml") == config


def test_a_file_holds_only_what_differs_with_unit_range_and_meaning_beside_it():
    config = replace(PLAIN, limits=replace(PLAIN.limits, linear_speed=0.1))
    assert preset_text("slow", config).splitlines() == [
        "# Settings of Nudge. What is not named here is as by default.",
        "# Start a session with them: nudge session --preset slow",
        "",
        "[limits]",
        "linear_speed = 0.1 # 0.001 to 1 m/s: fastest that a tool may move; default 0.15 m/s",
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[limits\nx = 1", "bad.toml, line 1: "),
        ("rate_hz = 100\n\n[limits]\nlinear_sped = 0.1", "line 4: there is no setting "
         "'limits.linear_sped'. Did you mean 'limits.linear_speed'?"),
        ("linear_speed = 0.1", "Did you mean 'limits.linear_speed'?"),
        ("[limit]\nlinear_speed = 0.1", "line 1: there is no setting 'limit'. Did you mean"),
        ("[limits]\nlinear_speed = 5", "line 2: linear_speed is 5.0 m/s; it must lie between"),
        ("[limits]\nlinear_speed = 'fast'", "line 2: limits.linear_speed is 'fast'; it must be a "
         "number, 0.001 to 1 m/s."),
        ("[takeover]\nenter = 0.05", "line 2: leave is 0.08 of full deflection"),
        ("takeover.enter = 0.5\ntakeover.leave = 0.6", "line 2: leave is 0.6"),
        ("[takeover]\nengage = 'touch'", "it must be motion, button or clutch."),
        ("[takeover]\nneeds_view = 1", "it must be true or false."),
        ("[limits]\nworkspace_low = [1, 2]", "it must be three numbers"),
        ("cameras = 'operator'", "it must be names"),
        ("rate_hz = nan", "line 1: rate_hz is nan Hz"),
        ("rate_hz = 100\nrate_hz = 200", "bad.toml"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_with_what_to_do(text, complaint):
    with pytest.raises(ConfigError) as caught:
        read_settings(text, "bad.toml")
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_settings_that_depend_on_each_other_may_come_in_any_order():
    config = read_settings("[takeover]\nleave = 0.3\nenter = 0.5\n", "x")
    assert (config.takeover.enter, config.takeover.leave) == (0.5, 0.3)


def test_a_preset_is_found_by_name_or_by_file(tmp_path):
    path = preset_path("night shift", tmp_path)
    write_preset(path, replace(PLAIN, rate_hz=200.0))
    assert find_preset("night shift", tmp_path) == path
    assert find_preset(str(path), tmp_path / "elsewhere") == path
    assert read_preset(path).config.rate_hz == 200.0
    assert preset_names(tmp_path) == ("night shift",)


def test_a_preset_that_is_not_there_names_those_that_are(tmp_path):
    write_preset(preset_path("careful", tmp_path), PLAIN)
    with pytest.raises(ConfigError, match="there are: careful"):
        find_preset("quick", tmp_path)
    with pytest.raises(ConfigError, match="There is no preset file"):
        find_preset(str(tmp_path / "quick.toml"), tmp_path)


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "x" * 61])
def test_a_name_cannot_leave_the_folder(name, tmp_path):
    with pytest.raises(ConfigError):
        preset_path(name, tmp_path)


def test_saving_over_a_preset_and_deleting_it_leave_a_backup(tmp_path):
    path = preset_path("careful", tmp_path)
    write_preset(path, replace(PLAIN, rate_hz=60.0))
    write_preset(path, replace(PLAIN, rate_hz=70.0))
    backup = tmp_path / "careful.toml.bak"
    assert "60" in backup.read_text()
    assert delete_preset(path) == backup
    assert not path.exists()
    assert "70" in backup.read_text()


def test_two_presets_are_compared_value_by_value():
    ((setting, one, other),) = compared(PLAIN, replace(PLAIN, rate_hz=200.0))
    assert (setting.path, one, other) == ("rate_hz", 100.0, 200.0)
    assert value_of(PLAIN, "rate_hz") == 100.0


def test_the_command_line_names_a_preset_and_its_own_flags_count_before_it(tmp_path):
    assert preset_words(["--rate-hz", "200", "--preset", "a", "--preset=b"]) == "b"
    assert preset_config(["--rate-hz", "200"]) == PLAIN
    path = preset_path("quick", tmp_path)
    values = {"rate_hz": 250.0, "limits.linear_speed": 0.1}
    write_preset(path, with_values(PLAIN, values))
    words = ["--preset", str(path), "--rate-hz", "150"]
    start = SessionOptions(config=preset_config(words))
    options = parse(SessionOptions, words, prog="nudge session", description="", default=start)
    assert options.config == with_values(PLAIN, {"rate_hz": 150.0, "limits.linear_speed": 0.1})


def test_a_demo_takes_all_of_a_preset_but_what_makes_it_a_demo():
    preset = with_values(PLAIN, {"limits.linear_speed": 0.1, "cell.seed": 7, "policy": "mine"})
    config = demo_config(DemoOptions(), preset, window=False)
    assert (config.limits, config.policy, config.cell.seed) == (preset.limits, "mine", 7)
    assert (config.device, config.episode.time_limit_s) == ("scripted", 18.0)
    assert demo_config(DemoOptions(policy="base"), preset, window=True).policy == "base"
