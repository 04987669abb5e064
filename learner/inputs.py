"""What a head, or an adapter beside it, is given; and the sizes of it and of a chunk.

Tensor suffixes: B batch, H horizon, A = 14 (left then right: 6 twist, 1 opening), F feature.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from learner.observe import WRENCH_SAMPLES

HORIZON = 8
ACTION_SIZE = 14
CHUNK_SIZE = HORIZON * ACTION_SIZE
POSE_SIZE = 6
WRENCH_SIZE = WRENCH_SAMPLES * 12
TACTILE_SIZE = 256


@dataclass(frozen=True)
class HeadInputs:
    """What the head is conditioned on, all float32 but the words."""

    feature_BF: Tensor
    proprio_BP: Tensor
    wrench_BW: Tensor
    tactile_BT: Tensor
    words_BN: Tensor  # int64

    def rows(self, index: Tensor) -> "HeadInputs":
        return HeadInputs(
            self.feature_BF[index],
            self.proprio_BP[index],
            self.wrench_BW[index],
            self.tactile_BT[index],
            self.words_BN[index],
        )


def missing_proprio(
    proprio_BP: Tensor, share: float, generator: torch.Generator | None = None
) -> Tensor:
    """Proprioception, blank in that share of rows, and a last column that says where: (B, P + 1).

    Where the arms are says almost all in the demonstrations and nothing once the connector is off;
    rows without it make what is trained read the images.
    """
    missing = torch.rand(proprio_BP.shape[0], 1, generator=generator).lt(share).float()
    return torch.cat([proprio_BP * (1.0 - missing), missing], dim=1)
