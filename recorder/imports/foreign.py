"""An episode of somebody else's format, before anybody says what its numbers mean."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from teleop.interfaces import Image

# An image decoded, or as the JPEG it was stored as, which then passes through unchanged.
ForeignImage = Image | bytes
CameraImages = Mapping[str, Callable[[], Iterator[ForeignImage]]]


@dataclass(frozen=True, eq=False)
class ForeignEpisode:
    """What a file of another format holds of one episode.

    Attributes:
        name: where it is from, such as "lift.hdf5/data/demo_0".
        fps: rows a second, 0: the format does not say.
        instruction: empty: none.
        success: None: the format does not say.
        arrays: every array with one row a step, by its name in that format, (N, ...).
        cameras: for each camera an iterator over its N images, made anew by each call.
        columns: what the format calls the numbers of a row of an array, where it says so.
        texts: one text a step, by its name in that format.
        left_out: what is in the file and is not imported, a sentence each.
    """

    name: str
    fps: float
    instruction: str
    success: bool | None
    arrays: dict[str, NDArray[Any]]
    cameras: CameraImages = field(default_factory=dict[str, Callable[[], Iterator[ForeignImage]]])
    stamp_ns: NDArray[np.int64] | None = None  # (N,) where the format keeps real stamps
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    left_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many steps."""
        return min((len(rows) for rows in self.arrays.values()), default=0)


class ForeignDataset(Protocol):
    """A dataset opened for import.

    Raises ConversionError, naming the file and what is wrong, for whatever is not of its format.
    """

    def __len__(self) -> int:
        """How many episodes."""
        ...

    def episodes(self) -> Iterable[ForeignEpisode]: ...

    def close(self) -> None:
        """Idempotent."""
        ...


OpenDataset = Callable[[Path], ForeignDataset]
