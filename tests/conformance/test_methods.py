"""What `learner.methods.method.Method` promises, for every method there is."""

from dataclasses import dataclass, replace

import pytest
import torch
from _pytest.mark import ParameterSet

from learner.methods.corrections import CorrectionsOnly
from learner.methods.finetune import Finetune, FinetuneConfig
from learner.methods.fit import Fit
from learner.methods.hgdagger import HgDagger
from learner.methods.method import METHODS, Method, Speed, method_of
from learner.methods.pooled import Pooled
from learner.methods.residual import Residual, ResidualConfig
from learner.methods.steer import Steer, SteerConfig
from learner.model import PolicyNet, attach
from tests.method_parts import ground, run

SHORT = FinetuneConfig(
    head_steps=6, refit_steps=3, encoder_steps=2, last_steps=3, batch=8, encoder_batch=4
)
QUICK: dict[str, Method] = {
    "finetune": Finetune(SHORT),
    "residual": Residual(ResidualConfig(quick_steps=6, full_steps=6, batch=8)),
    "steer": Steer(SteerConfig(quick_steps=6, full_steps=6, batch=8)),
    "hgdagger": HgDagger(SHORT),
    "pooled": Pooled(SHORT),
    "corrections": CorrectionsOnly(SHORT),
}
"""each with few steps"""


@dataclass(frozen=True)
class Case:
    method: Method
    speed: Speed

    def fit(self) -> Fit:
        fit = self.method.fit(ground(), self.speed)
        assert fit is not None
        return fit


def _all_cases() -> list[ParameterSet]:
    alike = {("pooled", Speed.FULL), ("corrections", Speed.FULL), ("pooled", Speed.QUICK)}
    pairs = [(name, speed) for name in METHODS for speed in (Speed.QUICK, Speed.FULL)]
    return [
        pytest.param(pair, marks=[pytest.mark.slow] if pair in alike else [], id="-".join(pair))
        for pair in pairs
    ]


@pytest.fixture(params=_all_cases())
def case(request: pytest.FixtureRequest) -> Case:
    name, speed = request.param
    return Case(QUICK[name], speed)


def same(a: PolicyNet, b: PolicyNet) -> bool:
    other = b.state_dict()
    return all(torch.equal(t, other[name]) for name, t in a.state_dict().items())


def test_a_fit_restored_midway_makes_the_very_weights_of_an_undisturbed_one(case: Case):
    undisturbed = run(case.fit())
    stopped = case.fit()
    for _ in range(stopped.steps - 2):
        stopped.step()
    kept = {name: t.clone() for name, t in stopped.state().items()}
    torch.manual_seed(12345)  # a new process knows nothing of the old one's global numbers
    again = case.fit()
    again.restore(kept)
    assert same(run(again), undisturbed)


def test_a_fit_leaves_the_base_and_what_is_served_as_they_were(case: Case):
    start = ground()
    before = {name: t.clone() for name, t in start.base.state_dict().items()}
    fit = case.method.fit(start, case.speed)
    assert fit is not None
    run(fit)
    assert all(torch.equal(t, before[name]) for name, t in start.base.state_dict().items())


@pytest.mark.parametrize("name", METHODS)
def test_another_seed_makes_other_weights(name: str):
    fits = [QUICK[name].fit(replace(ground(), seed=seed), Speed.QUICK) for seed in (7, 8)]
    assert fits[0] is not None and fits[1] is not None
    assert not same(run(fits[0]), run(fits[1]))


def test_what_a_fit_keeps_is_flat_and_holds_nothing_but_tensors(case: Case):
    fit = case.fit()
    fit.step()
    assert all(isinstance(t, torch.Tensor) for t in fit.state().values())


@pytest.mark.parametrize("name", METHODS)
def test_every_method_of_the_table_is_made_with_its_default_settings(name: str):
    assert isinstance(method_of(name), type(QUICK[name]))


@pytest.mark.parametrize("name", ["residual", "steer"])
def test_methods_with_a_frozen_base_go_on_from_what_is_served(name: str):
    first = ground()
    net = attach(first.base, "residual" if name == "residual" else "steer")
    assert net.adapter is not None
    for parameter in net.adapter.parameters():
        torch.nn.init.constant_(parameter, 0.01)
    fit = QUICK[name].fit(replace(first, serving=net), Speed.QUICK)
    assert fit is not None and same(fit.net, net)
