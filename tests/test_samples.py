from pathlib import Path

import h5py
import numpy as np
import pytest

from learner.pack import load_demonstrations, save_demonstrations
from learner.replay import Demonstrations
from learner.samples import Samples, Stratum, chunk_targets
from teleop.errors import EpisodeIncomplete, SchemaMismatch
from tests.learner_data import samples

TICK_NS = 10_000_000
PERIOD_NS = 100_000_000


def ramp(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    stamps = TICK_NS * np.arange(rows, dtype=np.int64)
    actions = np.repeat(np.arange(rows, dtype=float)[:, None], 14, axis=1)
    return stamps, actions, np.ones((rows, 2))


def test_a_chunk_step_is_the_mean_of_what_was_executed_in_it():
    stamps, actions, weights = ramp(100)
    target, weight = chunk_targets(stamps, actions, weights, np.array([5]), PERIOD_NS)
    assert np.allclose(target[0, :, 0], 9.5 + 10 * np.arange(8))
    assert (weight == 1).all()


def test_a_chunk_step_past_the_end_of_the_episode_teaches_nothing():
    stamps, actions, weights = ramp(45)
    _, weight = chunk_targets(stamps, actions, weights, np.array([0]), PERIOD_NS)
    assert weight[0, :4].all() and not weight[0, 4:].any()


def test_a_chunk_ends_where_rows_are_missing():
    stamps, actions, weights = ramp(100)
    stamps[30:] += 3 * PERIOD_NS
    _, weight = chunk_targets(stamps, actions, weights, np.array([5, 30]), PERIOD_NS)
    assert weight[0, :2].all() and not weight[0, 2:].any()
    assert weight[1, :7].all()


def test_one_late_tick_ends_no_chunk():
    stamps, actions, weights = ramp(100)
    stamps[30:] += 3 * TICK_NS
    _, weight = chunk_targets(stamps, actions, weights, np.array([5]), PERIOD_NS)
    assert weight.all()


def test_a_step_that_the_operator_did_not_drive_whole_teaches_nothing_for_that_arm():
    stamps, actions, weights = ramp(100)
    weights[25:, 0] = 0  # the left arm is handed back in the third step
    _, weight = chunk_targets(stamps, actions, weights, np.array([0]), PERIOD_NS)
    assert weight[0, :2, :7].all() and not weight[0, 2:, :7].any()
    assert weight[0, :, 7:].all()


def test_a_pack_of_demonstrations_comes_back_whole(tmp_path: Path):
    packed = Demonstrations(samples(6), samples(2, seed=1))
    save_demonstrations(tmp_path / "d.h5", packed)
    loaded = load_demonstrations(tmp_path / "d.h5")
    assert loaded.train.jpeg_NK == packed.train.jpeg_NK
    assert np.array_equal(loaded.held_out.target_NHA, packed.held_out.target_NHA)
    assert np.array_equal(loaded.train.weight_NHA, packed.train.weight_NHA)


def test_rows_can_be_selected_and_joined_again():
    whole = samples(5)
    parts = [whole.select(np.array([0, 1, 2])), whole.select(np.array([3, 4]))]
    joined = Samples.concatenate(parts)
    assert joined.jpeg_NK == whole.jpeg_NK
    assert np.array_equal(joined.images(slice(None)), whole.images(slice(None)))


def test_strata_are_told_apart_after_joining():
    joined = Samples.concatenate([samples(2), samples(3, stratum=Stratum.CORRECTION)])
    assert (joined.stratum_N == Stratum.CORRECTION).sum() == 3


def test_a_pack_without_goals_still_loads_and_one_with_goals_keeps_them(tmp_path: Path):
    packed = Demonstrations(samples(4), samples(2, seed=1))
    packed.train.goal_N6[:] = 0.01
    save_demonstrations(tmp_path / "d.h5", packed)
    assert np.array_equal(
        load_demonstrations(tmp_path / "d.h5").train.goal_N6, packed.train.goal_N6
    )
    with h5py.File(tmp_path / "d.h5", "r+") as file:
        for name in ("train", "held_out"):
            del file[f"{name}/goal_N6"]
    loaded = load_demonstrations(tmp_path / "d.h5")
    assert loaded.train.goal_N6.shape == (4, 6) and np.isnan(loaded.train.goal_N6).all()


def test_a_pack_that_is_cut_off_or_holds_no_numbers_is_refused_with_its_name(tmp_path: Path):
    path = tmp_path / "d.h5"
    packed = Demonstrations(samples(4), samples(2, seed=1))
    save_demonstrations(path, packed)
    whole = path.read_bytes()
    for content in (b"", whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(EpisodeIncomplete, match=r"d\.h5' cannot be read .* `nudge train`"):
            load_demonstrations(path)
    packed.train.target_NHA[1, 2, 3] = np.nan
    save_demonstrations(path, packed)
    with pytest.raises(SchemaMismatch, match=r"d\.h5' hold actions that are not numbers"):
        load_demonstrations(path)
