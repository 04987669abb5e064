"""The built-in policy: two close-up cameras, touch and force to a chunk of both arms' actions.

Encoder: strided convolutions and a spatial soft-argmax per camera (Levine et al. 2016, "End-to-end
training of deep visuomotor policies"), pre-trained on play (see pretrain.py). Head: flow matching
on the action chunk (Lipman et al. 2023, "Flow matching for generative modeling", eq. 23 with
straight paths), conditioned on the visual feature with proprioception, wrench history, tactile
arrays and the instruction fused beside it.

Tensor suffixes: B batch, K cameras, C channels, H horizon, A = 14 (left then right: 6 twist, 1
opening), F feature.
"""

import copy
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from learner.adapters import AdapterName, new_adapter
from learner.inputs import (
    ACTION_SIZE,
    CHUNK_SIZE,
    HORIZON,
    POSE_SIZE,
    TACTILE_SIZE,
    WRENCH_SIZE,
    HeadInputs,
    missing_proprio,
)
from learner.observe import MAX_WORDS, PROPRIO_SIZE, WORD_BUCKETS

IMAGE_SIZE = 96


@dataclass(frozen=True)
class ModelConfig:
    """Sizes; part of a version's manifest, and compared when one is loaded."""

    cameras: tuple[str, ...] = ("close_front", "close_top")
    """what it sees by"""
    channels: tuple[int, ...] = (16, 32, 48, 32)
    """of each convolution; the last are key points"""
    strides: tuple[int, ...] = (2, 2, 1, 1)
    """of each convolution"""
    trunk: int = 64
    """size of the visual feature"""
    hidden: int = 192
    """width of the head"""
    words: int = 8
    """size of a word's embedding"""
    flow_steps: int = 5
    """Euler steps from noise to a chunk"""
    adapter: AdapterName = "none"
    """what was learned beside the head"""


class SoftArgmax(nn.Module):
    """Feature maps to the expected image coordinates of each channel's softmax, in -1..1."""

    grid_S2: Tensor

    def __init__(self, channels: int, size: int) -> None:
        super().__init__()
        line = torch.linspace(-1.0, 1.0, size)
        self.register_buffer("grid_S2", torch.cartesian_prod(line, line), persistent=False)
        self.sharpness = nn.Parameter(torch.ones(channels))

    def forward(self, maps_BCHW: Tensor) -> Tensor:
        weights_BCS = torch.softmax(maps_BCHW.flatten(2) * self.sharpness[:, None], dim=-1)
        return (weights_BCS @ self.grid_S2).flatten(1)


def _camera_stem(config: ModelConfig) -> nn.Sequential:
    layers: list[nn.Module] = []
    inputs, size = 3, IMAGE_SIZE
    for depth, (outputs, stride) in enumerate(zip(config.channels, config.strides, strict=True)):
        kernel = 5 if depth == 0 else 3
        layers.append(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2))
        if depth < len(config.channels) - 1:
            layers += [nn.GroupNorm(8, outputs), nn.ReLU()]
        inputs, size = outputs, size // stride
    return nn.Sequential(*layers, SoftArgmax(inputs, size))


class Reading(nn.Module):
    """Key points to what they say: a trunk, and the relative tool pose, (B, trunk + 6).

    The pose is taught to both, so that the trunk knows it too.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        points = points_size(config)
        self.trunk = nn.Sequential(
            nn.Linear(points, 192),
            nn.ReLU(),
            nn.Linear(192, config.trunk),
            nn.LayerNorm(config.trunk),
        )
        self.pose = nn.Sequential(nn.Linear(points, 192), nn.ReLU(), nn.Linear(192, POSE_SIZE))
        self.trunk_pose = nn.Linear(config.trunk, POSE_SIZE)

    def read(self, points_BP: Tensor) -> Tensor:
        return torch.cat([self.trunk(points_BP), self.pose(points_BP)], dim=1)


def points_size(config: ModelConfig) -> int:
    """Numbers of key points' coordinates, of all cameras."""
    return 2 * config.channels[-1] * len(config.cameras)


