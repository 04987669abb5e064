"""A look through a dataset by another process, which may die of it.

HDF5 can crash over a file whose structures are damaged on purpose or by a bad copy. Here every
group, attribute, array and list of chunks is read once where a crash costs nothing; after that,
only images are left to be unpacked.
"""

import contextlib
import importlib
from pathlib import Path
from typing import Any, cast

from recorder.contained import Contained, Crashed, size_of
from recorder.imports.foreign import OpenDataset
from teleop.errors import ConversionError


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
    """Read every episode but its images; returns how many could be read."""
    target, path = request
    module, function = target.split(":")
    opened = cast(OpenDataset, getattr(importlib.import_module(module), function))
    count = 0
    try:
        dataset = opened(Path(path))
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
            _first(images())
        count += 1
    dataset.close()
    return count


def _first(images: Any) -> None:
    """Unpack one image; a camera without any is found later."""
    with contextlib.suppress(ConversionError):
        next(images, None)
