"""Fits a monitor: to demonstrations, in a second, and its risk to rollouts with an outcome."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from learner.model import PolicyNet
from learner.monitor import (
    Glance,
    Memory,
    Monitor,
    digest,
    force_inputs,
    force_of,
    motion_of,
    progress_inputs,
    raw_force,
)
from learner.policy import CHUNK_PERIOD_NS, split_actions
from learner.rows import Rows
from teleop.messages import NUM_ARMS, Array

ROW_S = 0.1  # between two rows of an episode
REPLAN_ROWS = 2  # of 0.1 s: the policy is asked five times a second
_SECONDS_RIDGE = 10.0
_FORCE_RIDGE = 30.0
_RISK_RIDGE = 3.0
_RISK_ROUNDS = 15
_LEAST_SPREAD = 1e-3
_LEAST_FORCE = 0.06  # squashed: half a newton; less is noise of the sensor


@dataclass(frozen=True, eq=False)
class Rollout:
    """What the policy saw in one episode that it drove alone, and whether it failed."""

    seconds_N: Array  # since the episode began
    feature_NF: NDArray[np.float32]
    failed: bool


def fit_monitor(net: PolicyNet, train: Rows, held_out: Rows) -> Monitor:
    """Fit to demonstrations as the net's own encoder sees them.

    Args:
        net: what is to be judged.
        train: whole demonstrations one after the other, ten rows a second; regressors are fitted
            to them.
        held_out: others; means and standard deviations are of them.
    """
    glances = _glances(net, train)
    seconds = np.stack([progress_inputs(g.feature_F) for g in glances])
    forces = np.stack([force_inputs(g) for g in glances])
    measured = np.stack([force_of(g.wrench_S26) for g in glances])
    moved = np.sqrt(np.mean([motion_of(g.twist_H26) ** 2 for g in glances], axis=(0, 1, 3)))
    monitor = Monitor(
        seconds_X=_ridge(seconds, _seconds_left(train), _SECONDS_RIDGE),
        stall=np.array([0.0, 1.0]),
        waver=np.array([[0.0, 1.0]] * NUM_ARMS),
        share=moved / max(float(moved.max()), _LEAST_SPREAD),
        force_AX6=np.stack([_ridge(forces, measured[:, a], _FORCE_RIDGE) for a in range(NUM_ARMS)]),
        force_scale=np.ones((NUM_ARMS, 6)),
        force=np.array([[0.0, 1.0]] * NUM_ARMS),
        risk_X=np.zeros(seconds.shape[1]),
        encoder=digest(net.encoder),
        policy=0,
    )
    return _scaled(monitor, _glances(net, held_out), _episodes(held_out))


def fit_risk(monitor: Monitor, net: PolicyNet, rollouts: Sequence[Rollout]) -> Monitor:
    """The monitor with the risk of `net`, in standard deviations of the rollouts that succeeded.

    Of a failed rollout those rows count that came before most others had succeeded: what is seen
    after that is failure, not its beginning. Rollouts of one outcome only leave the risk out.
    """
    ended = [rollout.seconds_N[-1] for rollout in rollouts if not rollout.failed]
    if len(ended) in (0, len(rollouts)):
        return monitor
    until_s = float(np.quantile(ended, 0.9))
    inputs: list[Array] = []
    failed: list[Array] = []
    weight: list[Array] = []
    for rollout in rollouts:
        kept = (
            rollout.feature_NF[rollout.seconds_N <= until_s]
            if rollout.failed
            else (rollout.feature_NF)
        )
        inputs.append(np.stack([progress_inputs(feature) for feature in kept]))
        failed.append(np.full(len(kept), float(rollout.failed)))
        weight.append(np.full(len(kept), 1.0 / len(kept)))
    inputs_NX, failed_N = np.concatenate(inputs), np.concatenate(failed)
    risk = _logistic(inputs_NX, failed_N, np.concatenate(weight))
    fine = inputs_NX[failed_N == 0.0] @ risk
    risk[-1] -= fine.mean()
    risk_X = risk / max(float(fine.std()), _LEAST_SPREAD)
    return replace(monitor, risk_X=risk_X, policy=digest(net))


def _glances(net: PolicyNet, rows: Rows) -> list[Glance]:
    with torch.inference_mode():
        actions = net.actions(rows.inputs).double().numpy()
    count = len(rows)
    features = net.seen(rows.inputs).numpy()
    proprio = rows.inputs.proprio_BP.numpy()
    wrench = rows.inputs.wrench_BW.numpy().reshape(count, -1, NUM_ARMS, 6)
    return [
        Glance(
            round(i * ROW_S * 1e9),
            features[i],
            proprio[i],
            wrench[i],
            split_actions(actions[i])[0],
            CHUNK_PERIOD_NS,
        )
        for i in range(count)
    ]


def _episodes(rows: Rows) -> list[range]:
    """Where each demonstration lies: the chunk of its last row reaches past its end."""
    inside = rows.weight_NHA[:, :, 0].sum(1).numpy()
    last = np.flatnonzero((inside <= 1.0) & (np.append(inside[1:], np.inf) > 1.0))
    stops = [*(int(i) + 1 for i in last), len(inside)]
    starts = [0, *stops[:-1]]
    return [range(a, b) for a, b in zip(starts, stops, strict=True) if b > a]


def _seconds_left(rows: Rows) -> Array:
    left = [np.arange(len(e) - 1, -1, -1, dtype=np.float64) for e in _episodes(rows)]
    return np.concatenate(left) * ROW_S


def _ridge(inputs_NX: Array, target: Array, penalty: float) -> Array:
    """Weights on inputs whose last is constant; the penalty is on standardised inputs."""
    mean, spread = inputs_NX.mean(axis=0), np.maximum(inputs_NX.std(axis=0), _LEAST_SPREAD)
    mean[-1], spread[-1] = 0.0, 1.0
    scaled = (inputs_NX - mean) / spread
    normal = scaled.T @ scaled + np.diag([penalty] * (len(mean) - 1) + [1e-6])
    weights = np.asarray(np.linalg.solve(normal, scaled.T @ target), np.float64)
    return _unscaled(weights, mean, spread)


def _logistic(inputs_NX: Array, label_N: Array, weight_N: Array) -> Array:
    """Weighted logistic regression with a ridge penalty, by Newton's method."""
    mean, spread = inputs_NX.mean(axis=0), np.maximum(inputs_NX.std(axis=0), _LEAST_SPREAD)
    mean[-1], spread[-1] = 0.0, 1.0
    scaled = (inputs_NX - mean) / spread
    penalty = np.array([_RISK_RIDGE] * (len(mean) - 1) + [1e-6])
    weights = np.zeros(len(mean))
    for _ in range(_RISK_ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(scaled @ weights, -30.0, 30.0)))
        slope = scaled.T @ (weight_N * (chance - label_N)) + penalty * weights
        curve = (scaled * (weight_N * chance * (1.0 - chance))[:, None]).T @ scaled
        weights -= np.linalg.solve(curve + np.diag(penalty), slope)
    return _unscaled(weights, mean, spread)


