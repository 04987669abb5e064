import math

import pytest

from learner.gate_checks import (
    Consistent,
    GateConfig,
    Needs,
    Sanity,
    consistency_check,
    earlier_check,
    held_out_check,
    new_check,
    rollouts_check,
    sanity_check,
)
from learner.paired import Paired
from teleop.errors import ConfigError

CONFIG = GateConfig()
NAN = math.nan


@pytest.mark.parametrize(("error", "passed"), [(0.21, True), (0.60, False), (NAN, False)])
def test_a_candidate_that_forgot_the_demonstrations_is_refused(error: float, passed: bool):
    check = held_out_check(error, 0.20, CONFIG)
    assert check.passed is passed and "held-out demonstrations" in check.sentence


@pytest.mark.parametrize(("error", "passed"), [(0.35, True), (0.80, False), (NAN, False)])
def test_a_new_correction_must_be_known_better_than_before(error: float, passed: bool):
    assert new_check(error, 0.60, CONFIG).passed is passed


@pytest.mark.parametrize(
    ("needs", "passed"),
    [(Needs(4, 1, 0), True), (Needs(4, 1, 1), False), (Needs(60, 9, 3), True)],
)
def test_an_earlier_correction_that_would_be_needed_again_is_lost(needs: Needs, passed: bool):
    check = earlier_check(needs, CONFIG)
    assert check.passed is passed and f"of {needs.episodes} earlier" in check.sentence


@pytest.mark.parametrize(
    ("sane", "word"),
    [
        (Sanity(1.0, 1.0, 0.1, 0.1), ""),
        (Sanity(NAN, 1.0, 0.1, 0.1), "not numbers"),
        (Sanity(9.0, 1.0, 0.1, 0.1), "beyond its limits"),
        (Sanity(1.0, 1.0, 0.9, 0.1), "jump"),
    ],
)
def test_actions_must_be_numbers_within_limits_and_smooth(sane: Sanity, word: str):
    check = sanity_check(sane, CONFIG)
    assert check.passed is (word == "") and word in check.sentence


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (Consistent("e1", 0.95, 0.7, 0.5), ""),
        (Consistent("e1", NAN, NAN, NAN), ""),  # too short to tell
        (Consistent("e1", 0.1, -0.2, 0.5), "contradicts its own recording"),
        (Consistent("e1", 0.8, -0.6, NAN), "mirrored"),
        (Consistent("e1", NAN, NAN, -0.8), "similar states"),
    ],
)
def test_a_correction_that_contradicts_what_was_recorded_is_named(found: Consistent, word: str):
    check = consistency_check((Consistent("e0", 0.9, 0.9, 0.9), found), CONFIG)
    assert check.passed is (word == "") and word in check.sentence
    assert check.passed or "e1" in check.sentence


@pytest.mark.parametrize(
    ("paired", "passed"),
    [
        (Paired(both=12), True),
        (Paired(both=8, only_first=2, only_second=2), True),
        (Paired(both=8, only_second=3), True),  # three scenes lost may be chance: 1 in 8
        (Paired(both=8, only_second=4), False),
    ],
)
def test_a_candidate_that_loses_scenes_of_the_serving_version_is_refused(
    paired: Paired, passed: bool
):
    assert rollouts_check(paired, CONFIG).passed is passed


@pytest.mark.parametrize(
    "wrong", [{"explained": 2.0}, {"lost_share": -0.1}, {"held_out_share": -1.0}]
)
def test_a_gate_set_beyond_sense_is_refused(wrong: dict[str, float]):
    with pytest.raises(ConfigError, match="must lie between"):
        GateConfig(**wrong)  # pyright: ignore[reportArgumentType]
