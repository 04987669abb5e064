"""The few numbers of every row of an episode by which its sums can be told at any time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recorder.header import summed
from recorder.labels import MODES
from recorder.schema import Header
from teleop.messages import Step

_CODES = {mode: code for code, mode in enumerate(MODES)}
_ROW = np.dtype(
    [("stamp_ns", "i8"), ("policy_version", "i8"), ("modes", "i1", 2), ("proposal_valid", "?", 2)]
)


class RowsSoFar:
    """Some 20 bytes for each row that was written."""

    def __init__(self) -> None:
        self._blocks: list[NDArray[Any]] = []

    def add(self, steps: Sequence[Step]) -> None:
        """Take in rows that were written."""
        rows = [
            (
                step.stamp_ns,
                step.policy_version,
                (_CODES[step.modes[0]], _CODES[step.modes[1]]),
                step.proposal_valid,
            )
            for step in steps
        ]
        self._blocks.append(np.array(rows, _ROW))

    def sums(self, header: Header, since: int = 0) -> Header:
        """The header with what follows from the rows that were added from place `since` on."""
        rows = np.concatenate([np.zeros(0, _ROW), *self._blocks[since:]])
        return summed(header, rows.__getitem__)

    def __len__(self) -> int:
        """How often rows were added."""
        return len(self._blocks)
