import json

import pytest
from PySide6.QtCore import Qt

from gui.action_spec import Intent
from gui.actions import Actions, spec_of
from gui.key_binding import use_keys
from gui.key_table import (
    NO_OWN,
    KeyTable,
    keys_of,
    objection,
    read_keys,
    write_keys,
)
from gui.motion_keys import MOTION_KEYS, motion_help, motion_keys
from gui.pedal_keys import DEFAULTS, PedalAct, read_pedals
from teleop.errors import SetupError


def test_a_chosen_key_comes_first_and_the_usual_one_goes_on_to_work():
    table = NO_OWN.giving("do TAKE", "Y")
    assert keys_of(table, "do TAKE") == ("Y", "T")
    assert keys_of(table.giving("do TAKE", ""), "do TAKE") == ("T",)


def test_two_actions_can_change_their_keys_with_each_other_step_by_step():
    assert "taken by 'Give back'" in objection(NO_OWN, "do TAKE", "G", {})
    table = NO_OWN.giving("do GIVE", "Y")
    assert objection(table, "do TAKE", "G", {}) == ""
    table = table.giving("do TAKE", "G")
    assert objection(table, "do GIVE", "T", {}) == ""
    table = table.giving("do GIVE", "T")
    assert (keys_of(table, "do TAKE"), keys_of(table, "do GIVE")) == (("G",), ("T",))


@pytest.mark.parametrize(
    ("meaning", "key", "why"),
    [
        ("do TAKE", "Esc", "Esc always means STOP|Escape always means STOP"),
        ("do TAKE", "Space", "Space always means HOLD"),
        ("move W", "Space", "Space always means HOLD"),
        ("do TAKE", "F13", "is a pedal's"),
        ("do TAKE", "W", "taken by 'Move away from you'"),
        ("move W", "T", "taken by 'Take over'"),
        ("move W", "Ctrl+G", "one plain key"),
        ("do TAKE", "Tab", "cannot be chosen"),
        ("do TAKE", "Shift+Y", "cannot be chosen"),
        ("do TAKE", "", "cannot be chosen"),
        ("do RELEASE_STOP", "Y", "stays as it is"),
        ("do CHOOSE_ARM", "Y", "stays as it is"),
    ],
)
def test_a_key_that_cannot_be_given_is_told_with_the_reason(meaning, key, why):
    said = objection(NO_OWN, meaning, key, DEFAULTS)
    assert any(part in said for part in why.split("|")), said


def test_stop_and_hold_may_have_another_key_beside_their_own():
    assert objection(NO_OWN, "do STOP", "Y", {}) == ""
    table = NO_OWN.giving("do STOP", "Y").giving("do HOLD", "F16")
    assert "Escape" in keys_of(table, "do STOP")
    assert "Space" in keys_of(table, "do HOLD")


def test_chosen_keys_and_pedals_share_a_file_and_leave_each_other_alone(tmp_path):
    path = tmp_path / "keys.json"
    path.write_text('{"V": "clutch left", "F24": ""}')
    table = KeyTable({"do TAKE": "Y", "move W": "Up"})
    write_keys(path, table)
    assert json.loads(path.read_text()) == {
        "V": "clutch left", "F24": "", "Y": "do TAKE", "Up": "move W",
    }  # fmt: skip
    assert read_keys(path).table == table
    pedals = read_pedals(path)
    assert pedals.trouble == ""
    assert pedals.pedals["V"].does is PedalAct.CLUTCH
    assert "F24" not in pedals.pedals
    write_keys(path, NO_OWN)
    assert json.loads(path.read_text()) == {"V": "clutch left", "F24": ""}


def test_a_line_that_means_nothing_is_left_out_and_told(tmp_path):
    path = tmp_path / "keys.json"
    path.write_text('{"Y": "do FLY", "Space": "do TAKE", "Up": "move W"}')
    read = read_keys(path)
    assert read.table.own == {"move W": "Up"}
    assert "Space always means HOLD" in read.trouble


def test_a_file_that_is_not_understood_is_not_written_over(tmp_path):
    path = tmp_path / "keys.json"
    path.write_text("{")
    with pytest.raises(SetupError, match="Mend or delete it"):
        write_keys(path, NO_OWN)
    assert path.read_text() == "{"


def test_motion_keys_follow_the_table_and_are_named_in_the_key_map():
    assert motion_keys(NO_OWN) == MOTION_KEYS
    table = NO_OWN.giving("move W", "Up").giving("do TAKE", "W")
    assert motion_keys(table)[Qt.Key.Key_Up] == "W"
    assert Qt.Key.Key_W not in motion_keys(table)
    assert motion_help(table)[0][0] == "Up  S"


def test_a_pedal_counts_before_what_a_key_does_on_one_page_only(qapp):
    commands = Actions(qapp)
    use_keys(commands, NO_OWN, ("Home",))
    assert not commands[Intent.CLIP_START].shortcuts()
    use_keys(commands, NO_OWN, ())
    assert [key.toString() for key in commands[Intent.CLIP_START].shortcuts()] == ["Home"]
    assert spec_of(Intent.CLIP_START).key == "Home"
    commands.deleteLater()