def _unscaled(weights: Array, mean: Array, spread: Array) -> Array:
    """The same function of the inputs as they come."""
    plain = (weights.T / spread).T
    plain[-1] -= mean[:-1] @ plain[:-1]
    return plain


def _scaled(monitor: Monitor, glances: list[Glance], episodes: list[range]) -> Monitor:
    """The monitor with means and standard deviations of demonstrations it was not fitted to."""
    left_over = np.stack(
        [
            force_of(g.wrench_S26) - np.einsum("axd,x->ad", monitor.force_AX6, force_inputs(g))
            for g in glances
        ]
    )
    force_scale = np.maximum(left_over.std(axis=0), _LEAST_FORCE)
    monitor = replace(monitor, force_scale=force_scale)
    force = np.stack([raw_force(monitor, g) for g in glances])
    behind: list[float] = []
    wavers: list[Array] = []
    for episode in episodes:
        for first in episode[:REPLAN_ROWS]:
            memory = Memory()
            for row in range(first, episode.stop, REPLAN_ROWS):
                seconds = float(monitor.seconds_X @ progress_inputs(glances[row].feature_F))
                late, wavering = memory.take(glances[row], seconds)
                behind.append(late)
                wavers.append(wavering)
    return replace(
        monitor,
        stall=_moments(np.array(behind)),
        waver=_moments(np.stack(wavers)),
        force=_moments(force),
    )


def _moments(values: Array) -> Array:
    """Mean and standard deviation of each column, (columns, 2)."""
    spread = np.maximum(values.std(axis=0), _LEAST_SPREAD)
    return np.stack([values.mean(axis=0), spread], axis=-1)
