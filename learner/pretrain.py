"""Teach the encoder from play: what the cameras show of how the two tools stand to each other.

Play costs nothing: the arms move about with the connector in hand, under random colours, light and
camera poses. The labels are what any real cell has: the left tool's pose in the right tool's frame,
from forward kinematics, and whether the parts touch. After it, behaviour needs few demonstrations
and fewer corrections.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from learner.model import Encoder

# Metres and radians to the order of one, the same numbers for label and prediction.
POSE_SCALE = torch.tensor([0.012, 0.012, 0.012, 0.08, 0.08, 0.08])

Progress = Callable[[float, str], None]


@dataclass(frozen=True, eq=False)
class PlaySet:
    """N frames of play."""

    images_NKHWC: NDArray[np.uint8]
    pose_N6: NDArray[
        np.float32
    ]  # left tool in the right one's frame, minus the mated pose: m, rotation vector
    contact_N: NDArray[np.bool_]


@dataclass(frozen=True)
class PretrainConfig:
    """Sizes and rates of the pre-training."""

    steps: int = 3000
    """gradient steps"""
    batch: int = 48
    """frames a step"""
    learning_rate: float = 1.5e-3
    """at most"""
    weight_decay: float = 1e-4
    """of AdamW"""
    colour_jitter: float = 0.15
    """random gain and tint, as a share"""
    pixel_noise: float = 4.0
    """of 255"""


@dataclass(frozen=True)
class PoseError:
    """Median absolute error of the pose head."""

    lateral_mm: float
    axial_mm: float
    degrees: float


def pretrain(
    encoder: Encoder, play: PlaySet, config: PretrainConfig, seed: int, progress: Progress
) -> None:
    """Fit the encoder to `play` in place; `seed` draws the order of frames and their jitter."""
    generator = torch.Generator().manual_seed(seed)
    images, poses = torch.from_numpy(play.images_NKHWC), torch.from_numpy(play.pose_N6) / POSE_SCALE
    contact = torch.from_numpy(play.contact_N).float()
    optimiser = torch.optim.AdamW(
        encoder.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, config.learning_rate, total_steps=config.steps, pct_start=0.1
    )
    encoder.train()
    for step in range(config.steps):
        rows = torch.randint(len(images), (config.batch,), generator=generator)
        batch = _jitter(images[rows], config, generator)
        points = encoder.keypoints(batch)
        trunk = encoder.trunk(points)
        loss = (
            functional.smooth_l1_loss(encoder.pose(points), poses[rows], beta=0.1)
            + 0.5 * functional.smooth_l1_loss(encoder.trunk_pose(trunk), poses[rows], beta=0.1)
            + 0.1
            * functional.binary_cross_entropy_with_logits(
                encoder.contact(trunk)[:, 0], contact[rows]
            )
        )
        optimiser.zero_grad()
        loss.backward()  # pyright: ignore[reportUnknownMemberType]
        nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 25 == 24:
            progress((step + 1) / config.steps, f"loss {loss.item():.4f}")
    encoder.eval()


def pose_error(encoder: Encoder, play: PlaySet) -> PoseError:
    """How well the encoder reads `play`, which should be frames it was not fitted to."""
    estimates: list[Tensor] = []
    with torch.inference_mode():
        for start in range(0, len(play.images_NKHWC), 64):
            points = encoder.keypoints(torch.from_numpy(play.images_NKHWC[start : start + 64]))
            estimates.append(encoder.pose(points))
    error = (
        ((torch.cat(estimates) * POSE_SCALE) - torch.from_numpy(play.pose_N6))
        .abs()
        .median(0)
        .values
    )
    return PoseError(
        lateral_mm=float(error[1:3].mean()) * 1e3,
        axial_mm=float(error[0]) * 1e3,
        degrees=float(torch.rad2deg(error[3:]).mean()),
    )


def _jitter(images_BKHWC: Tensor, config: PretrainConfig, generator: torch.Generator) -> Tensor:
    """Random gain, tint and sensor noise; each frame of each camera its own."""
    x = images_BKHWC.float()
    batch, cameras = x.shape[:2]
    gain = 1.0 + config.colour_jitter * torch.randn(batch, cameras, 1, 1, 3, generator=generator)
    offset = (
        255.0
        * 0.3
        * config.colour_jitter
        * torch.randn(batch, cameras, 1, 1, 1, generator=generator)
    )
    noise = config.pixel_noise * torch.randn(x.shape, generator=generator)
    return (x * gain + offset + noise).clamp(0.0, 255.0)
