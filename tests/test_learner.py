from pathlib import Path

import pytest
import torch

from learner.gate import GateConfig
from learner.learner import Learner, LearnerConfig
from learner.methods.finetune import FinetuneConfig, Mix, fit_head
from learner.replay import Demonstrations
from learner.rows import encode
from learner.samples import Samples, Stratum
from learner.store import PolicyStore
from tests.learner_data import manifest, samples, small_net

FAST = FinetuneConfig(
    head_steps=150, refit_steps=60, encoder_steps=2, feature_noise=0.0, drop_proprio=0.0
)


@pytest.fixture
def store(tmp_path: Path) -> PolicyStore:
    """A store whose version 0 knows the demonstrations."""
    net = small_net()
    rows = encode(net, samples(40, action=0.5))
    torch.manual_seed(0)
    fit_head(
        net,
        Mix(rows, None, None),
        200,
        FAST,
        torch.Generator().manual_seed(0),
        lambda share, loss: None,
    )
    store = PolicyStore(tmp_path)
    store.publish(net, manifest(0))
    store.promote(0)
    return store


def learner_on(store: PolicyStore, gate: GateConfig | None = None) -> Learner:
    demonstrations = Demonstrations(samples(40, action=0.5), samples(10, seed=1, action=0.5))
    return Learner(store, demonstrations, LearnerConfig(FAST, gate or GateConfig(floor=0.5)))


def correction(seed: int = 2):
    rows = samples(8, seed=seed, stratum=Stratum.CORRECTION, action=-0.8)
    rows.position_N23[:] = 0.03
    return rows


def test_a_correction_becomes_a_served_version_that_names_it(store: PolicyStore):
    learner = learner_on(store)
    assert learner.ingest("episode_00004", correction())
    published = learner.update_head(lambda: 1.5)
    assert published.manifest.accepted, published.manifest.reason
    assert store.serving() == 1
    saved = store.load(1)[1]
    assert saved.corrections == ("episode_00004",) and saved.parent == 0
    assert saved.provisional and saved.seconds_from_handback == 1.5


def test_what_fails_the_gate_is_kept_and_shown_but_not_served(store: PolicyStore):
    learner = learner_on(store, GateConfig(held_out_share=0.0, floor=0.0))
    learner.ingest("episode_00004", correction())
    published = learner.update_head(lambda: 0.0)
    assert not published.manifest.accepted and "forgot" in published.manifest.reason
    assert store.serving() == 0 and 1 in store.versions()


def test_an_episode_already_learned_is_not_learned_again_when_its_whole_file_comes(
    store: PolicyStore,
):
    learner = learner_on(store)
    assert learner.ingest("episode_00004", correction())
    learner.update_head(lambda: 0.0)
    assert not learner.ingest("episode_00004", correction())


def test_a_second_correction_in_the_same_episode_is_learned_too(store: PolicyStore):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    learner.update_head(lambda: 0.0)
    longer = Samples.concatenate([correction(), correction(3)])
    assert learner.ingest("episode_00004", longer)


def test_a_full_fit_starts_from_the_base_and_is_no_longer_provisional(store: PolicyStore):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    learner.update_head(lambda: 0.0)
    published = learner.fit_full()
    assert published is not None
    assert published.manifest.parent == 0 and not published.manifest.provisional


def test_a_full_fit_gives_way_and_publishes_nothing(store: PolicyStore):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    assert learner.fit_full(keep_going=lambda: False) is None
    assert store.versions() == [0]


def test_a_discarded_correction_is_in_no_later_version(store: PolicyStore):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    learner.forget("episode_00004")
    learner.ingest("episode_00005", correction(3))
    learner.update_head(lambda: 0.0)
    assert store.load(1)[1].corrections == ("episode_00005",)


def test_a_restarted_learner_knows_what_the_serving_version_has_learned(store: PolicyStore):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    learner.update_head(lambda: 0.0)
    again = learner_on(store)
    assert not again.ingest("episode_00004", correction())
    assert again.ingest("episode_00005", correction(3))


def test_when_the_only_correction_is_discarded_a_full_fit_knows_demonstrations_alone(
    store: PolicyStore,
):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    learner.update_head(lambda: 0.0)
    learner.forget("episode_00004")
    published = learner.fit_full()
    assert published is not None
    assert published.manifest.corrections == ()
    assert published.manifest.accepted, published.manifest.reason
