"""The images of a clip that were read lately, bounded in bytes, and which one to read next."""

from collections import OrderedDict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from gui.review.values import Picture

CACHE_BYTES = 96 * 2**20  # a hundred images of 640 x 480, or ten seconds of the small cameras
AHEAD_S = 0.5  # of replay time, to be read before it is due


def newest_at(stamps_ns: NDArray[np.int64], at_ns: int) -> int:
    """The newest image at or before `at_ns`, -1: there is none yet."""
    return int(np.searchsorted(stamps_ns, at_ns, side="right")) - 1


class PictureCache:
    """Keeps images by camera and index; the ones used longest ago go first."""

    def __init__(self, most_bytes: int = CACHE_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[tuple[str, int], Picture] = OrderedDict()
        self.bytes = 0

    def add(self, picture: Picture) -> None:
        """Keep a picture."""
        key = (picture.camera, picture.index)
        before = self._kept.pop(key, None)
        self.bytes += picture.pixels.nbytes - (before.pixels.nbytes if before else 0)
        self._kept[key] = picture
        while self.bytes > self._most_bytes and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self.bytes -= dropped.pixels.nbytes

    def get(self, camera: str, index: int) -> Picture | None:
        """The picture, which counts as used now."""
        found = self._kept.get((camera, index))
        if found is not None:
            self._kept.move_to_end((camera, index))
        return found

    def has(self, camera: str, index: int) -> bool:
        """Whether it is kept."""
        return (camera, index) in self._kept

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()
        self.bytes = 0


def ahead(stamps_ns: NDArray[np.int64], at_ns: int, speed: float) -> Iterable[int]:
    """The images that a replay will need within `AHEAD_S`, the next one first.

    At more than normal speed only those that can be shown: thirty a second.
    """
    first = newest_at(stamps_ns, at_ns)
    last = newest_at(stamps_ns, at_ns + round(speed * AHEAD_S * 1e9))
    stride = max(1, round(abs(speed)))
    if speed >= 0:
        return range(first + stride, last + 1, stride)
    return range(first - stride, max(last, 0) - 1, -stride)
