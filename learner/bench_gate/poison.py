"""Corrections whose actions are not what the operator did, on images and poses that are."""

from dataclasses import replace
from enum import StrEnum
from typing import Final

import numpy as np

from learner.samples import Samples, Stratum
from teleop.messages import NUM_ARMS


class Poison(StrEnum):
    """What took the place of a correction's actions."""

    MIRRORED = "mirrored"
    RANDOM = "random"
    OTHER_TASK = "other task"


_ARM: Final = 7
# Reflections of a twist (linear, then angular) at planes through the tool, and all of it reversed.
_MIRRORS: Final = (
    (1, -1, 1, -1, 1, -1),  # left and right
    (1, 1, -1, -1, -1, 1),  # up and down
    (-1, 1, 1, 1, -1, -1),  # to and fro
    (1, -1, -1, 1, -1, -1),  # half a turn about the approach: a camera that hangs upside down
    (-1, -1, -1, -1, -1, -1),
)


def poisoned(samples: Samples, kind: Poison, other: Samples, rng: np.random.Generator) -> Samples:
    """The samples with other twists in their correction rows; grippers and weights stay.

    Args:
        samples: of a corrected episode.
        kind: of poison.
        other: rows of demonstrations in their order; run backwards they are another task, taking
            the plug out.
        rng: of everything random.
    """
    rows = np.flatnonzero(samples.stratum_N == Stratum.CORRECTION)
    target = samples.target_NHA.copy()
    match kind:
        case Poison.MIRRORED:
            mirror = np.tile([*_MIRRORS[rng.integers(len(_MIRRORS))], 1], NUM_ARMS)
            target[rows] *= mirror.astype(np.float32)
        case Poison.RANDOM:
            reach = np.abs(target[rows]).max(axis=(0, 1))
            drawn = rng.uniform(-reach, reach, target[rows].shape).astype(np.float32)
            target[rows] = _twists_of(drawn, target[rows])
        case Poison.OTHER_TASK:
            first = int(rng.integers(len(other) - len(rows)))
            backwards = -other.target_NHA[first : first + len(rows)][::-1, ::-1]
            target[rows] = _twists_of(backwards, target[rows])
    return replace(samples, target_NHA=target)


def _twists_of(new: np.ndarray, old: np.ndarray) -> np.ndarray:
    """The new actions with the old gripper openings."""
    mixed = new.copy()
    for arm in range(NUM_ARMS):
        mixed[..., (arm + 1) * _ARM - 1] = old[..., (arm + 1) * _ARM - 1]
    return mixed
