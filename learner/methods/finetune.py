"""Balanced fine-tuning: every batch half demonstrations, half corrections.

Mandlekar et al. 2020, "Human-in-the-loop imitation learning using remote teleoperation" (IWR):
interventions and the rest are drawn with equal probability, whatever their numbers. Demonstrations
in every batch are what keeps the old skill; balance is what makes few corrections enough. Rows just
before a takeover are never drawn for what was done in them (Liu et al. 2023, "Sirius").

A quick fit moves the head on cached features, about a second. A full fit refits the head from the
base, then moves the encoder too if it misreads what the operator corrected, towards what hindsight
says of the images (learner/goal.py), gives the head a last few steps under the new encoder, and
averages all weights with those of the full version before it: on few corrections one such fit does
well and the next one less so, and no recorded frame tells which (docs/decisions/0042).
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn import functional

from learner.memory import Memory, MixConfig
from learner.methods.covered import covered
from learner.methods.fit import Blend, Fit, Loss, Phase
from learner.methods.losses import (
    Pull,
    among,
    flow_loss,
    goal_loss,
    misread,
    regrasped,
    with_noise,
)
from learner.methods.method import Ground, Speed, refuse_without_demonstrations
from learner.mixing import draw
from learner.model import PolicyNet, copy_net, same_weights
from learner.rows import Rows, concatenate
from learner.samples import Stratum

_MET = (Stratum.CORRECTION, Stratum.ROLLOUT, Stratum.PRE_INTERVENTION)


@dataclass(frozen=True)
class FinetuneConfig:
    """Sizes and rates, with the reasons."""

    head_steps: int = 50
    """of a quick fit: half a second of a core"""
    quick_rate: float = 5e-3
    """of the head in a quick fit from the base, at most: few steps have to get far"""
    touch_rate: float = 2e-3
    """the same from a full fit, which knows nearly all"""
    touch_share: float = 0.5
    """how far such a quick fit goes from there; all the way, it forgets how to see as well"""
    base_steps: int = 3000
    """for the first head, from demonstrations alone"""
    refit_steps: int = 800
    """of the head, from the base, in a full fit"""
    encoder_steps: int = 120
    """about 0.15 s each"""
    last_steps: int = 200
    """of the head, under the new encoder"""
    companion_share: float = 0.5
    """how far a full fit goes from the full version before it to where its own steps led"""
    consolidate: float = 2.0
    """times the steps of a full fit"""
    batch: int = 64
    """rows a step"""
    encoder_batch: int = 32
    """the same where images are encoded"""
    learning_rate: float = 1e-3
    """of the head, at most"""
    encoder_rate: float = 3e-4
    """a third: the encoder's features carry what play taught it"""
    weight_decay: float = 1e-3
    """of AdamW"""
    pull: float = 0.0
    """towards the base's weights (L2-SP)"""
    average: float = 0.95
    """of the weights, per step"""
    reading_rate: float = 0.5
    """share of the learning rate with which the head's reading of the key points moves"""
    drop_proprio: float = 0.1
    """share of rows without proprioception"""
    regrasp_m: float = 0.03
    """most that the left tool is put off, so that the head reads the images"""
    regrasp_rad: float = 0.4
    """the same for its attitude"""
    feature_noise: float = 0.01
    """standard deviation added to the key points, of half an image"""
    misread: float = 0.15
    """pose scales by which the encoder may be off on corrections before a full fit moves it"""
    goal: float = 1.0
    """weight of what hindsight says of the images"""
    covered: float = 0.5
    """share of the images with things in them that were never there"""
    anchor: float = 1.0
    """weight of the distance from the base's features on demonstrations"""


class Finetune:
    """Implements `learner.methods.method.Method`."""

    def __init__(self, config: FinetuneConfig | None = None) -> None:
        self._config = config or FinetuneConfig()

    def fit(self, ground: Ground, speed: Speed) -> Fit | None:
        """Every speed there is.

        Raises:
            PolicyError: there are no demonstrations; without them the rest would be forgotten.
        """
        refuse_without_demonstrations(ground.memory)
        if speed is Speed.QUICK:
            return self._quick(ground)
        config = self._config
        if speed is Speed.FULL:
            return self._full(ground, 1.0, ground.companion)
        return self._full(ground, config.consolidate, None)

    def _quick(self, ground: Ground) -> Fit:
        config = self._config
        # Each quick fit relearns what came since the last full one: successive small steps erode
        # what came first.
        start = ground.settled
        loss = head_loss(ground.memory, ground.mix, config, Pull(ground.base.head, config.pull))
        known = not same_weights(start, ground.base)
        rate = config.touch_rate if known else config.quick_rate
        hasty = replace(config, learning_rate=rate)
        phase = head_phase("head", config.head_steps, loss, hasty)
        if known:
            phase = replace(phase, share=config.touch_share)
        return Fit(copy_net(start), (phase,), ground.seed)

    def _full(self, ground: Ground, times: float, companion: PolicyNet | None) -> Fit:
        config = self._config
        pull = Pull(ground.base.head, config.pull)
        loss = head_loss(ground.base_memory, ground.mix, config, pull)
        phases = [head_phase("head", round(times * config.refit_steps), loss, config)]
        encoder_moves = self._encoder_is_off(ground.base_memory)
        if encoder_moves:
            phases.append(
                Phase(
                    "encoder",
                    round(times * config.encoder_steps),
                    _ImageLoss(ground.base_memory, ground.mix, config),
                    {"encoder": config.encoder_rate, "head": 0.3 * config.learning_rate},
                    config.weight_decay,
                )
            )
            loss = head_loss(ground.base_memory, ground.mix, config, pull, fresh=True)
            phases.append(head_phase("last", round(times * config.last_steps), loss, config))
        blend = None
        if companion is not None and _alike(companion, ground.base, encoder_moves):
            blend = Blend(companion, config.companion_share)
        return Fit(copy_net(ground.base), tuple(phases), ground.seed, blend)

    def _encoder_is_off(self, memory: Memory) -> bool:
        """Whether the base's encoder misreads the corrections, or nothing is known of it."""
        corrections = memory.where(Stratum.CORRECTION)
        if len(corrections) == 0:
            return False
        return not misread(memory.rows(corrections)) <= self._config.misread


