"""An episode of somebody else's format, before anybody says what its numbers mean."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from teleop.interfaces import Image


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
    """

    name: str
    fps: float
    instruction: str
    success: bool | None
    arrays: dict[str, NDArray[Any]]
    cameras: dict[str, Callable[[], Iterator[Image]]] = field(
        default_factory=dict[str, Callable[[], Iterator[Image]]]
    )
    stamp_ns: NDArray[np.int64] | None = None  # (N,) where the format keeps real stamps


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
