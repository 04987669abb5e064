import json

import pytest

from learner.evaluate_verb import EvaluateOptions, check, first_seed, main, summed
from teleop.errors import ConfigError

KNOWN = ("near", "shifted")


def test_two_policies_are_compared_scene_by_scene():
    options = EvaluateOptions(("base", "mine"), ("near",), scenes=6)
    outcomes = {
        ("base", "near"): [True, False, False, False, False, False],
        ("mine", "near"): [False, True, True, True, True, True],
    }
    found = summed(options, outcomes)
    assert [(one.policy, one.successes, one.rate) for one in found.results] == [
        ("base", 1, 0.1667),
        ("mine", 5, 0.8333),
    ]
    (pair,) = found.compared
    assert (pair.both, pair.only_first, pair.only_second, pair.neither) == (0, 1, 5, 0)
    assert pair.chance == pytest.approx(14 / 64, abs=1e-4)


def test_one_policy_is_compared_with_nobody():
    found = summed(EvaluateOptions(("base",)), {("base", "near"): [True] * 40})
    assert found.compared == () and found.results[0].interval == (0.9124, 1.0)


@pytest.mark.parametrize(
    ("policies", "distributions", "words"),
    [
        ((), ("near",), "Name one policy"),
        (("base", "base"), ("near",), "Name one policy"),
        (("a", "b", "c"), ("near",), "Name one policy"),
        (("base",), ("far",), "no distribution of scenes 'far'; there are: near, shifted"),
    ],
)
def test_what_cannot_be_evaluated_is_one_sentence(
    policies: tuple[str, ...], distributions: tuple[str, ...], words: str
):
    with pytest.raises(ConfigError, match=words):
        check(EvaluateOptions(policies, distributions), KNOWN)


def test_other_seeds_never_share_a_scene():
    assert first_seed(1) - first_seed(0) >= 100_000


@pytest.mark.slow
def test_a_policy_is_evaluated_from_the_command_line(capsys: pytest.CaptureFixture[str]):
    assert main(["base", "--scenes", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["results"][0]["scenes"] == 2
