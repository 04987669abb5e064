"""Scores of a running policy, and their fit to demonstrations."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from learner.model import PolicyNet
from learner.monitor import (
    MOTION_SCALE,
    Glance,
    Judge,
    Monitor,
    digest,
    load_monitor,
    save_monitor,
    waver,
)
from learner.monitor_fit import Rollout, fit_risk
from learner.policy import split_actions
from learner.rows import Rows
from teleop.errors import PolicyMismatch
from teleop.messages import Array
from tests.learner_data import small_net
from tests.monitor_parts import EPISODE, FEATURES, REPLAN_NS, monitor, net, rows

__all__ = ["monitor", "net", "rows"]  # fixtures


def glance(
    place: int,
    feature: np.ndarray | None = None,
    twist: Array | None = None,
    wrench: float = 0.0,
) -> Glance:
    return Glance(
        place * REPLAN_NS,
        np.zeros(FEATURES, np.float32) if feature is None else feature,
        np.zeros(20, np.float32),
        np.full((8, 2, 6), wrench, np.float32),
        np.zeros((8, 2, 6)) if twist is None else twist,
        100_000_000,
    )


def test_what_stands_still_is_stalling_for_the_arm_that_moves_in_the_demonstrations(
    monitor: Monitor,
) -> None:
    judge = Judge(replace(monitor, share=np.array([1.0, 0.1])))
    scores = [judge.judge(glance(i), 1).novelty for i in range(10)]
    assert scores[-1][0] > scores[0][0]
    assert scores[-1][0] > scores[-1][1]


def test_a_demonstration_itself_is_not_novel(
    net: PolicyNet, rows: tuple[Rows, Rows], monitor: Monitor
) -> None:
    judge = Judge(monitor)
    features = net.seen(rows[1].inputs).numpy()
    scores = [judge.judge(glance(i, features[2 * i]), 1).novelty[0] for i in range(EPISODE // 2)]
    assert max(scores) < 4.0


def test_chunks_that_contradict_each_other_are_novel_for_their_arm_only(monitor: Monitor) -> None:
    calm = np.array([[0.0, 0.1], [0.0, 0.1]])
    judge = Judge(replace(monitor, stall=np.array([0.0, 1e9]), waver=calm))
    twist = np.zeros((8, 2, 6))
    scores = (0.0, 0.0)
    for i in range(8):
        twist[:, 0, 0] = 0.05 * (-1) ** i
        scores = judge.judge(glance(i, twist=twist.copy()), 1).novelty
    assert scores[0] > 5.0 > scores[1]


def test_a_chunk_that_goes_on_where_the_last_one_was_does_not_waver() -> None:
    plan = np.random.default_rng(0).normal(size=(20, 2, 6)) * MOTION_SCALE
    before, after = glance(0, twist=plan[:8]), glance(1, twist=plan[2:10])
    assert waver(before, after) == pytest.approx([0.0, 0.0])
    assert waver(before, replace(after, twist_H26=plan[:8])).min() > 0.5


def test_chunks_too_far_apart_to_overlap_do_not_waver() -> None:
    assert not waver(glance(0), glance(9, twist=np.ones((8, 2, 6)))).any()


def test_a_push_that_no_demonstration_had_is_a_force_surprise(
    net: PolicyNet, rows: tuple[Rows, Rows], monitor: Monitor
) -> None:
    inputs = rows[1].inputs.rows(torch.tensor([5]))
    with torch.inference_mode():
        twist, _ = split_actions(net.actions(inputs)[0].double().numpy())
    shown = Glance(
        0,
        net.seen(inputs)[0].numpy(),
        inputs.proprio_BP[0].numpy(),
        inputs.wrench_BW[0].numpy().reshape(8, 2, 6),
        twist,
        100_000_000,
    )
    pushed = replace(shown, wrench_S26=shown.wrench_S26 + np.float32(3.0))
    quiet = Judge(monitor).judge(shown, 1).force_surprise
    assert min(Judge(monitor).judge(pushed, 1).force_surprise) > 5.0 > max(quiet)


def test_nothing_of_the_episode_before_counts(monitor: Monitor) -> None:
    judge = Judge(monitor)
    first = judge.judge(glance(0), 1)
    for i in range(1, 9):
        judge.judge(glance(i), 1)
    judge.reset()
    assert judge.judge(glance(20), 1) == first


def failing(net: PolicyNet, monitor: Monitor) -> Monitor:
    """A monitor whose policy fails where the first feature is large."""
    rng = np.random.default_rng(0)
    rollouts = [
        Rollout(
            0.2 * np.arange(10.0),
            (rng.normal(size=(10, FEATURES)) + 3.0 * failed * np.eye(FEATURES)[0]).astype(
                np.float32
            ),
            failed,
        )
        for failed in [False, True] * 20
    ]
    return fit_risk(replace(monitor, stall=np.array([0.0, 1e9])), net, rollouts)


def test_risk_is_high_where_rollouts_failed(net: PolicyNet, monitor: Monitor) -> None:
    fitted = failing(net, monitor)
    foreign = (6.0 * np.eye(FEATURES)[0]).astype(np.float32)
    assert Judge(fitted).judge(glance(0, foreign), digest(net)).novelty[0] > 2.0
    assert Judge(fitted).judge(glance(0), digest(net)).novelty[0] < 1.0


def test_the_risk_of_one_policy_says_nothing_of_another(net: PolicyNet, monitor: Monitor) -> None:
    foreign = (6.0 * np.eye(FEATURES)[0]).astype(np.float32)
    fitted = failing(net, monitor)
    assert Judge(fitted).judge(glance(0, foreign), digest(net) + 1).novelty[0] < 1.0


def test_rollouts_that_all_succeeded_give_no_risk(net: PolicyNet, monitor: Monitor) -> None:
    fine = Rollout(0.2 * np.arange(5.0), np.zeros((5, FEATURES), np.float32), failed=False)
    assert fit_risk(monitor, net, [fine, fine]).policy == 0


def test_a_monitor_survives_its_file(tmp_path: Path, monitor: Monitor) -> None:
    path = tmp_path / "monitor.safetensors"
    save_monitor(path, monitor)
    loaded = load_monitor(path)
    assert loaded is not None
    assert (loaded.encoder, loaded.policy) == (monitor.encoder, monitor.policy)
    assert Judge(loaded).judge(glance(0, wrench=1.0), 1) == Judge(monitor).judge(
        glance(0, wrench=1.0), 1
    )


def test_a_missing_monitor_is_none_and_a_broken_one_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "monitor.safetensors"
    assert load_monitor(path) is None
    path.write_bytes(b"not a monitor")
    with pytest.raises(PolicyMismatch, match="without novelty scores"):
        load_monitor(path)


def test_the_digest_follows_the_weights() -> None:
    one, same, other = small_net(0), small_net(0), small_net(1)
    assert digest(one) == digest(same) != digest(other)
