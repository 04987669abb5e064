"""Losses that more than one method uses. Tensor suffixes as in learner/inputs.py."""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from learner.inputs import POSE_SIZE, HeadInputs
from learner.memory import Index, Memory
from learner.model import PolicyNet, Reading
from learner.observe import ACROSS, LEFT_TOOL, POSITION_SCALE, ROTATION_SCALE
from learner.pretrain import POSE_SCALE
from learner.rows import Rows
from learner.samples import Stratum


def with_noise(inputs: HeadInputs, deviation: float, generator: torch.Generator) -> HeadInputs:
    """The same with noise on the key points; it stands for views that were never seen."""
    noise = torch.randn(inputs.feature_BF.shape, generator=generator)
    return replace(inputs, feature_BF=inputs.feature_BF + deviation * noise)


def regrasped(
    inputs: HeadInputs, metres: float, radians: float, generator: torch.Generator
) -> HeadInputs:
    """As if the part lay otherwise in the left hand: the same picture, another pose of the tool.

    In the demonstrations the left tool's pose tells where the plug is; on a shifted scene that is
    wrong, and a head that learned to go by it pushes where there is no hole. The right arm's own
    pose stays exact: it waits at a place that is known from there.

    Args:
        inputs: of a batch.
        metres: most, per axis.
        radians: the same for the attitude.
        generator: of the uniform draws.
    """
    batch = inputs.proprio_BP.shape[0]
    most = torch.tensor([metres / POSITION_SCALE] * 3 + [radians / ROTATION_SCALE] * 3)
    off_B6 = (2.0 * torch.rand(batch, 6, generator=generator) - 1.0) * most
    proprio_BP = inputs.proprio_BP.clone()
    for shift, turn in (LEFT_TOOL, ACROSS):
        proprio_BP[:, shift] += off_B6[:, :3]
        proprio_BP[:, turn] += off_B6[:, 3:]
    return replace(inputs, proprio_BP=proprio_BP)


def flow_loss(
    net: PolicyNet, rows: Rows, drop_proprio: float, generator: torch.Generator
) -> Tensor:
    """The head's loss on rows, a scalar.

    Each row counts as much as its entries do at most (see learner/credit.py).
    """
    loss_B = net.head.flow_loss(
        rows.inputs, rows.target_NHA, rows.weight_NHA, drop_proprio, generator
    )
    return mean_where(loss_B, acted(rows))


def acted(rows: Rows) -> Tensor:
    """(B,) how much each row counts; 0: nothing may be learned from it."""
    return rows.weight_NHA.flatten(1).amax(1)


def among(memory: Memory, stratum: Stratum, index: Index) -> Tensor:
    """(B,) whether those rows are of a stratum."""
    return torch.from_numpy(np.isin(index, memory.where(stratum)))


def weighted_error(wrong_BHA: Tensor, rows: Rows) -> Tensor:
    """Per row (B,) the mean over the entries that count."""
    weight = rows.weight_NHA
    return (wrong_BHA * weight).flatten(1).sum(1) / weight.flatten(1).sum(1).clamp_min(1e-6)


def mean_where(value: Tensor, weight: Tensor) -> Tensor:
    """The mean weighted entry by entry; 0 if all weights are."""
    return (value * weight).sum() / weight.sum().clamp_min(1e-6)


def goal_loss(reading: Reading, points_BP: Tensor, goal_B6: Tensor) -> Tensor:
    """How far both pose outputs are from what hindsight says (see learner/goal.py), a scalar.

    Entries that are not known do not count. The terms are those of the pre-training.

    Args:
        reading: the head's or the encoder's.
        points_BP: key points.
        goal_B6: m and rad; NaN where it is not known.
    """
    known_B6 = torch.isfinite(goal_B6).float()
    wanted_B6 = torch.nan_to_num(goal_B6) / POSE_SCALE
    trunk_B6 = reading.trunk_pose(reading.trunk(points_BP))
    error_B6 = _distance(reading.pose(points_BP), wanted_B6) + 0.5 * _distance(trunk_B6, wanted_B6)
    return mean_where(error_B6, known_B6)


def misread(rows: Rows) -> float:
    """Median distance of the pose that the encoder reads from the hindsight goal, in pose scales.

    It costs nothing, since the pose is part of the feature. NaN where no goal is known.
    """
    known = torch.isfinite(rows.goal_N6).all(dim=1)
    if not bool(known.any()):
        return float("nan")
    read = rows.inputs.feature_BF[known, -POSE_SIZE:]
    return float((read - rows.goal_N6[known] / POSE_SCALE).abs().mean(1).median())


def _distance(a_BX: Tensor, b_BX: Tensor) -> Tensor:
    return functional.smooth_l1_loss(a_BX, b_BX, beta=0.1, reduction="none")


class Pull:
    """Half the squared distance of a module's weights from where they were.

    Li et al. 2018, "Explicit inductive bias for transfer learning with convolutional networks"
    (L2-SP).
    """

    def __init__(self, start: nn.Module, strength: float) -> None:
        self._start = [p.detach().clone() for p in start.parameters()]
        self._strength = strength

    def __call__(self, module: nn.Module) -> Tensor:
        if self._strength == 0.0:
            return torch.zeros(())
        moved = [
            (p - start).square().sum()
            for p, start in zip(module.parameters(), self._start, strict=True)
        ]
        return 0.5 * self._strength * torch.stack(moved).sum()
