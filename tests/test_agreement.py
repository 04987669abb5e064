import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from learner.agreement import motion_agreement, similar_agreement, spread
from learner.bench_gate.poison import Poison, poisoned
from learner.gate_checks import Consistent, GateConfig, suspicion
from learner.rows import Rows, with_features
from learner.samples import Samples, Stratum
from tests.learner_data import samples, small_net

NET = small_net()
with torch.no_grad():
    NET.action_scale_A.copy_(
        torch.tensor([0.03] * 3 + [0.2] * 3 + [0.25] + [0.03] * 3 + [0.2] * 3 + [0.25])
    )
SIZE = NET.config.trunk + 6


def driven(count: int = 20, seed: int = 0) -> Samples:
    """Rows of a correction that wanders, in which the arms moved as the actions say."""
    rng = np.random.default_rng(seed)
    phase = np.arange(count + 8)[:, None] * 0.3 + rng.uniform(0.0, 6.0, 6)
    twist = np.sin(phase) * np.array([0.01] * 3 + [0.05] * 3)
    made = samples(count, seed, Stratum.CORRECTION)
    target = np.zeros_like(made.target_NHA)
    for step in range(8):
        target[:, step, :6] = twist[step : step + count]
    position = np.zeros((count, 2, 3))
    position[:, 0] = np.cumsum(twist[:count, :3], axis=0) * 0.1 - twist[:1, :3] * 0.1
    half = 0.5 * (np.cumsum(twist[:count, 3:], axis=0) * 0.1 - twist[:1, 3:] * 0.1)
    quaternion = np.tile([1.0, 0.0, 0.0, 0.0], (count, 2, 1))
    quaternion[:, 0, 1:] = half
    quaternion /= np.linalg.norm(quaternion, axis=-1, keepdims=True)
    return replace(made, target_NHA=target, position_N23=position, quaternion_N24=quaternion)


def rows_of(made: Samples, feature: torch.Tensor | None = None) -> Rows:
    return with_features(NET, made, torch.zeros(len(made), SIZE) if feature is None else feature)


def agreement(made: Samples, index: np.ndarray | None = None):
    numbers = np.arange(len(made)) if index is None else index
    return motion_agreement(rows_of(made), numbers, NET.action_scale_A, NET.action_offset_A)


def test_actions_explain_how_the_arms_moved():
    found = agreement(driven())
    assert found.whole > 0.95 and found.worst_axis > 0.9


@pytest.mark.parametrize("kind", list(Poison))
@pytest.mark.parametrize("seed", range(5))
def test_actions_that_are_not_the_operators_do_not(kind: Poison, seed: int):
    other = samples(60, 9)
    bad = poisoned(driven(seed=seed), kind, other, np.random.default_rng(seed))
    found = agreement(bad)
    judged = Consistent("e1", found.whole, found.worst_axis, math.nan)
    assert suspicion(judged, GateConfig())


def test_an_intervention_action_saved_with_one_mirrored_axis_is_seen():
    made = driven()
    made.target_NHA[..., 1] *= -1.0
    assert agreement(made).worst_axis < -0.9


def test_poison_leaves_the_images_the_poses_and_the_grippers():
    made = driven()
    bad = poisoned(made, Poison.RANDOM, samples(60, 9), np.random.default_rng(0))
    assert bad.jpeg_NK is made.jpeg_NK and bad.position_N23 is made.position_N23
    assert np.array_equal(bad.target_NHA[..., [6, 13]], made.target_NHA[..., [6, 13]])
    assert not np.array_equal(bad.target_NHA, made.target_NHA)


def test_rows_on_both_sides_of_a_gap_are_not_compared():
    made = driven()
    made.position_N23[10:] += 1.0  # a second correction, elsewhere
    apart = np.concatenate([np.arange(10), np.arange(40, 50)])
    assert agreement(made, apart).whole > 0.95


def test_a_correction_of_a_moment_is_too_short_to_tell():
    assert math.isnan(agreement(driven(4)).whole)


def known_and_new(direction: float, distance: float = 0.0) -> float:
    """Agreement of a correction with what was done at the same places, or further off."""
    rng = torch.Generator().manual_seed(0)
    place = torch.rand(60, SIZE, generator=rng)
    before, now = samples(60, 1), samples(20, 2, Stratum.CORRECTION)
    before.target_NHA[..., 1] = np.linspace(-1.0, 1.0, 60)[:, None]
    now.target_NHA[..., 1] = direction * np.linspace(-1.0, 1.0, 60)[:20, None]
    for made in (before, now):
        made.target_NHA[..., [2, 3, 4, 5]] = 0.0
    return similar_agreement(rows_of(now, place[:20] + distance), rows_of(before, place))


def test_opposite_actions_in_similar_states_contradict_each_other():
    ones = known_and_new(1.0)
    assert known_and_new(-1.0) == pytest.approx(-ones) and ones != 0.0


def test_where_nobody_has_been_before_there_is_nothing_to_contradict():
    assert math.isnan(known_and_new(1.0, distance=50.0))


def test_rows_are_spread_evenly():
    assert spread(np.arange(10), 20).tolist() == list(range(10))
    assert spread(np.arange(101), 3).tolist() == [0, 50, 100]


def test_a_jammed_part_that_moves_as_it_can_does_not_make_a_correction_suspect():
    found = Consistent("e1", 0.59, -0.05, math.nan)
    assert suspicion(found, GateConfig()) == ""
