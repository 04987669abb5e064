"""Where monitors are kept, and how a served policy gets its own."""

from pathlib import Path

import numpy as np
import pytest
import torch

from learner.learner import Learner
from learner.learner_config import LearnerConfig
from learner.methods.finetune import FinetuneConfig
from learner.methods.method import Speed
from learner.model import PolicyNet
from learner.monitor import (
    Monitor,
    digest,
    file_name,
)
from learner.monitor_fit import fit_monitor
from learner.monitors import find_monitor, fitted_monitor, provide_monitor, shipped_monitor
from learner.policy import FlowPolicy
from learner.replay import Demonstrations
from learner.rows import Rows
from learner.samples import Stratum
from learner.seed import BASE, checkpoint_folder
from learner.server import monitor_of
from learner.store import PolicyStore, load_checkpoint
from teleop.frames import MemoryFrames
from tests.learner_data import manifest, samples, small_net
from tests.monitor_parts import demonstrations, monitor, net, rows
from tests.sample_steps import make_step

__all__ = ["monitor", "net", "rows"]  # fixtures


def asked(policy: FlowPolicy) -> tuple[tuple[float, float], tuple[float, float]]:
    frames = MemoryFrames(("close_front", "close_top"))
    for camera in frames.cameras:
        frames.put(camera, np.full((96, 96, 3), 90, np.uint8), 1)
    policy.reset()
    policy.observe(make_step(0, seed=0).observation.state)
    chunk = policy.infer("Plug it in.", frames)
    return chunk.novelty, chunk.force_surprise


def test_every_chunk_of_a_judged_policy_carries_its_scores(
    net: PolicyNet, monitor: Monitor
) -> None:
    policy = FlowPolicy(net, 0, monitor)
    assert policy.judged
    assert max(asked(policy)[1]) > 0.0


def test_a_policy_without_a_monitor_is_served_with_scores_of_zero(net: PolicyNet) -> None:
    policy = FlowPolicy(net, 0)
    assert not policy.judged
    assert asked(policy) == ((0.0, 0.0), (0.0, 0.0))


def test_a_new_head_keeps_the_monitor_and_a_new_encoder_needs_its_own(
    net: PolicyNet, monitor: Monitor, rows: tuple[Rows, Rows]
) -> None:
    policy = FlowPolicy(net, 0, monitor)
    head = small_net(3)
    with torch.no_grad():
        for weights in head.head.parameters():
            weights.mul_(1.1)
    policy.swap(head, 1)
    assert policy.judged
    other = small_net(4)
    policy.swap(other, 2)
    assert not policy.judged
    policy.swap(other, 2, fit_monitor(other, *rows))
    assert policy.judged


def test_a_full_fit_leaves_a_monitor_for_its_encoder(tmp_path: Path, net: PolicyNet) -> None:
    store = PolicyStore(tmp_path)
    store.publish(net, manifest(0))
    store.promote(0)
    quick = FinetuneConfig(head_steps=1, refit_steps=1, encoder_steps=1, last_steps=1)
    given = Demonstrations(demonstrations(2, 0), demonstrations(1, 1))
    learner = Learner(store, given, LearnerConfig(finetune=quick))
    learner.ingest("episode_00000", samples(4, stratum=Stratum.CORRECTION))
    published = learner.learn(Speed.FULL)
    assert published is not None
    candidate, _ = store.load(published.manifest.version)
    assert file_name(candidate) != file_name(net)
    assert find_monitor(tmp_path, candidate) is not None


def test_a_broken_monitor_does_not_keep_a_policy_from_being_served(
    tmp_path: Path, net: PolicyNet
) -> None:
    store = PolicyStore(tmp_path)
    (tmp_path / file_name(net)).write_bytes(b"?")
    assert monitor_of(store, net) is None


def test_the_shipped_policy_has_a_monitor_with_a_risk_of_its_own(tmp_path: Path) -> None:
    net, _ = load_checkpoint(checkpoint_folder(BASE))
    monitor = shipped_monitor(BASE, net)
    assert monitor is not None
    assert monitor.policy == digest(net)
    assert provide_monitor(tmp_path, BASE, net).encoder == digest(net.encoder)
    assert (tmp_path / file_name(net)).is_file()


def test_a_policy_without_a_shipped_monitor_gets_one_from_its_demonstrations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, net: PolicyNet, monitor: Monitor
) -> None:
    def fitted(name: str, asked_for: PolicyNet) -> Monitor:
        assert (name, asked_for) == (BASE, net)
        return monitor

    assert shipped_monitor(BASE, net) is None
    monkeypatch.setattr("learner.monitors.fitted_monitor", fitted)
    assert provide_monitor(tmp_path, BASE, net).encoder == monitor.encoder
    assert find_monitor(tmp_path, net) is not None


@pytest.mark.slow
def test_the_shipped_demonstrations_make_a_monitor() -> None:
    net, _ = load_checkpoint(checkpoint_folder(BASE))
    assert fitted_monitor(BASE, net).share[0] == 1.0
