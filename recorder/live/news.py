"""What the writing thread has to say to the one that has the bus."""

from dataclasses import dataclass

from recorder.live.losses import Loss
from teleop.messages import EpisodeSaved


@dataclass(frozen=True)
class Saved:
    """An episode, or all of it up to a hand-back, is safe."""

    message: EpisodeSaved


@dataclass(frozen=True)
class Begun:
    """An episode's first segment is there."""

    key: int


@dataclass(frozen=True)
class Failed:
    """Nothing more of an episode can be written."""

    key: int
    text: str


@dataclass(frozen=True)
class NotKept:
    """Something that had been taken in could not be written after all."""

    key: int
    loss: Loss


@dataclass(frozen=True)
class Slow:
    """The disk took long over something."""

    key: int
    seconds: float


News = Saved | Begun | Failed | NotKept | Slow