class Encoder(Reading):
    """Images to key points and what it was pre-trained to read off them.

    The feature (B, points + trunk + 6) is cached: the key points, which the head reads anew as it
    learns, and beside them the reading from play, which stays what it was and is what a monitor
    judges by.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.stems = nn.ModuleList(_camera_stem(config) for _ in config.cameras)
        self.contact = nn.Linear(config.trunk, 1)

    def keypoints(self, images_BKHWC: Tensor) -> Tensor:
        """uint8 images to soft-argmax coordinates."""
        # Laid out anew: on the stored order of the axes a step of training costs 1.4 times as much.
        x_BKCHW = images_BKHWC.permute(0, 1, 4, 2, 3).contiguous().float().div(127.5).sub(1.0)
        return torch.cat([stem(x_BKCHW[:, k]) for k, stem in enumerate(self.stems)], dim=1)

    def forward(self, images_BKHWC: Tensor) -> Tensor:
        points = self.keypoints(images_BKHWC)
        return torch.cat([points, self.read(points)], dim=1)


class FlowHead(nn.Module):
    """Velocity field v(x, t, condition) over action chunks.

    It has a reading of the key points of its own, which starts as the encoder's: where a connector
    is new or a camera was moved, it is the reading that is wrong, and it is mended on cached key
    points in a second.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        hidden = config.hidden
        self.steps = config.flow_steps
        self.points = points_size(config)
        self.reading = Reading(config)
        self.words = nn.Embedding(WORD_BUCKETS, config.words, padding_idx=0)
        self.touch = nn.Sequential(nn.Linear(TACTILE_SIZE + WRENCH_SIZE, 48), nn.ReLU())
        self.proprio = nn.Sequential(nn.Linear(PROPRIO_SIZE + 1, 48), nn.ReLU())
        self.vision = nn.Sequential(nn.Linear(config.trunk + POSE_SIZE, 128), nn.ReLU())
        self.condition = nn.Sequential(
            nn.Linear(48 + 48 + 128 + config.words, hidden), nn.ReLU(), nn.Linear(hidden, hidden)
        )
        self.inlet = nn.Linear(CHUNK_SIZE + 3, hidden)
        self.middle = nn.Sequential(
            nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, hidden)
        )
        self.outlet = nn.Sequential(nn.ReLU(), nn.Linear(hidden, CHUNK_SIZE))

    def embed(
        self,
        inputs: HeadInputs,
        drop_proprio: float = 0.0,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """The condition (B, hidden). `drop_proprio` blanks proprioception of that share of rows."""
        words_BE = self.words(inputs.words_BN).sum(1) / MAX_WORDS
        proprio = missing_proprio(inputs.proprio_BP, drop_proprio, generator)
        parts = (
            self.vision(self.reading.read(inputs.feature_BF[:, : self.points])),
            self.proprio(proprio),
            self.touch(torch.cat([inputs.tactile_BT, inputs.wrench_BW], dim=1)),
            words_BE,
        )
        return self.condition(torch.cat(parts, dim=1))

    def velocity(self, x_BX: Tensor, t_B: Tensor, condition_BE: Tensor) -> Tensor:
        time = torch.stack([t_B, torch.sin(3.1416 * t_B), torch.cos(3.1416 * t_B)], dim=1)
        h = self.inlet(torch.cat([x_BX, time], dim=1)) + condition_BE
        h = h + self.middle(h)
        return self.outlet(h + condition_BE)

    def sample(self, inputs: HeadInputs, noise_BX: Tensor | None = None) -> Tensor:
        """Normalised chunks (B, H, A) by Euler steps from `noise_BX`.

        Without noise they start at zero, the middle of the source: the same input gives the same
        chunk.
        """
        condition = self.embed(inputs)
        batch = condition.shape[0]
        x = torch.zeros(batch, CHUNK_SIZE) if noise_BX is None else noise_BX
        for step in range(self.steps):
            t = torch.full((batch,), step / self.steps)
            x = x + self.velocity(x, t, condition) / self.steps
        return x.view(batch, HORIZON, ACTION_SIZE)

    def flow_loss(
        self,
        inputs: HeadInputs,
        target_BHA: Tensor,
        weight_BHA: Tensor,
        drop_proprio: float,
        generator: torch.Generator | None = None,
        draws: int = 2,
    ) -> Tensor:
        """Mean squared velocity error per row (B,), over `draws` random times and noises.

        Entries of weight 0 do not count.
        """
        condition = self.embed(inputs, drop_proprio, generator)
        target = target_BHA.flatten(1)
        weight = weight_BHA.flatten(1)
        total = torch.zeros(target.shape[0])
        for _ in range(draws):
            t = torch.rand(target.shape[0], generator=generator)
            noise = torch.randn(target.shape, generator=generator)
            x = torch.lerp(noise, target, t[:, None])
            error = (self.velocity(x, t, condition) - (target - noise)) ** 2
            total = total + (error * weight).sum(1) / weight.sum(1).clamp_min(1e-6)
        return total / draws


class PolicyNet(nn.Module):
    """Encoder and head with their constants: reference poses and action scales."""

    action_scale_A: Tensor
    action_offset_A: Tensor
    reference_position: Tensor
    reference_quaternion: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.head = FlowHead(config)
        self.adapter = new_adapter(config.adapter, config.trunk)
        self.register_buffer("action_scale_A", torch.ones(ACTION_SIZE))
        self.register_buffer("action_offset_A", torch.zeros(ACTION_SIZE))
        self.register_buffer("reference_position", torch.zeros(2, 3, dtype=torch.float64))
        self.register_buffer(
            "reference_quaternion", torch.tensor([[1.0, 0, 0, 0]] * 2, dtype=torch.float64)
        )

    def seen(self, inputs: HeadInputs) -> Tensor:
        """What the encoder reads as play taught it (B, trunk + 6); the head has its own reading."""
        return inputs.feature_BF[:, self.head.points :]

    def chunks(self, inputs: HeadInputs) -> Tensor:
        """Normalised chunks (B, H, A), with whatever was learned beside the head."""
        if self.adapter is None:
            return self.head.sample(inputs)
        return self.adapter.chunks(self.head, inputs)

    def actions(self, inputs: HeadInputs) -> Tensor:
        """Chunks (B, H, A) in m/s, rad/s and opening."""
        return self.chunks(inputs) * self.action_scale_A + self.action_offset_A


def attach(net: PolicyNet, adapter: AdapterName) -> PolicyNet:
    """A copy of a net with an untrained adapter, whatever it had; "none" takes it off.

    Global random numbers are neither used nor moved on: the same net gives the same copy.
    """
    with torch.random.fork_rng():
        torch.manual_seed(0)  # pyright: ignore[reportUnknownMemberType]
        other = PolicyNet(replace(net.config, adapter=adapter))
    kept = {k: v for k, v in net.state_dict().items() if not k.startswith("adapter.")}
    other.load_state_dict(other.state_dict() | kept)
    return other.eval()


def copy_net(net: PolicyNet) -> PolicyNet:
    """An independent copy to train; versions are immutable."""
    return copy.deepcopy(net)


def same_weights(net: nn.Module, other: nn.Module) -> bool:
    """Whether everything of the other is in the net, as it is before the first step of a fit."""
    mine = net.state_dict()
    return all(
        name in mine and bool(tensor.equal(mine[name]))
        for name, tensor in other.state_dict().items()
    )
