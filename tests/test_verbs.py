"""The table of verbs: help page, dispatch, unknown names."""

import sys
import types

import pytest

from teleop.verbs import Verb, dispatch, help_page, unknown_verb

VERBS = (
    Verb("run", "stand_in:main", "run it", "First"),
    Verb("stop", "stand_in:main", "stop it", "First"),
    Verb("weigh", "stand_in:main", "weigh it", "Second"),
)


def test_the_help_page_lists_every_verb_under_its_group():
    page = help_page("prog", "Does things.", VERBS, "Options: none")
    assert page.index("First:") < page.index("stop it") < page.index("Second:")
    assert "  weigh  weigh it" in page
    assert "Options: none" in page


def test_help_is_success_and_no_verb_is_not(capsys):
    assert dispatch("prog", "Does things.", VERBS, ["--help"]) == 0
    assert dispatch("prog", "Does things.", VERBS, []) == 2
    assert capsys.readouterr().out.count("Does things.") == 2


def test_a_verb_is_imported_only_when_called(monkeypatch):
    with pytest.raises(ModuleNotFoundError, match="stand_in"):
        dispatch("prog", "", VERBS, ["run"])
    module = types.ModuleType("stand_in")
    module.__dict__["main"] = lambda arguments: 7 if arguments == ["-x"] else 8
    monkeypatch.setitem(sys.modules, "stand_in", module)
    assert dispatch("prog", "", VERBS, ["run", "-x"]) == 7


def test_an_unknown_name_far_from_all_gets_the_list_and_no_guess():
    sentence = unknown_verb("prog", "zzzzzz", VERBS)
    assert "Did you mean" not in sentence
    assert "run, stop, weigh" in sentence
