"""A small net, demonstrations for it and their monitor, for tests."""

from dataclasses import replace

import numpy as np
import pytest

from learner.model import PolicyNet
from learner.monitor import (
    Monitor,
)
from learner.monitor_fit import fit_monitor
from learner.rows import Rows, encode
from learner.samples import Samples
from tests.learner_data import samples, small_net

EPISODE = 30  # rows
REPLAN_NS = 200_000_000
FEATURES = 22  # of the small net


def demonstrations(episodes: int, seed: int) -> Samples:
    """Scenes that grow brighter towards the end, where the plug is pushed in."""
    whole = samples(episodes * EPISODE, seed)
    part = np.arange(episodes * EPISODE) % EPISODE
    order = np.concatenate(
        [
            start + np.argsort(whole.target_NHA[start : start + EPISODE, 0, 0])
            for start in range(0, len(whole), EPISODE)
        ]
    )
    whole = whole.select(order)
    inside = np.minimum(EPISODE - part, 8)[:, None] > np.arange(8)
    rng = np.random.default_rng(seed)
    wrench = rng.normal(0.0, 0.2, whole.wrench_NW26.shape).astype(np.float32)
    weight = np.repeat(inside[..., None], 14, axis=2).astype(np.float32)
    return replace(whole, wrench_NW26=wrench, weight_NHA=weight)


@pytest.fixture(scope="module")
def net() -> PolicyNet:
    return small_net(3)


@pytest.fixture(scope="module")
def rows(net: PolicyNet) -> tuple[Rows, Rows]:
    return encode(net, demonstrations(4, 0)), encode(net, demonstrations(2, 1))


@pytest.fixture(scope="module")
def monitor(net: PolicyNet, rows: tuple[Rows, Rows]) -> Monitor:
    return fit_monitor(net, *rows)
