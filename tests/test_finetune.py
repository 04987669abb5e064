from dataclasses import replace

import numpy as np
import pytest
import torch

from learner.memory import MixConfig
from learner.methods.finetune import Finetune, FinetuneConfig
from learner.methods.method import Speed
from learner.model import attach
from learner.samples import Stratum
from teleop.errors import PolicyError
from tests.learner_data import samples, small_net
from tests.method_parts import correction, errors, ground, run

CONFIG = FinetuneConfig(
    head_steps=120,
    refit_steps=20,
    encoder_steps=3,
    last_steps=5,
    batch=32,
    encoder_batch=8,
    feature_noise=0.0,
    drop_proprio=0.0,
    regrasp_m=0.0,
    regrasp_rad=0.0,
    learning_rate=3e-3,
)


def fitted(start, speed: Speed = Speed.QUICK, **changes):
    fit = Finetune(replace(CONFIG, **changes)).fit(start, speed)
    assert fit is not None
    return fit


def test_a_quick_fit_learns_a_correction_and_keeps_the_demonstrations():
    start = ground()
    kept, wrong = errors(start.base, start)
    held_out, corrected = errors(run(fitted(start)), start)
    assert corrected < 0.4 * wrong
    assert held_out < kept + 0.15


def test_a_quick_fit_from_the_last_full_version_does_not_carry_what_is_served():
    start = ground()
    other = run(fitted(start, head_steps=2))
    start = replace(start, serving=other)
    pairs = zip(fitted(start).net.head.parameters(), start.settled.head.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_a_quick_fit_from_a_full_version_goes_a_shorter_way_than_from_the_base():
    start = ground()
    full = run(fitted(start, head_steps=20))
    moved: list[float] = []
    for settled in (start.base, full):
        net = run(fitted(replace(start, settled=settled), quick_rate=3e-3, touch_rate=3e-3))
        pairs = zip(net.head.parameters(), settled.head.parameters(), strict=True)
        moved.append(sum(float((a - b).detach().square().sum()) for a, b in pairs))
    assert 0.0 < moved[1] < 0.4 * moved[0]


def test_an_encoder_that_reads_the_corrections_well_is_left_alone():
    start = ground()
    assert {"encoder", "last"} <= _phases(fitted(start, Speed.FULL, misread=0.0))
    assert _phases(fitted(start, Speed.FULL, misread=1e9)) == {"head"}


def test_an_encoder_is_moved_where_nothing_is_known_of_the_corrections():
    blind = replace(correction(), goal_N6=np.full((8, 6), np.nan, np.float32))
    assert "encoder" in _phases(fitted(ground(None, blind), Speed.FULL, misread=1e9))


@pytest.mark.slow
def test_a_full_fit_moves_the_encoder_towards_what_hindsight_says():
    start = ground()
    near = {"misread": 0.0, "encoder_steps": 15, "encoder_rate": 3e-3}
    net = run(fitted(start, Speed.FULL, **near, goal=20.0, anchor=0.0))
    corrections = start.memory.where(Stratum.CORRECTION)
    goal = start.memory.rows(corrections).goal_N6
    before, after = (
        start.memory.under(n).rows(corrections).inputs.feature_BF[:, -6:] for n in (start.base, net)
    )
    scaled = goal / torch.tensor([0.012, 0.012, 0.012, 0.08, 0.08, 0.08])
    assert float((after - scaled).abs().mean()) < 0.8 * float((before - scaled).abs().mean())


@pytest.mark.slow
def test_an_anchored_encoder_stays_nearer_to_where_it_was_on_demonstrations():
    start = ground()
    demonstrations = start.memory.where(Stratum.DEMONSTRATION)
    old = start.memory.rows(demonstrations).inputs.feature_BF
    moved = []
    for anchor in (0.0, 30.0):
        net = run(fitted(start, Speed.FULL, misread=0.0, encoder_steps=8, anchor=anchor))
        new = start.memory.under(net).rows(demonstrations).inputs.feature_BF
        moved.append(float((new - old).abs().mean()))
    assert moved[1] < 0.7 * moved[0]


def test_a_full_fit_goes_half_the_way_from_the_full_version_before_it():
    start = ground()
    companion = run(fitted(start, Speed.FULL, misread=1e9, refit_steps=40))
    alone, beside = (
        run(fitted(replace(start, companion=net), Speed.FULL, misread=1e9))
        for net in (None, companion)
    )
    triples = zip(beside.parameters(), alone.parameters(), companion.parameters(), strict=True)
    for found, led, before in triples:
        torch.testing.assert_close(found.detach(), torch.lerp(before, led, 0.5).detach())


def test_a_consolidation_takes_nothing_from_the_version_before_it():
    start = ground()
    alone, beside = (
        run(fitted(replace(start, companion=net), Speed.CONSOLIDATE, misread=1e9))
        for net in (None, small_net(3))
    )
    pairs = zip(alone.parameters(), beside.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_a_version_that_another_method_made_is_not_averaged_with():
    start = replace(ground(), companion=attach(small_net(), "residual"))
    run(fitted(start, Speed.FULL, misread=1e9, refit_steps=2))


def test_heads_that_read_by_different_encoders_are_not_averaged():
    start = ground()
    companion = run(fitted(start, Speed.FULL, misread=0.0))
    alone, beside = (
        run(fitted(replace(start, companion=net), Speed.FULL, misread=1e9))
        for net in (None, companion)
    )
    pairs = zip(alone.parameters(), beside.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_a_pull_keeps_the_head_nearer_to_the_base():
    start = ground()
    far = []
    for pull in (0.0, 0.1):
        net = run(fitted(start, pull=pull, head_steps=15))
        pairs = zip(net.head.parameters(), start.base.head.parameters(), strict=True)
        far.append(sum(float((a - b).detach().square().sum()) for a, b in pairs))
    assert far[1] < 0.7 * far[0]


def test_corrections_without_demonstrations_are_refused():
    start = ground()

    class Bare:
        def where(self, stratum: Stratum):
            found = start.memory.where(stratum)
            return found[:0] if stratum is Stratum.DEMONSTRATION else found

    with pytest.raises(PolicyError, match="no demonstrations"):
        Finetune(CONFIG).fit(replace(start, memory=Bare()), Speed.QUICK)  # pyright: ignore[reportArgumentType]


def test_rows_just_before_a_takeover_teach_the_head_nothing():
    before = samples(8, seed=3, stratum=Stratum.PRE_INTERVENTION, action=0.9)
    with_them, without = (
        run(fitted(ground(None, *rows), head_steps=5, goal=0.0))
        for rows in ((correction(), before), (correction(),))
    )
    pairs = zip(with_them.head.parameters(), without.head.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_consolidation_takes_more_steps_than_a_full_fit():
    start = ground()
    full, both = (fitted(start, speed) for speed in (Speed.FULL, Speed.CONSOLIDATE))
    assert both.steps > full.steps


def test_a_share_of_nothing_draws_no_corrections():
    start = replace(ground(), mix=MixConfig(corrections=0.0))
    _, wrong = errors(start.base, start)
    assert errors(run(fitted(start, head_steps=40)), start)[1] > 0.5 * wrong


def _phases(fit) -> set[str]:
    return {phase.name for phase in fit._phases}
