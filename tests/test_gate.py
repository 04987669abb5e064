from dataclasses import replace

import pytest

from learner.gate import GateConfig, GateErrors, judge

GOOD = GateErrors(
    held_out_base=0.20,
    held_out_serving=0.20,
    held_out=0.21,
    earlier_serving=0.30,
    earlier=0.30,
    new_serving=0.60,
    new=0.35,
)


def test_a_candidate_that_learned_and_kept_everything_is_accepted():
    assert judge(GOOD, GateConfig()).accepted


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"held_out": 0.60}, "forgot"),
        ({"earlier": 0.90}, "unlearned"),
        ({"new": 0.80}, "did not learn"),
        ({"held_out": float("nan")}, "not numbers"),
        ({"earlier": float("nan")}, "unlearned"),
        ({"new": float("nan")}, "did not learn"),
    ],
)
def test_a_candidate_that_got_worse_is_refused_with_the_reason(change: dict[str, float], word: str):
    result = judge(replace(GOOD, **change), GateConfig())
    assert not result.accepted and word in result.reason


def test_small_losses_cannot_add_up_over_versions():
    drifted = replace(GOOD, held_out_serving=0.29, held_out=0.31)
    assert not judge(drifted, GateConfig()).accepted


def test_the_first_correction_has_no_earlier_ones_to_be_measured_on():
    nan = float("nan")
    assert judge(replace(GOOD, earlier_serving=nan, earlier=nan), GateConfig()).accepted