def _alike(companion: PolicyNet, base: PolicyNet, encoder_moves: bool) -> bool:
    """Whether a version can be averaged with a fit from the base: of its shape, read alike."""
    moved = not same_weights(companion.encoder, base.encoder)
    return companion.config == base.config and moved == encoder_moves


def head_phase(
    name: str, steps: int, loss: Loss, config: FinetuneConfig, reading: bool = True
) -> Phase:
    """Steps of the head alone; with its reading of the key points, or that left as it is."""
    rates = {
        f"head.{part}": config.learning_rate
        for part in (
            "words",
            "touch",
            "proprio",
            "vision",
            "condition",
            "inlet",
            "middle",
            "outlet",
        )
    }
    if reading:
        rates["head.reading"] = config.reading_rate * config.learning_rate
    return Phase(name, steps, loss, rates, config.weight_decay, average=config.average)


def fitted_to(net: PolicyNet, rows: Rows, config: FinetuneConfig, generator: Generator) -> Tensor:
    """The flow's loss on a batch, with all that keeps the head from going by the wrong thing."""
    noisy = with_noise(rows.inputs, config.feature_noise, generator)
    elsewhere = regrasped(noisy, config.regrasp_m, config.regrasp_rad, generator)
    return flow_loss(net, replace(rows, inputs=elsewhere), config.drop_proprio, generator)


def head_loss(
    memory: Memory, mix: MixConfig, config: FinetuneConfig, pull: Pull, fresh: bool = False
) -> Loss:
    """The flow's loss on a balanced batch of cached features.

    `fresh`: under the encoder of the net that is fitted, as it is at the first step.
    """
    seen: list[Memory] = [] if fresh else [memory]

    def loss(net: PolicyNet, generator: torch.Generator) -> Tensor:
        if not seen:
            seen.append(memory.under(net))
        rows = seen[0].rows(draw(seen[0], mix, config.batch, generator))
        fitted = fitted_to(net, rows, config, generator)
        if config.goal == 0.0:
            return fitted + pull(net.head)
        read = _reading_loss(net, seen[0], rows, config, generator)
        return fitted + config.goal * read + pull(net.head)

    return loss


def _reading_loss(
    net: PolicyNet, memory: Memory, rows: Rows, config: FinetuneConfig, generator: Generator
) -> Tensor:
    """What hindsight says of the batch, and of as many rows of all that was met since the base.

    Also rows before a takeover, and the policy's own: nobody is to do what was done there, but what
    was seen there is known.
    """
    met = np.concatenate([memory.where(stratum) for stratum in _MET])
    if len(met):
        picked = met[torch.randint(len(met), (config.batch,), generator=generator).numpy()]
        rows = concatenate([rows, memory.rows(picked)])
    points = with_noise(rows.inputs, config.feature_noise, generator).feature_BF
    return goal_loss(net.head.reading, points[:, : net.head.points], rows.goal_N6)


@dataclass(frozen=True)
class _ImageLoss:
    """The flow's loss with the encoder in the path, held to what is known of the images.

    Beside a balanced batch come rows just before takeovers: where hindsight knows their goals they
    teach the encoder, though nobody is to do what was done there.
    """

    memory: Memory  # under the base's encoder
    mix: MixConfig
    config: FinetuneConfig

    def __call__(self, net: PolicyNet, generator: torch.Generator) -> Tensor:
        config, memory = self.config, self.memory
        drawn = draw(memory, self.mix, config.encoder_batch, generator)
        before = memory.where(Stratum.PRE_INTERVENTION)
        if len(before):
            more = torch.randint(len(before), (config.encoder_batch // 8,), generator=generator)
            drawn = np.concatenate([drawn, before[more.numpy()]])
        images, rows = memory.pictured(drawn)
        feature = net.encoder(covered(images, config.covered, generator))
        acted = torch.arange(config.encoder_batch)
        own = rows.take(acted)
        own = replace(own, inputs=replace(own.inputs, feature_BF=feature[: len(acted)]))
        loss = fitted_to(net, own, config, generator)
        points = feature[:, : net.head.points]
        for reading in (net.head.reading, net.encoder):
            loss = loss + config.goal * goal_loss(reading, points, rows.goal_N6)
        known = among(memory, Stratum.DEMONSTRATION, drawn)
        if bool(known.any()):
            old = memory.rows(drawn[known.numpy()]).inputs.feature_BF
            drift = functional.smooth_l1_loss(feature[known], old, beta=0.1)
            loss = loss + config.anchor * drift
        return loss
