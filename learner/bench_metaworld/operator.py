"""A scripted operator: takes over where the work has stopped to progress, hands back when it does.

Progress is Meta-World's own shaped reward, 0 to 10. The operator does what the task's scripted
expert would do, with a hand that is not quite still.
"""

from dataclasses import dataclass

import numpy as np

from teleop.messages import Array

_PROGRESS = 0.2  # of the reward, at least, to count as such


@dataclass(frozen=True)
class OperatorConfig:
    """When the operator takes over and hands back; in steps of 12.5 ms."""

    patience: int = 90
    """steps without a better reward than any before until the operator takes over; the experts
    themselves need up to 63"""
    least: int = 30
    """steps that a takeover lasts at least"""
    gain: float = 1.0
    """by how much the reward has to grow until the operator hands back"""
    noise: float = 0.02
    """standard deviation of the hand, m/s"""


class Operator:
    """Watches one episode."""

    def __init__(self, config: OperatorConfig, random: np.random.Generator) -> None:
        self._config, self._random = config, random
        self._best, self._since = 0.0, 0
        self._held, self._from = 0, 0.0

    def drives(self, reward: float) -> bool:
        """Whether the operator makes the next step, having seen the last one's reward."""
        if self._held > 0:
            self._held += 1
            done = reward - self._from >= self._config.gain
            if self._held > self._config.least and done:
                self._held, self._since, self._best = 0, 0, reward
                return False
            return True
        self._since += 1
        if reward > self._best + _PROGRESS:
            self._best, self._since = reward, 0
        if self._since >= self._config.patience:
            self._held, self._from = 1, reward
            return True
        return False

    def action(self, advice: Array) -> Array:
        """The expert's advice by an operator's hand: m/s and opening."""
        return advice + np.append(self._random.normal(0.0, self._config.noise, 3), 0.0)
