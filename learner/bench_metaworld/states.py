"""The policy of this bench: the flow head of our policy, conditioned on a state of 39 numbers.

The state takes the place of the images' key points, which the head reads, and of their reading from
play, which adapters read; what a plug cell measures beside the images is blank. Chunk steps are
single steps of the simulation. Of a chunk's actions only the left tool's velocity and its opening
are used; the rest is nought everywhere.

Tensor suffixes as in learner/inputs.py; S a state's entries.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from learner.bench_metaworld.tasks import STATE_SIZE, TASKS
from learner.inputs import ACTION_SIZE, POSE_SIZE, TACTILE_SIZE, WRENCH_SIZE, HeadInputs
from learner.model import ModelConfig, PolicyNet, points_size
from learner.observe import PROPRIO_SIZE, Float32, word_ids
from teleop.messages import Array

USED = (0, 1, 2, 6)  # of an action's 14 entries: the left tool's velocity and opening
_CONFIG = ModelConfig()
_LARGEST = 5.0  # deviations; an object that never moved in the demonstrations may fly


@dataclass(frozen=True, eq=False)
class StateScale:
    """Means and deviations of the demonstrations' states."""

    mean_S: Float32
    deviation_S: Float32

    @staticmethod
    def of(states_NS: Array) -> "StateScale":
        """Entries that hardly vary, in the order of millimetres, are not blown up."""
        deviation = np.maximum(states_NS.std(axis=0), 0.02)
        return StateScale(states_NS.mean(axis=0).astype(np.float32), deviation.astype(np.float32))

    def feature(self, states_NS: Array) -> Tensor:
        """States as the head's visual feature (N, F)."""
        scaled = (states_NS.astype(np.float32) - self.mean_S) / self.deviation_S
        points, trunk = points_size(_CONFIG), _CONFIG.trunk
        feature = np.zeros((len(scaled), points + trunk + POSE_SIZE), dtype=np.float32)
        for place in (0, points):
            feature[:, place : place + STATE_SIZE] = np.clip(scaled, -_LARGEST, _LARGEST)
        return torch.from_numpy(feature)


def inputs_of(scale: StateScale, states_NS: Array, tasks_N: Array) -> HeadInputs:
    """What the head is given in these states of these tasks."""
    count = len(states_NS)
    words = np.stack([word_ids(task.instruction) for task in TASKS])
    return HeadInputs(
        feature_BF=scale.feature(states_NS),
        proprio_BP=torch.zeros(count, PROPRIO_SIZE),
        wrench_BW=torch.zeros(count, WRENCH_SIZE),
        tactile_BT=torch.zeros(count, TACTILE_SIZE),
        words_BN=torch.from_numpy(words[tasks_N.astype(np.int64)]),
    )


def full_actions(actions_T4: Array) -> Array:
    """Velocity and opening as the 14 entries of an action (T, 14)."""
    actions = np.zeros((len(actions_T4), ACTION_SIZE))
    actions[:, USED] = actions_T4
    return actions


def new_net(actions_N4: Array, seed: int) -> PolicyNet:
    """An untrained policy that is scaled to the demonstrations' actions."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)  # pyright: ignore[reportUnknownMemberType]
        net = PolicyNet(_CONFIG)
    scale, offset = torch.ones(ACTION_SIZE), torch.zeros(ACTION_SIZE)
    used = list(USED)
    scale[used] = torch.from_numpy(actions_N4.std(axis=0)).float().clamp_min(1e-3)
    offset[used] = torch.from_numpy(actions_N4.mean(axis=0)).float()
    net.action_scale_A.copy_(scale)
    net.action_offset_A.copy_(offset)
    return net.eval()


class StatePolicy:
    """Chunks of (H, 4): m/s and opening, one a step."""

    def __init__(self, net: PolicyNet, scale: StateScale) -> None:
        self._net, self._scale = net, scale

    def chunk(self, task: int, state_S: Array) -> Array:
        inputs = inputs_of(self._scale, state_S[None], np.array([task]))
        with torch.inference_mode():
            actions = self._net.actions(inputs)[0]
        return actions[:, list(USED)].double().numpy()
