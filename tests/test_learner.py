from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from learner.fit_log import Cause, FitLog
from learner.gate_checks import GateConfig
from learner.judging import Published
from learner.learner import Learner
from learner.learner_config import LearnerConfig
from learner.manifest import load_manifest
from learner.methods.finetune import Finetune, FinetuneConfig
from learner.methods.fit import Fit
from learner.methods.method import Ground, Speed
from learner.replay import Demonstrations
from learner.samples import Samples, Stratum
from learner.store import PolicyStore
from teleop.serving import moves
from tests.learner_data import manifest, samples, small_net

FAST = FinetuneConfig(
    head_steps=40,
    refit_steps=30,
    encoder_steps=2,
    last_steps=4,
    feature_noise=0.0,
    drop_proprio=0.0,
)
KIND = GateConfig(held_out_share=9.0, floor=9.0, lost_share=1.0, explained=-2.0, contradicted=-2.0)
STRICT = replace(KIND, held_out_share=0.0, floor=0.0)


@pytest.fixture
def store(tmp_path: Path) -> PolicyStore:
    store = PolicyStore(tmp_path / "policies")
    store.publish(small_net(), manifest(0))
    store.promote(0, "start")
    return store


def learner_on(store: PolicyStore, gate: GateConfig = KIND) -> Learner:
    demonstrations = Demonstrations(samples(8, action=0.5), samples(4, seed=1, action=0.5))
    config = LearnerConfig(finetune=FAST, gate=gate)
    return Learner(store, demonstrations, config, store.folder.parent / "learner")


def correction(seed: int = 2, count: int = 6) -> Samples:
    rows = samples(count, seed=seed, stratum=Stratum.CORRECTION, action=-0.8)
    rows.position_N23[:] = 0.01 * seed - 0.001 * np.arange(count)[:, None, None]
    return rows


def finished(learner: Learner, versions: int = 20) -> list[Published]:
    """Work until there is nothing to do."""
    found: list[Published] = []
    for _ in range(versions):
        published = learner.work()
        if published is None:
            return found
        found.append(published)
    raise AssertionError("it never comes to an end")


def served(store: PolicyStore) -> tuple[str, ...]:
    return load_manifest(store.path(store.serving())).corrections


def test_a_correction_becomes_a_provisional_version_and_then_a_full_one(store: PolicyStore):
    learner = learner_on(store)
    learner.handback_ns = 5
    assert learner.ingest("episode_00004", correction())
    first, second = finished(learner)
    assert first.served and first.manifest.provisional and first.manifest.speed == "head"
    assert first.handback_ns == 5 and first.manifest.seconds_from_handback > 0
    assert second.served and not second.manifest.provisional and second.manifest.speed == "full"
    assert second.manifest.parent == 0
    assert store.serving() == 2 and served(store) == ("episode_00004",)


def test_what_fails_the_gate_is_kept_with_the_reason_and_not_served(store: PolicyStore):
    learner = learner_on(store, STRICT)
    learner.ingest("episode_00004", correction())
    first, second = finished(learner)
    assert not first.served and "forgot" in first.manifest.reason
    assert not second.served
    assert store.serving() == 0 and store.versions() == [0, 1, 2]


def test_an_episode_already_learned_is_not_learned_again_when_its_whole_file_comes(
    store: PolicyStore,
):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    learner.learn(Speed.QUICK)
    assert not learner.ingest("episode_00004", correction())
    longer = Samples.concatenate([correction(), samples(4, seed=9, stratum=Stratum.ROLLOUT)])
    assert not learner.ingest("episode_00004", longer)


def test_a_second_correction_in_the_same_episode_is_learned_too(store: PolicyStore):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    learner.learn(Speed.QUICK)
    assert learner.ingest("episode_00004", Samples.concatenate([correction(), correction(3)]))


def test_a_full_fit_gives_way_to_a_correction_and_its_last_phase_sees_it(store: PolicyStore):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    learner.work()
    assert learner.work(lambda: True) is None  # a slice of the full fit
    assert learner.running is not None and 0.0 < learner.running.share < 1.0
    learner.ingest("episode_00005", correction(3))
    quick, full = finished(learner)[:2]
    assert quick.manifest.speed == "head"
    assert quick.manifest.corrections == ("episode_00004", "episode_00005")
    assert full.manifest.speed == "full" and full.manifest.fit < quick.manifest.fit
    assert full.manifest.corrections == ("episode_00004", "episode_00005") and full.served


