"""Shares of the strata in a batch, drawn or weighed."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from learner.memory import MixConfig
from learner.mixing import draw, draw_evenly, shares, weights
from learner.replay import Demonstrations, Replay
from learner.samples import Stratum
from tests.learner_data import samples, small_net

DEMO, CORR, ROLL, SYN = (
    Stratum.DEMONSTRATION,
    Stratum.CORRECTION,
    Stratum.ROLLOUT,
    Stratum.SYNTHETIC,
)


def test_half_of_every_batch_is_corrections_however_few_they_are():
    replay = Replay.of(Demonstrations(samples(30), samples(2)), small_net())
    replay.ingest("1", samples(2, stratum=CORR))
    drawn = draw(replay, MixConfig(), 64, torch.Generator().manual_seed(0))
    assert np.isin(drawn, replay.where(CORR)).sum() == 32 and len(drawn) == 64


def test_the_shares_of_empty_strata_go_to_the_demonstrations():
    assert shares(MixConfig(), {DEMO: 9}) == {DEMO: 1.0}
    assert shares(MixConfig(0.5, 0.1), {DEMO: 9, CORR: 1}) == {CORR: 0.5, DEMO: 0.5}
    assert shares(MixConfig(0.5, 0.0, 0.2), {SYN: 9, CORR: 1}) == {CORR: 0.5, SYN: 0.5}
    assert shares(MixConfig(), {}) == {}


@given(
    st.tuples(*[st.floats(0.0, 1 / 3)] * 3),
    st.tuples(*[st.integers(0, 50)] * 4),
)
def test_no_share_is_negative_as_in_the_formula_of_sirius(
    mix: tuple[float, float, float], counts: tuple[int, int, int, int]
):
    rows: dict[Stratum, int] = dict(zip((DEMO, CORR, ROLL, SYN), counts, strict=True))
    parts = shares(MixConfig(*mix), rows)
    assert all(share > 0.0 and rows[stratum] > 0 for stratum, share in parts.items())
    assert sum(parts.values()) == pytest.approx(1.0 if any(counts) else 0.0)


def test_a_correction_weighs_as_in_the_mean_one_form_of_iwr():
    rows = {DEMO: 90, CORR: 10}
    weight = weights(shares(MixConfig(0.5, 0.0), rows), rows)
    assert weight[CORR] == pytest.approx(100 / (2 * 10))
    assert weight[DEMO] == pytest.approx(100 / (2 * 90))
    assert sum(weight[s] * n for s, n in rows.items()) / 100 == pytest.approx(1.0)


def test_drawing_and_weighing_expect_the_same():
    replay = Replay.of(Demonstrations(samples(20), samples(2)), small_net())
    replay.ingest("1", samples(3, stratum=CORR))
    replay.ingest("2", samples(7, stratum=ROLL))
    value = np.zeros(100)
    for stratum, height in ((DEMO, 1.0), (CORR, 5.0), (ROLL, -3.0)):
        value[replay.where(stratum)] = height
    generator, mix = torch.Generator().manual_seed(0), MixConfig(0.45, 0.15)
    drawn = value[draw(replay, mix, 40_000, generator)].mean()
    index, weight = draw_evenly(replay, mix, 40_000, generator)
    wanted = 0.4 * 1.0 + 0.45 * 5.0 - 0.15 * 3.0
    assert drawn == pytest.approx(wanted, abs=0.01)
    assert (value[index] * weight).mean() == pytest.approx(wanted, abs=0.12)


def test_shares_that_are_no_whole_rows_hold_on_average():
    replay = Replay.of(Demonstrations(samples(8), samples(2)), small_net())
    replay.ingest("1", samples(3, stratum=CORR))
    generator = torch.Generator().manual_seed(1)
    batches = [draw(replay, MixConfig(0.3, 0.0), 5, generator) for _ in range(400)]
    assert {len(batch) for batch in batches} == {5}
    corrections = np.isin(np.concatenate(batches), replay.where(CORR)).mean()
    assert corrections == pytest.approx(0.3, abs=0.005)


def test_a_batch_follows_from_the_generator_alone():
    replay = Replay.of(Demonstrations(samples(20), samples(2)), small_net())
    replay.ingest("1", samples(3, stratum=CORR))
    one, other = (torch.Generator().manual_seed(7) for _ in range(2))
    torch.manual_seed(int(one.initial_seed()) + 5)
    first = draw(replay, MixConfig(), 32, one)
    torch.rand(3)
    assert np.array_equal(first, draw(replay, MixConfig(), 32, other))
