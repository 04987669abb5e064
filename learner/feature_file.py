"""Visual features of an arena's rows under one encoder, beside them on disk.

Each record is a feature and its check sum; one that is not there, or that a power cut spoiled, is
not known and is computed anew.
"""

import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from learner.growing_file import GrowingFile
from learner.observe import Float32


class FeatureFile:
    """Features by row number.

    Args:
        path: None: kept nowhere.
        size: of a feature.
    """

    def __init__(self, path: Path | None, size: int) -> None:
        self._file = GrowingFile(path)
        self._size = size
        self._bytes = 4 * size + 4

    def close(self) -> None:
        """Idempotent."""
        self._file.close()

    def read(self, index: NDArray[np.int64]) -> tuple[Float32, NDArray[np.bool_]]:
        """Features (n, size) and which of them are known; the rest are zeros."""
        found = np.zeros((len(index), self._size), np.float32)
        known = np.zeros(len(index), np.bool_)
        for place, row in enumerate(index.tolist()):
            record = self._file.read(row * self._bytes, self._bytes)
            known[place] = _check_sum(record[:-4]) == record[-4:]
            if known[place]:
                found[place] = np.frombuffer(record, "<f4", self._size)
        return found, known

    def write(self, index: NDArray[np.int64], features: Float32) -> None:
        """Keep features (n, size)."""
        for row, feature in zip(index.tolist(), features, strict=True):
            content = feature.astype("<f4", copy=False).tobytes()
            self._file.write(row * self._bytes, content + _check_sum(content))


def _check_sum(content: bytes) -> bytes:
    return (zlib.crc32(content) or 1).to_bytes(4, "little")
