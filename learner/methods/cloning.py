"""Plain behaviour cloning on rows as they come: what the baselines have in common.

Sizes, rates and what is done to a batch are those of the default method, so that the rule is what
is compared: no balance, no hindsight, no anchors, and the weights go on from those that are served.
A full fit moves the encoder too, as fine-tuning elsewhere does.
"""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from learner.memory import Index, Memory
from learner.methods.finetune import FinetuneConfig, fitted_to, head_phase
from learner.methods.fit import Fit, Loss, Phase
from learner.methods.losses import among
from learner.methods.method import Ground, Speed
from learner.model import PolicyNet, copy_net
from learner.rows import Rows
from learner.samples import Stratum
from teleop.errors import PolicyError

# A baseline is not hurried: with fewer and coarser steps it would only be worse.
UNHURRIED = FinetuneConfig(head_steps=100, quick_rate=3e-3)


def clone(ground: Ground, speed: Speed, strata: tuple[Stratum, ...], config: FinetuneConfig) -> Fit:
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
    both = {"encoder": config.encoder_rate, "head": 0.3 * config.learning_rate}
    quick = speed is Speed.QUICK
    steps = config.head_steps if quick else config.refit_steps
    rate = config.quick_rate if quick else config.learning_rate
    phases = [
        head_phase(
            "head",
            steps,
            _on_features(memory, index, config),
            replace(config, learning_rate=rate),
        )
    ]
    if not quick:
        images = _on_images(memory, index, config)
        phases.append(Phase("encoder", config.encoder_steps, images, both, config.weight_decay))
    return Fit(copy_net(ground.base if afresh else ground.serving), tuple(phases), ground.seed)


def _on_features(memory: Memory, index: Index, config: FinetuneConfig) -> Loss:
    def loss(net: PolicyNet, generator: torch.Generator) -> Tensor:
        drawn = _some(index, config.batch, generator)
        rows = _as_executed(memory, drawn, memory.rows(drawn))
        return fitted_to(net, rows, config, generator)

    return loss


def _on_images(memory: Memory, index: Index, config: FinetuneConfig) -> Loss:
    def loss(net: PolicyNet, generator: torch.Generator) -> Tensor:
        drawn = _some(index, config.encoder_batch, generator)
        images, rows = memory.pictured(drawn)
        rows = _as_executed(memory, drawn, rows)
        seen = replace(rows.inputs, feature_BF=net.encoder(images))
        return fitted_to(net, replace(rows, inputs=seen), config, generator)

    return loss


def _as_executed(memory: Memory, index: Index, rows: Rows) -> Rows:
    before = among(memory, Stratum.PRE_INTERVENTION, index)[:, None, None]
    return replace(rows, weight_NHA=torch.where(before, 1.0, rows.weight_NHA))


def _some(index: Index, count: int, generator: torch.Generator) -> Index:
    return index[torch.randint(len(index), (count,), generator=generator).numpy()]
