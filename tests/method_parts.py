"""A small memory with a base that knows its demonstrations, for the tests of methods."""

from dataclasses import replace
from functools import cache

import numpy as np

from learner.memory import MixConfig
from learner.methods.fit import Fit, Phase
from learner.methods.losses import flow_loss
from learner.methods.method import Ground
from learner.model import PolicyNet, copy_net
from learner.replay import Demonstrations, Replay
from learner.rows import action_error
from learner.samples import Samples, Stratum
from tests.learner_data import samples, small_net

CORRECTED = -0.8  # what the operator does, where the base does DEMONSTRATED
DEMONSTRATED = 0.5


def demonstrations() -> Demonstrations:
    return Demonstrations(
        samples(40, action=DEMONSTRATED), samples(10, seed=1, action=DEMONSTRATED)
    )


def correction(seed: int = 2) -> Samples:
    """Rows from elsewhere than the demonstrations, where the operator does something else."""
    rows = samples(8, seed=seed, stratum=Stratum.CORRECTION, action=CORRECTED)
    goal = np.full((8, 6), 0.004, np.float32)
    return replace(rows, position_N23=np.full((8, 2, 3), 0.03), goal_N6=goal)


def run(fit: Fit) -> PolicyNet:
    while not fit.finished:
        fit.step()
    return fit.net


@cache
def _taught() -> PolicyNet:
    net = small_net()
    memory = Replay.of(demonstrations(), net)
    rows = memory.rows(memory.where(Stratum.DEMONSTRATION))
    return run(
        Fit(
            net,
            (Phase("head", 150, lambda n, g: flow_loss(n, rows, 0.0, g), {"head": 3e-3}),),
            seed=0,
        )
    )


def base() -> PolicyNet:
    """It does the demonstrations."""
    return copy_net(_taught())


@cache
def _usual() -> Ground:
    return _ground(base(), correction())


def ground(net: PolicyNet | None = None, *corrections: Samples) -> Ground:
    """The base is served; one correction unless others are given. Nothing in it may be changed."""
    if net is None and not corrections:
        return _usual()
    return _ground(net or base(), *(corrections or (correction(),)))


def _ground(net: PolicyNet, *corrections: Samples) -> Ground:
    memory = Replay.of(demonstrations(), net)
    for number, rows in enumerate(corrections):
        memory.ingest(f"episode_{number + 1:05d}", rows)
    return Ground(net, net, net, memory.view, memory.view, MixConfig(), seed=7)


def errors(net: PolicyNet, ground: Ground) -> tuple[float, float]:
    """Mean absolute error on the held-out demonstrations and on the corrections."""
    seen = ground.memory.under(net)
    return (
        action_error(net, seen.rows(seen.held_out())),
        action_error(net, seen.rows(seen.where(Stratum.CORRECTION))),
    )
