"""Balanced fine-tuning: every batch half demonstrations, half corrections.

Mandlekar et al. 2020, "Human-in-the-loop imitation learning using remote teleoperation" (IWR):
interventions and the rest are drawn with equal probability, whatever their numbers. Demonstrations
in every batch are what keeps the old skill; balance is what makes few corrections enough. Rows just
before a takeover are never drawn (Liu et al. 2023, "Sirius").

`fit_head` works on cached features and takes about a second; `fit_encoder` trains on the images.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from learner.model import PolicyNet
from learner.rows import Rows
from learner.samples import Samples

Progress = Callable[[float, float], None]  # share done, last loss
KeepGoing = Callable[[], bool]


@dataclass(frozen=True)
class FinetuneConfig:
    """Sizes and rates, with the reasons."""

    head_steps: int = 160
    """about a second on one core"""
    base_steps: int = 3000
    """for the first head, from demonstrations alone"""
    refit_steps: int = 800
    """of the head, from the base, in a full fit"""
    encoder_steps: int = 120
    """about 0.15 s each"""
    batch: int = 64
    """rows a step"""
    learning_rate: float = 1e-3
    """of the head, at most"""
    encoder_rate: float = 3e-4
    """a third: the encoder's features carry what play taught it"""
    weight_decay: float = 1e-3
    """of AdamW"""
    drop_proprio: float = 0.5
    """share of rows without proprioception, so that the head reads the images"""
    feature_noise: float = 0.03
    """standard deviation added to the visual feature; stands for views never seen"""
    correction_share: float = 0.5
    """of every batch"""
    rollout_share: float = 0.1
    """of the policy's own successful rows: what was accepted is confirmed"""


@dataclass(frozen=True)
class Mix:
    """The strata a fit draws from. Any but the demonstrations may be empty."""

    demonstrations: Rows
    corrections: Rows | None
    rollouts: Rows | None

    def shares(self, config: FinetuneConfig) -> list[tuple[Rows, int]]:
        """Each stratum with its number of rows in a batch."""
        corrections = round(config.batch * config.correction_share) if self.corrections else 0
        rollouts = round(config.batch * config.rollout_share) if self.rollouts else 0
        parts = [(self.demonstrations, config.batch - corrections - rollouts)]
        if self.corrections:
            parts.append((self.corrections, corrections))
        if self.rollouts:
            parts.append((self.rollouts, rollouts))
        return parts


def fit_head(
    net: PolicyNet,
    mix: Mix,
    steps: int,
    config: FinetuneConfig,
    generator: torch.Generator,
    progress: Progress,
    keep_going: KeepGoing = lambda: True,
) -> int:
    """Fit `net.head` in place on cached features; returns the steps made."""
    optimiser = torch.optim.AdamW(
        net.head.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, config.learning_rate, total_steps=steps, pct_start=0.15
    )
    parts = mix.shares(config)
    net.head.train()
    for step in range(steps):
        if not keep_going():
            break
        losses: list[Tensor] = []
        for rows, count in parts:
            drawn = rows.take(torch.randint(len(rows), (count,), generator=generator))
            losses.append(head_loss(net, drawn, config))
        loss = torch.cat(losses).mean()
        optimiser.zero_grad()
        loss.backward()  # pyright: ignore[reportUnknownMemberType]
        nn.utils.clip_grad_norm_(net.head.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 20 == 19:
            progress((step + 1) / steps, loss.item())
    else:
        step = steps
    net.head.eval()
    return step


def head_loss(net: PolicyNet, rows: Rows, config: FinetuneConfig) -> Tensor:
    """Flow-matching loss per row (B,), with noise on the visual feature."""
    inputs = rows.inputs
    noisy = inputs.feature_BF + config.feature_noise * torch.randn_like(inputs.feature_BF)
    return net.head.flow_loss(
        type(inputs)(
            noisy, inputs.proprio_BP, inputs.wrench_BW, inputs.tactile_BT, inputs.words_BN
        ),
        rows.target_NHA,
        rows.weight_NHA,
        config.drop_proprio,
    )


def copy_net(net: PolicyNet) -> PolicyNet:
    """An independent copy to train; versions are immutable."""
    return copy.deepcopy(net)


def fit_encoder(
    net: PolicyNet,
    batches: Callable[[], tuple[Samples, Rows]],
    steps: int,
    config: FinetuneConfig,
    progress: Progress,
    keep_going: KeepGoing = lambda: True,
) -> int:
    """Fit encoder and head together in place, at a small rate.

    `batches` draws samples and their rows.
    """
    optimiser = torch.optim.AdamW(
        [
            {"params": net.encoder.parameters(), "lr": config.encoder_rate},
            {"params": net.head.parameters(), "lr": config.learning_rate * 0.3},
        ],
        weight_decay=config.weight_decay,
    )
    net.train()
    done = 0
    while done < steps and keep_going():
        samples, rows = batches()
        feature = net.encoder(torch.from_numpy(samples.images(slice(None))))
        inputs = rows.inputs
        fresh = type(inputs)(
            feature, inputs.proprio_BP, inputs.wrench_BW, inputs.tactile_BT, inputs.words_BN
        )
        loss = net.head.flow_loss(
            fresh, rows.target_NHA, rows.weight_NHA, config.drop_proprio
        ).mean()
        optimiser.zero_grad()
        loss.backward()  # pyright: ignore[reportUnknownMemberType]
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        done += 1
        progress(done / steps, loss.item())
    net.eval()
    return done
