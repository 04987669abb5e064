"""Fitting something small beside a base that stays as it is."""

from dataclasses import dataclass
from typing import Literal

from learner.methods.fit import Fit, Loss, Phase
from learner.methods.method import Ground, Speed
from learner.model import attach


@dataclass(frozen=True)
class BesideConfig:
    """Sizes and rates of whatever is fitted beside a base."""

    quick_steps: int = 200
    """about a second on one core"""
    full_steps: int = 1000
    """from untrained weights"""
    batch: int = 64
    """rows a step"""
    learning_rate: float = 1e-3
    """at most"""
    weight_decay: float = 1e-3
    """of AdamW"""
    average: float = 0.95
    """of the weights, per step"""
    drop_proprio: float = 0.1
    """share of rows without proprioception"""
    regrasp_m: float = 0.03
    """most that the left tool is put off, so that the images are read"""
    regrasp_rad: float = 0.4
    """the same for its attitude"""
    feature_noise: float = 0.01
    """standard deviation added to the visual feature"""


def fit_beside(
    kind: Literal["residual", "steer"],
    ground: Ground,
    speed: Speed,
    config: BesideConfig,
    loss: Loss,
) -> Fit:
    """Untrained weights beside the base, or a few steps more of those that are served."""
    net = attach(ground.base, kind)
    if speed is Speed.QUICK:
        steps = config.quick_steps
        if type(ground.serving.adapter) is type(net.adapter):
            net.load_state_dict(ground.serving.state_dict())
    else:
        steps = config.full_steps * (2 if speed is Speed.CONSOLIDATE else 1)
    rates = {"adapter": config.learning_rate}
    phase = Phase(kind, steps, loss, rates, config.weight_decay, average=config.average)
    return Fit(net, (phase,), ground.seed)
