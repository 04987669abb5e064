import numpy as np
import pytest
import torch

from learner.methods.corrections import CorrectionsOnly
from learner.methods.finetune import FinetuneConfig
from learner.methods.hgdagger import HgDagger
from learner.methods.method import Method, Speed
from learner.methods.pooled import Pooled
from learner.samples import Stratum
from teleop.errors import PolicyError
from tests.learner_data import samples
from tests.method_parts import correction, errors, ground, run

CONFIG = FinetuneConfig(
    head_steps=120,
    batch=32,
    feature_noise=0.0,
    drop_proprio=0.0,
    regrasp_m=0.0,
    regrasp_rad=0.0,
    learning_rate=3e-3,
)


def fitted(method: Method, *rows):
    start = ground(None, *rows)
    fit = method.fit(start, Speed.QUICK)
    assert fit is not None
    before = errors(start.base, start)
    return before, errors(run(fit), start)


def test_corrections_alone_are_learned_and_the_demonstrations_forgotten():
    (kept, wrong), (held_out, corrected) = fitted(CorrectionsOnly(CONFIG))
    assert corrected < 0.4 * wrong
    assert held_out > kept + 0.3


@pytest.mark.parametrize(
    "method", [HgDagger(CONFIG), pytest.param(Pooled(CONFIG), marks=pytest.mark.slow)]
)
def test_pooled_rows_teach_a_correction_and_keep_the_demonstrations(method: Method):
    (kept, wrong), (held_out, corrected) = fitted(method)
    assert corrected < 0.8 * wrong
    assert held_out < kept + 0.15


def test_only_the_pooled_baseline_clones_what_led_to_a_takeover():
    before = samples(8, seed=3, stratum=Stratum.PRE_INTERVENTION, action=0.9)
    before.weight_NHA[:] = 0.0  # as they are cut out of an episode
    nets = []
    for method in (HgDagger, Pooled):
        fit = method(FinetuneConfig(head_steps=5)).fit(ground(None, before), Speed.QUICK)
        assert fit is not None
        nets.append(run(fit))
    pairs = zip(nets[0].head.parameters(), nets[1].head.parameters(), strict=True)
    assert not all(torch.equal(a, b) for a, b in pairs)


def test_nothing_to_learn_from_is_said():
    start = ground(None, samples(4, stratum=Stratum.ROLLOUT))
    with pytest.raises(PolicyError, match="no rows of correction"):
        CorrectionsOnly(CONFIG).fit(start, Speed.QUICK)


def test_a_baseline_consolidates_from_the_base():
    start = ground(None, correction())
    fit = HgDagger(CONFIG).fit(start, Speed.CONSOLIDATE)
    assert fit is not None
    pairs = zip(fit.net.parameters(), start.base.parameters(), strict=True)
    assert np.all([torch.equal(a, b) for a, b in pairs])
