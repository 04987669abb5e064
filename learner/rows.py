"""Samples as the head sees them: features cached, actions normalised."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import overload

import torch
from torch import Tensor

from learner.model import HeadInputs, PolicyNet
from learner.observe import proprioceptions
from learner.policy import reference_of
from learner.samples import Samples

_ENCODE_BATCH = 32


@dataclass(frozen=True)
class Rows:
    """N rows ready for the head. Tensor suffixes as in model.py."""

    inputs: HeadInputs
    target_NHA: Tensor  # normalised by the net's action scale
    weight_NHA: Tensor
    goal_N6: Tensor  # see goal.py, m and rad; NaN entries are not known

    def __len__(self) -> int:
        return self.target_NHA.shape[0]

    def take(self, index: Tensor) -> "Rows":
        return Rows(
            self.inputs.rows(index),
            self.target_NHA[index],
            self.weight_NHA[index],
            self.goal_N6[index],
        )


@overload
def encode(net: PolicyNet, samples: Samples) -> Rows: ...
@overload
def encode(net: PolicyNet, samples: Samples, keep_going: Callable[[], bool]) -> Rows | None: ...
def encode(
    net: PolicyNet, samples: Samples, keep_going: Callable[[], bool] | None = None
) -> Rows | None:
    """Run the encoder over every row once, about 3 ms a row on one core; None if told to stop."""
    features: list[Tensor] = []
    with torch.inference_mode():
        for start in range(0, len(samples), _ENCODE_BATCH):
            if keep_going is not None and not keep_going():
                return None
            images = samples.images(slice(start, start + _ENCODE_BATCH))
            features.append(net.encoder(torch.from_numpy(images)))
    return with_features(net, samples, torch.cat(features).clone())


def with_features(net: PolicyNet, samples: Samples, feature_NF: Tensor) -> Rows:
    """Rows with visual features that are already known."""
    proprio = proprioceptions(
        samples.position_N23, samples.quaternion_N24, samples.opening_N2, reference_of(net)
    )
    target = torch.from_numpy(samples.target_NHA)
    return Rows(
        HeadInputs(
            feature_BF=feature_NF,
            proprio_BP=torch.from_numpy(proprio),
            wrench_BW=torch.from_numpy(samples.wrench_NW26.reshape(len(samples), -1)),
            tactile_BT=torch.from_numpy(samples.tactile_N2288.reshape(len(samples), -1)),
            words_BN=torch.from_numpy(samples.words_NM),
        ),
        (target - net.action_offset_A) / net.action_scale_A,
        torch.from_numpy(samples.weight_NHA),
        torch.from_numpy(samples.goal_N6),
    )


def concatenate(parts: list[Rows]) -> Rows:
    """All rows of `parts`, which must not be empty."""
    inputs = [part.inputs for part in parts]
    return Rows(
        HeadInputs(
            torch.cat([i.feature_BF for i in inputs]),
            torch.cat([i.proprio_BP for i in inputs]),
            torch.cat([i.wrench_BW for i in inputs]),
            torch.cat([i.tactile_BT for i in inputs]),
            torch.cat([i.words_BN for i in inputs]),
        ),
        torch.cat([part.target_NHA for part in parts]),
        torch.cat([part.weight_NHA for part in parts]),
        torch.cat([part.goal_N6 for part in parts]),
    )


def action_error(net: PolicyNet, rows: Rows) -> float:
    """Mean absolute error of the policy's chunks in action scales; NaN without rows."""
    if len(rows) == 0:
        return float("nan")
    with torch.inference_mode():
        error = (net.chunks(rows.inputs) - rows.target_NHA).abs() * rows.weight_NHA
        return float(error.sum() / rows.weight_NHA.sum().clamp_min(1e-6))
