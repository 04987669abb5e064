"""The learner's memory, as a fit sees it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from learner.arena_index import About
from learner.replay import Demonstrations, Replay
from learner.rows import encode
from learner.samples import Samples, Stratum
from teleop.errors import EpisodeIncomplete, SchemaMismatch
from tests.learner_data import samples, small_net

TRAIN, HELD = samples(6), samples(3, seed=1)


def memory(folder: Path | None = None) -> Replay:
    return Replay(folder, Demonstrations(TRAIN, HELD), small_net())


def correction(count: int = 4, seed: int = 2) -> Samples:
    return samples(count, seed=seed, stratum=Stratum.CORRECTION, action=-0.8)


def actions(replay: Replay, index: np.ndarray) -> list[float]:
    return replay.rows(index).target_NHA[:, 0, 0].tolist()


def test_rows_come_back_as_they_were_put_in():
    replay = memory()
    given = correction()
    assert replay.ingest("episode_00001", given) == 4
    index = replay.where(Stratum.CORRECTION)
    rows, wanted = replay.rows(index), encode(small_net(), given)
    assert torch.allclose(rows.inputs.feature_BF, wanted.inputs.feature_BF, atol=1e-5)
    assert torch.equal(rows.inputs.words_BN, wanted.inputs.words_BN)
    assert torch.allclose(rows.inputs.proprio_BP, wanted.inputs.proprio_BP)
    assert torch.equal(rows.target_NHA, wanted.target_NHA)
    images, blind = replay.pictured(index)
    assert np.array_equal(images.numpy(), given.images(slice(None)))
    assert not blind.inputs.feature_BF.any()


def test_held_out_demonstrations_are_never_among_what_is_drawn():
    replay = memory()
    drawn = np.concatenate([replay.where(stratum) for stratum in Stratum])
    assert len(replay.held_out()) == 3
    assert not np.isin(replay.held_out(), drawn).any()


def test_rows_just_before_a_takeover_are_kept_and_drawn_as_nothing_else():
    replay = memory()
    replay.ingest("episode_00001", samples(4, stratum=Stratum.PRE_INTERVENTION))
    assert len(replay.where(Stratum.PRE_INTERVENTION)) == 4
    assert len(replay.where(Stratum.CORRECTION)) == len(replay.where(Stratum.ROLLOUT)) == 0


def test_rows_of_a_failed_rollout_are_not_kept():
    replay = memory()
    replay.ingest("episode_00001", samples(4, stratum=Stratum.EXCLUDED))
    assert replay.episodes() == {}


def test_a_forgotten_episode_is_drawn_no_more_but_a_fit_that_began_before_goes_on():
    replay = memory()
    replay.ingest("episode_00001", correction())
    before = replay.view
    index = before.where(Stratum.CORRECTION)
    said = actions(replay, index)
    replay.forget("episode_00001")
    replay.ingest("episode_00002", correction(5, seed=3))
    assert len(replay.where(Stratum.CORRECTION)) == 5
    assert replay.corrected() == ["episode_00002"]
    assert np.array_equal(before.where(Stratum.CORRECTION), index)
    assert before.rows(index).target_NHA[:, 0, 0].tolist() == said


def test_the_whole_of_an_episode_replaces_what_was_known_at_the_hand_back():
    replay = memory()
    replay.ingest("episode_00001", correction(4))
    replay.ingest("episode_00001", correction(9))
    assert len(replay.where(Stratum.CORRECTION)) == 9


def test_the_order_of_rows_does_not_tell_when_their_episodes_came():
    one, other = memory(), memory()
    parts = {f"episode_0000{i}": samples(3, seed=i, stratum=Stratum.CORRECTION) for i in range(4)}
    for name, part in parts.items():
        one.ingest(name, part)
    other.ingest("episode_00002", correction())
    for name, part in reversed(parts.items()):
        other.ingest(name, part)
    assert actions(one, one.where(Stratum.CORRECTION)) == actions(
        other, other.where(Stratum.CORRECTION)
    )
    assert one.view.revisions() == other.view.revisions()


def test_an_arena_is_taken_up_again_without_reading_the_episode(tmp_path: Path):
    replay = memory(tmp_path)
    replay.ingest("episode_00001", correction(), About("as it is"))
    said = actions(replay, replay.where(Stratum.CORRECTION))
    replay.close()
    again = memory(tmp_path)
    assert again.corrected() == []  # until somebody says that it is still there
    assert not again.known("episode_00001", "edited since")
    assert again.known("episode_00001", "as it is")
    assert actions(again, again.where(Stratum.CORRECTION)) == said


def test_features_are_kept_and_those_of_another_encoder_are_not_taken_for_them(tmp_path: Path):
    replay = memory(tmp_path)
    index = replay.where(Stratum.DEMONSTRATION)
    kept = replay.rows(index).inputs.feature_BF
    replay.close()
    again = memory(tmp_path)
    assert len(again.view.unknown(index)) == 0
    assert torch.equal(again.rows(index).inputs.feature_BF, kept)
    other = again.under(small_net(seed=1))
    assert len(other.unknown(index)) == len(index)
    assert not torch.allclose(other.rows(index).inputs.feature_BF, kept)


def test_what_a_fit_saw_can_be_seen_again_after_the_episode_has_grown(tmp_path: Path):
    replay = memory(tmp_path)
    replay.ingest("episode_00001", correction(4))
    saw = replay.view.revisions()
    replay.ingest("episode_00001", correction(9))
    replay.close()
    again = memory(tmp_path)
    assert len(again.snapshot(saw).where(Stratum.CORRECTION)) == 4
    with pytest.raises(EpisodeIncomplete, match="no longer in the learner's memory"):
        again.snapshot(saw | {"episode_00001": "0123456789abcdef"})


def test_a_new_encoder_costs_a_bounded_number_of_encodings(monkeypatch: pytest.MonkeyPatch):
    replay = memory()
    for n in range(20):
        replay.ingest(f"episode_{n:05d}", correction(5, seed=n))
    net = small_net(seed=1)
    encoded: list[int] = []
    forward = net.encoder.forward
    monkeypatch.setattr(net.encoder, "forward", lambda x: (encoded.append(len(x)), forward(x))[1])
    seen = replay.under(net).working(40)
    assert sum(encoded) == 0
    seen.rows(seen.everything())
    seen.rows(seen.where(Stratum.CORRECTION))
    assert 40 <= sum(encoded) <= 64  # whole batches of 32
    assert "episode_00019" in seen.corrected()
    assert len(seen.corrections(("episode_00019",))) == 5
    images, _ = seen.pictured(replay.where(Stratum.CORRECTION)[:2])
    assert len(images) == 2 and sum(encoded) <= 64


def test_preparing_gives_way_and_goes_on_where_it_was():
    replay = memory()
    view = replay.view
    every = view.everything()
    assert not view.prepare(every, lambda: False)
    assert len(view.unknown(every)) == len(every)
    assert view.prepare(every) and len(view.unknown(every)) == 0


def test_demonstrations_of_other_cameras_are_refused_with_a_sentence():
    two = samples(2)
    one_camera = replace(two, jpeg_NK=tuple(row[:1] for row in two.jpeg_NK))
    with pytest.raises(SchemaMismatch, match="show 1 cameras, the policy sees by 2"):
        Replay.of(Demonstrations(one_camera, HELD), small_net())


def test_simulated_demonstrations_are_a_stratum_of_their_own_beside_real_ones():
    replay = Replay(None, Demonstrations(TRAIN, HELD), small_net(), blend=True)
    assert len(replay.where(Stratum.DEMONSTRATION)) == 6
    replay.ingest("episode_00001", samples(2))
    assert len(replay.where(Stratum.DEMONSTRATION)) == 2
    assert len(replay.where(Stratum.SYNTHETIC)) == 6
    assert len(memory().where(Stratum.SYNTHETIC)) == 0


def test_what_a_fit_saw_is_seen_again_though_the_demonstrations_were_exchanged(tmp_path: Path):
    replay = memory(tmp_path)
    saw = replay.view.revisions()
    said = actions(replay, replay.where(Stratum.DEMONSTRATION))
    replay.close()
    other = Replay(tmp_path, Demonstrations(samples(9, seed=5), HELD), small_net())
    assert len(other.where(Stratum.DEMONSTRATION)) == 9
    before = other.snapshot(saw)
    assert before.revisions() == saw
    assert actions(other, before.where(Stratum.DEMONSTRATION)) == said
