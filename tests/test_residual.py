from functools import cache

import torch

from learner.adapters import ResidualAdapter, opening_of
from learner.inputs import ACTION_SIZE, HORIZON
from learner.methods.method import Speed
from learner.methods.residual import Residual, ResidualConfig
from learner.samples import Stratum
from tests.learner_data import small_net
from tests.method_parts import CORRECTED, DEMONSTRATED, errors, ground, run

CONFIG = ResidualConfig(
    quick_steps=80,
    batch=32,
    learning_rate=3e-3,
    drop_proprio=0.0,
    regrasp_m=0.0,
    regrasp_rad=0.0,
    feature_noise=0.0,
)


def fitted(start, method: Residual):
    fit = method.fit(start, Speed.QUICK)
    assert fit is not None
    return run(fit)


@cache
def usual():
    """Fitted to the usual ground."""
    return fitted(ground(), Residual(CONFIG))


def test_a_residual_learns_a_correction_and_keeps_the_demonstrations():
    start = ground()
    kept, wrong = errors(start.base, start)
    held_out, corrected = errors(usual(), start)
    assert corrected < 0.4 * wrong
    assert held_out < kept + 0.05


def test_the_base_beside_a_residual_keeps_every_weight():
    start = ground()
    learned = usual().state_dict()
    assert all(torch.equal(learned[name], t) for name, t in start.base.state_dict().items())


def test_the_gate_is_open_on_corrections_and_shut_on_demonstrations():
    start = ground()
    net = usual()
    assert isinstance(net.adapter, ResidualAdapter)
    for stratum, low, high in ((Stratum.CORRECTION, 0.8, 1.0), (Stratum.DEMONSTRATION, 0.0, 0.2)):
        inputs = start.memory.rows(start.memory.where(stratum)).inputs
        with torch.no_grad():
            _, gate = net.adapter(inputs, net.head.sample(inputs))
        assert low <= float(opening_of(gate).mean()) <= high


def test_a_policy_whose_weights_are_not_at_hand_is_corrected():
    class Elsewhere:
        """It always does what was demonstrated."""

        def sample(self, inputs, noise_BX=None):
            return torch.full((len(inputs.proprio_BP), HORIZON, ACTION_SIZE), DEMONSTRATED)

    start = ground(small_net(3))
    net = fitted(start, Residual(CONFIG, base=Elsewhere()))
    assert isinstance(net.adapter, ResidualAdapter)
    for stratum, wanted in (
        (Stratum.CORRECTION, CORRECTED),
        (Stratum.DEMONSTRATION, DEMONSTRATED),
    ):
        inputs = start.memory.rows(start.memory.where(stratum)).inputs
        with torch.no_grad():
            chunks = net.adapter.chunks(Elsewhere(), inputs)
        assert abs(float(chunks.mean()) - wanted) < 0.2
