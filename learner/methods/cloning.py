"""Plain behaviour cloning on rows as they come: what the baselines have in common.

No balance, no averages, no anchors, and the weights go on from those that are served; a full fit
moves the encoder too, as fine-tuning a policy elsewhere does.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from learner.memory import Index, Memory
from learner.methods.fit import Fit, Loss, Phase
from learner.methods.losses import among, flow_loss, with_noise
from learner.methods.method import Ground, Speed
from learner.model import PolicyNet, copy_net
from learner.rows import Rows
from learner.samples import Stratum
from teleop.errors import PolicyError


@dataclass(frozen=True)
class CloningConfig:
    """Sizes and rates; those of the default method, so that only the method differs."""

    head_steps: int = 160
    """of a quick fit"""
    refit_steps: int = 800
    """of the head, in a full fit"""
    encoder_steps: int = 120
    """of encoder and head, in a full fit"""
    batch: int = 64
    """rows a step"""
    encoder_batch: int = 32
    """the same where images are encoded"""
    learning_rate: float = 1e-3
    """of the head, at most"""
    encoder_rate: float = 3e-4
    """of the encoder"""
    drop_proprio: float = 0.5
    """share of rows without proprioception"""
    feature_noise: float = 0.03
    """standard deviation added to the visual feature"""


def clone(ground: Ground, speed: Speed, strata: tuple[Stratum, ...], config: CloningConfig) -> Fit:
    """A fit to the rows of these strata, each as likely as any other.

    Rows before a takeover, where nothing is to be learned, count as what was executed in them.

    Raises:
        PolicyError: there are none.
    """
    afresh = speed is Speed.CONSOLIDATE
    memory = ground.base_memory if afresh else ground.memory
    index = np.concatenate([memory.where(stratum) for stratum in strata])
    if len(index) == 0:
        names = ", ".join(stratum.name.lower() for stratum in strata)
        raise PolicyError(f"There is nothing to learn from: no rows of {names}; record some first.")
    head = {"head": config.learning_rate}
    both = {"encoder": config.encoder_rate, "head": 0.3 * config.learning_rate}
    features, images = _on_features(memory, index, config), _on_images(memory, index, config)
    if speed is Speed.QUICK:
        phases = (Phase("head", config.head_steps, features, head),)
    else:
        phases = (
            Phase("head", config.refit_steps, features, head),
            Phase("encoder", config.encoder_steps, images, both),
        )
    return Fit(copy_net(ground.base if afresh else ground.serving), phases, ground.seed)


def _on_features(memory: Memory, index: Index, config: CloningConfig) -> Loss:
    def loss(net: PolicyNet, generator: torch.Generator) -> Tensor:
        drawn = _some(index, config.batch, generator)
        rows = _as_executed(memory, drawn, memory.rows(drawn))
        noisy = with_noise(rows.inputs, config.feature_noise, generator)
        return flow_loss(net, replace(rows, inputs=noisy), config.drop_proprio, generator)

    return loss


def _on_images(memory: Memory, index: Index, config: CloningConfig) -> Loss:
    def loss(net: PolicyNet, generator: torch.Generator) -> Tensor:
        drawn = _some(index, config.encoder_batch, generator)
        images, rows = memory.pictured(drawn)
        rows = _as_executed(memory, drawn, rows)
        seen = replace(rows.inputs, feature_BF=net.encoder(images))
        return flow_loss(net, replace(rows, inputs=seen), config.drop_proprio, generator)

    return loss


def _as_executed(memory: Memory, index: Index, rows: Rows) -> Rows:
    before = among(memory, Stratum.PRE_INTERVENTION, index)[:, None, None]
    return replace(rows, weight_NHA=torch.where(before, 1.0, rows.weight_NHA))


def _some(index: Index, count: int, generator: torch.Generator) -> Index:
    return index[torch.randint(len(index), (count,), generator=generator).numpy()]
