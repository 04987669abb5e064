"""A look through a dataset by another process, which may die of it.

HDF5 can crash over a file whose structures are damaged on purpose or by a bad copy. Here every
group, attribute and array is read once where a crash costs nothing, and of small datasets every
image too. Of larger ones only each camera's first image is: should HDF5 crash over a later one, the
import ends with it, and what is in the session stays whole.
"""

import contextlib
from pathlib import Path
from typing import Any

from recorder.contained import Contained, Crashed, size_of
from recorder.imports.foreign import OpenDataset
from teleop.errors import ConversionError
from teleop.named_function import named_function

ALL_IMAGES_BYTES = 1 << 30


def preflight(target: str, path: Path) -> None:
    """Read through the dataset.

    Args:
        target: `module:function` of an `OpenDataset`.
        path: the dataset.

    Raises:
        ConversionError: the library crashed over it, or never came to an end.
    """
    if not path.exists():
        return  # which opening it tells better
    with Contained("recorder.imports.preflight:read_through") as child:
        try:
            child.ask([target, str(path)], size_of(path))
        except Crashed as error:
            raise ConversionError(
                f"{path} cannot be imported: {error}. The file is damaged; copy it once more from "
                "where it came."
            ) from error


def read_through(request: list[str]) -> int:
    """Read every episode; returns how many could be read."""
    target, path = request
    every = size_of(Path(path)) <= ALL_IMAGES_BYTES
    open_dataset: OpenDataset = named_function(target)
    count = 0
    try:
        dataset = open_dataset(Path(path))
    except ConversionError:
        return 0  # it will be told when it is opened for good
    iterator: Any = iter(dataset.episodes())
    while True:
        try:
            episode = next(iterator, None)
        except ConversionError:
            continue
        if episode is None:
            break
        for images in episode.cameras.values():
            _unpack(images(), every)
        count += 1
    dataset.close()
    return count


def _unpack(images: Any, every: bool) -> None:
    """Read the first image, or all; what cannot be read is told when it is imported."""
    with contextlib.suppress(ConversionError):
        for _ in images:
            if not every:
                break
