"""What policy versions do on the same frames of a corrected clip, beside what the operator did.

The learner writes it into a file, the window shows it: it crosses processes as `teleop.wire` bytes.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teleop.messages import Arm, Array
from teleop.wire import decoder, encode


@dataclass(frozen=True)
class Match:
    """How far a version is from the operator over the corrected rows of one arm.

    Attributes:
        error: mean absolute, in action scales.
        allowed: most that would not be corrected again.
        needed: whether the version would, by its actions, be corrected again; judged as at the
            gate.
    """

    arm: Arm
    error: float
    allowed: float
    needed: bool


@dataclass(frozen=True, eq=False)
class VersionActions:
    """One version. N rows as in `ActionComparison`.

    Attributes:
        actions: (N, 2, 7) the first step of its chunks: twist (m/s, rad/s, world axes), opening.
        matches: of each corrected arm.
    """

    version: int
    actions: Array
    matches: tuple[Match, ...]


@dataclass(frozen=True, eq=False)
class ActionComparison:
    """Versions on the rows of a clip from just before each takeover to its end, ten a second.

    Attributes:
        clip: its name.
        rows: (N,) of the clip, rising.
        stamps_ns: (N,)
        corrected: (N, 2) where the operator drove the arm.
        executed: (N, 2, 7) what was done: the operator's action where `corrected`.
        versions: in the order that was asked for.
    """

    clip: str
    rows: NDArray[np.int64]
    stamps_ns: NDArray[np.int64]
    corrected: NDArray[np.bool_]
    executed: Array
    versions: tuple[VersionActions, ...]


comparison_in = decoder(ActionComparison)
"""Bytes of `encode` to the comparison; raises MalformedMessage if they are anything else."""


def save_comparison(path: Path, comparison: ActionComparison) -> None:
    """Write it, whole or not at all.

    Raises:
        OSError: the file cannot be written.
    """
    partial = path.with_name(f".{path.name}.part")
    partial.write_bytes(encode(comparison))
    partial.replace(path)