def test_a_full_fit_that_lacks_the_last_correction_is_caught_up_before_it_is_served(
    store: PolicyStore,
):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    learner.work()
    learner.work(lambda: learner.running is not None and learner.running.fit.phase == "last")
    learner.work(lambda: True)  # the last phase has begun
    learner.ingest("episode_00005", correction(3))
    quick, full, after = finished(learner)[:3]
    assert quick.served and not full.served and full.manifest.accepted
    assert full.manifest.corrections == ("episode_00004",)
    assert after.served and after.manifest.speed == "head"
    begun = FitLog(store.folder).records[after.manifest.fit].begun
    assert begun.cause is Cause.CATCH_UP and begun.ground == full.manifest.version


def test_a_discarded_correction_is_in_no_later_version(store: PolicyStore):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    learner.forget("episode_00004")
    learner.ingest("episode_00005", correction(3))
    finished(learner)
    assert served(store) == ("episode_00005",)


def test_a_restarted_learner_knows_what_was_learned(store: PolicyStore):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    finished(learner)
    learner.close()
    again = learner_on(store)
    assert not again.ingest("episode_00004", correction())
    assert finished(again) == []
    assert again.ingest("episode_00005", correction(3))


def test_when_the_only_correction_is_taken_back_the_version_before_it_is_served_at_once(
    store: PolicyStore,
):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    finished(learner)
    assert store.serving() == 2
    learner.forget("episode_00004")
    finished(learner)
    assert store.serving() == 0
    assert "taken back" in moves(store.folder)[-1].reason


@pytest.mark.parametrize(
    "how",
    [
        "deleted",
        pytest.param("trimmed", marks=pytest.mark.slow),
        pytest.param("relabelled", marks=pytest.mark.slow),
    ],
)
def test_a_correction_that_was_learned_is_unlearned_from_the_version_before_it(
    store: PolicyStore, how: str
):
    learner = learner_on(store)
    for number in (4, 5, 6):
        learner.ingest(f"episode_0000{number}", correction(number))
        learner.work()
    full = finished(learner)
    assert full[-1].manifest.speed == "full"
    if how == "deleted":
        learner.forget("episode_00005")
    elif how == "trimmed":
        learner.ingest("episode_00005", correction(5).select(np.arange(3)))
    else:
        rows = correction(5)
        rows.stratum_N[2:] = Stratum.EXCLUDED
        learner.ingest("episode_00005", rows)
    quick, consolidated = finished(learner)
    assert quick.manifest.speed == "head" and quick.served
    fit = FitLog(store.folder).records[quick.manifest.fit].begun
    assert fit.cause is Cause.TAKEN_BACK and fit.ground == 1  # which knew the first one only
    assert consolidated.manifest.speed == "consolidate" and consolidated.served
    left = ("episode_00004", "episode_00005", "episode_00006")
    assert served(store) == (left[::2] if how == "deleted" else left)


@pytest.mark.parametrize("left", [("episode_00004", "episode_00005"), ("episode_00005",)])
def test_a_full_fit_is_averaged_with_the_one_before_unless_that_learned_what_was_taken_back(
    store: PolicyStore, monkeypatch: pytest.MonkeyPatch, left: tuple[str, ...]
):
    beside: list[bool] = []
    fit = Finetune.fit

    def spied(self: Finetune, ground: Ground, speed: Speed) -> Fit | None:
        beside.append(ground.companion is not None)
        return fit(self, ground, speed)

    monkeypatch.setattr(Finetune, "fit", spied)
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    learner.learn(Speed.FULL)
    learner.ingest("episode_00005", correction(3))
    if "episode_00004" not in left:
        learner.forget("episode_00004")
    learner.learn(Speed.FULL)
    assert beside == [False, len(left) == 2]
    assert served(store) == left


def test_growth_of_an_episode_takes_nothing_back(store: PolicyStore):
    learner = learner_on(store)
    cut = correction()
    cut.weight_NHA[-2:, 4:] = 0.0
    learner.ingest("episode_00004", cut)
    finished(learner)
    learner.ingest("episode_00004", correction())
    assert finished(learner) == []


def test_after_an_operator_went_back_the_next_fit_starts_from_there(store: PolicyStore):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    learner.work()
    learner.work(lambda: True)
    store.promote(0, "operator", "it shivers")
    assert finished(learner) == []  # no refit undoes what the operator chose
    assert store.serving() == 0
    learner.ingest("episode_00005", correction(3))
    finished(learner)
    record = next(r for r in FitLog(store.folder).records.values() if r.begun.fit == 2)
    assert record.begun.ground == 0 and store.serving() > 1


def test_consolidation_is_made_on_order_from_the_base(store: PolicyStore):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    finished(learner)
    learner.order_consolidation()
    (published,) = finished(learner)
    assert published.manifest.speed == "consolidate" and published.manifest.parent == 0
    assert published.served


def test_a_paused_learner_learns_nothing_until_it_goes_on(store: PolicyStore):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    learner.paused = True
    assert finished(learner) == []
    learner.paused = False
    assert len(finished(learner)) == 2
