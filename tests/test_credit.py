from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from learner.credit import AT_ONCE_S, FADE_S, LEAST, credit
from learner.extract import extract
from learner.methods.losses import flow_loss
from learner.record import records_of
from learner.rows import encode
from learner.samples import Stratum
from learner.taken_back import rows_kept
from recorder.labels import Label
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder
from tests.learner_data import samples, small_net
from tests.learner_episodes import CAMERAS, recorded

TICK_NS = 10_000_000
HAND, POLICY = Label.INTERVENTION, Label.ROLLOUT


def counted(*stretches: tuple[Label, float], outcome: Outcome = Outcome.SUCCESS) -> np.ndarray:
    """What the rows of an episode count; the left arm is as given, s, the right the policy's."""
    left = np.concatenate([np.full(round(s * 100), label, np.int8) for label, s in stretches])
    labels = np.stack([left, np.full_like(left, POLICY)], axis=1)
    return credit(np.arange(len(left)) * TICK_NS, labels, outcome)


def test_what_was_done_with_a_hand_counts_less_the_longer_success_then_took():
    rows = counted((POLICY, 2.0), (HAND, AT_ONCE_S + FADE_S))
    assert (rows[:200] == 1.0).all()
    assert rows[200] == pytest.approx(np.exp(-1.0), abs=0.01)
    assert (np.diff(rows[200:]) >= 0.0).all()
    assert (rows[-100:] == 1.0).all()


def test_the_time_that_the_policy_takes_afterwards_costs_nothing():
    soon = counted((HAND, 3.0), (POLICY, 0.1))
    late = counted((HAND, 3.0), (POLICY, 60.0))
    assert np.array_equal(soon[:300], late[:300])


def test_a_second_takeover_says_that_the_first_did_not_do():
    once = counted((HAND, 2.0), (POLICY, 6.0))
    twice = counted((HAND, 2.0), (POLICY, 3.0), (HAND, 3.0))
    assert (twice[:200] < once[:200]).all()


def test_what_was_done_in_an_episode_that_failed_hardly_counts():
    rows = counted((POLICY, 1.0), (HAND, 2.0), outcome=Outcome.FAIL)
    assert (rows[:100] == 1.0).all()
    assert (rows[100:] == LEAST).all()


def test_an_episode_that_is_not_over_counts_as_if_it_had_succeeded_now():
    stretches = ((POLICY, 1.0), (HAND, 4.0), (POLICY, 1.0))
    assert np.array_equal(counted(*stretches, outcome=Outcome.UNLABELLED), counted(*stretches))


def test_a_demonstration_counts_fully_however_long_it_takes():
    assert (counted((Label.DEMONSTRATION, 60.0)) == 1.0).all()


@pytest.mark.parametrize(("outcome", "count"), [(Outcome.SUCCESS, 1.0), (Outcome.FAIL, LEAST)])
def test_the_rows_of_a_recorded_correction_carry_it(tmp_path: Path, outcome: Outcome, count: float):
    path = recorded(SessionFolder(tmp_path), 1, outcome=outcome)
    rows = extract(path, CAMERAS)
    corrected = rows.weight_NHA[rows.stratum_N == Stratum.CORRECTION]
    assert len(corrected)
    assert corrected.max() == pytest.approx(count)


def test_what_was_learned_before_the_episode_failed_is_not_taken_back_by_that(tmp_path: Path):
    path = recorded(SessionFolder(tmp_path), 1)
    learned = extract(path, CAMERAS)
    in_the_end, erased = (
        records_of(replace(learned, weight_NHA=learned.weight_NHA * count), len(CAMERAS))
        for count in (LEAST, 0.0)
    )
    before = records_of(learned, len(CAMERAS))
    assert rows_kept(before, in_the_end)
    assert not rows_kept(before, erased)


def test_a_row_counts_in_the_loss_as_much_as_it_is_credited():
    net = small_net()
    rows = encode(net, samples(8))
    hard = rows.target_NHA.clone()
    hard[4:] += 10.0

    def loss(count: float) -> float:
        weight = rows.weight_NHA.clone()
        weight[4:] = count
        generator = torch.Generator().manual_seed(0)
        each = replace(rows, target_NHA=hard, weight_NHA=weight)
        return flow_loss(net, each, 0.0, generator).item()

    easy, both = loss(0.0), loss(1.0)
    wanted = (4.0 * easy + 0.1 * (8.0 * both - 4.0 * easy)) / 4.4
    assert both > 2.0 * easy
    assert loss(0.1) == pytest.approx(wanted, rel=1e-4)
