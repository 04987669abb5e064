import numpy as np
import torch

from learner.cached_replay import CachedReplay
from learner.methods.finetune import FinetuneConfig, Mix, copy_net, fit_encoder, fit_head
from learner.replay import Demonstrations
from learner.rows import action_error, encode
from learner.samples import Stratum
from tests.learner_data import samples, small_net

CONFIG = FinetuneConfig(batch=32, feature_noise=0.0, drop_proprio=0.0)


def silent(share: float, loss: float) -> None:
    del share, loss


def fit(net, mix: Mix, steps: int, seed: int = 0) -> None:
    torch.manual_seed(seed)
    fit_head(net, mix, steps, CONFIG, torch.Generator().manual_seed(seed), silent)


def test_a_head_learns_eight_rows_by_heart():
    net = small_net()
    rows = encode(net, samples(8, action=0.5))
    before = action_error(net, rows)
    fit(net, Mix(rows, None, None), 200)
    assert action_error(net, rows) < 0.3 * before


def test_a_correction_is_learned_and_the_demonstrations_are_kept():
    net = small_net()
    replay = CachedReplay.of(
        Demonstrations(samples(40, action=0.5), samples(10, seed=1, action=0.5)), net
    )
    fit(net, replay.mix(), 200)
    kept = action_error(net, replay.held_out)
    correction = samples(6, seed=2, stratum=Stratum.CORRECTION, action=-0.8)
    correction.position_N23[:] = 0.03  # seen elsewhere than the demonstrations
    assert replay.ingest("3", correction) == 6
    rows = replay.corrections(["3"])
    assert rows is not None
    before = action_error(net, rows)
    fit(net, replay.mix(), 200)
    assert action_error(net, rows) < 0.5 * before
    assert action_error(net, replay.held_out) < kept + 0.15


def test_half_of_every_batch_is_corrections_however_few_they_are():
    net = small_net()
    rows = encode(net, samples(30))
    few = encode(net, samples(2, stratum=Stratum.CORRECTION))
    shares = Mix(rows, few, None).shares(FinetuneConfig(batch=64, correction_share=0.5))
    assert [count for _, count in shares] == [32, 32]


def test_the_same_seed_gives_the_same_weights():
    nets = []
    for _ in range(2):
        net = small_net()
        fit(net, Mix(encode(net, samples(16)), None, None), 20, seed=5)
        nets.append(net)
    for a, b in zip(nets[0].parameters(), nets[1].parameters(), strict=True):
        assert torch.equal(a, b)


def test_a_fit_gives_way_when_told_to():
    net = small_net()
    made = fit_head(
        net,
        Mix(encode(net, samples(8)), None, None),
        100,
        CONFIG,
        torch.Generator(),
        silent,
        keep_going=lambda: False,
    )
    assert made == 0


def test_the_encoder_learns_from_images_with_the_head():
    net = small_net()
    replay = CachedReplay.of(Demonstrations(samples(24), samples(4, seed=1)), net)
    before = copy_net(net)
    generator = torch.Generator().manual_seed(0)
    fit_encoder(net, lambda: replay.draw(8, 0.5, generator), 3, CONFIG, silent)
    changed = [
        not torch.equal(a, b)
        for a, b in zip(net.encoder.parameters(), before.encoder.parameters(), strict=True)
    ]
    assert np.mean(changed) > 0.5


def test_a_discarded_episode_is_in_no_later_fit():
    net = small_net()
    replay = CachedReplay.of(Demonstrations(samples(8), samples(2)), net)
    replay.ingest("1", samples(4, stratum=Stratum.CORRECTION))
    replay.forget("1")
    assert replay.corrected() == [] and replay.mix().corrections is None


def test_frames_just_before_a_takeover_are_never_drawn():
    net = small_net()
    replay = CachedReplay.of(Demonstrations(samples(8), samples(2)), net)
    assert replay.ingest("1", samples(4, stratum=Stratum.EXCLUDED)) == 0
    assert replay.mix().corrections is None and replay.mix().rollouts is None
