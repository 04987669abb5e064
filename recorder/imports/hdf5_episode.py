"""The datasets of one episode in an HDF5 file: rows of numbers, images, and what is neither."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from recorder.imports.foreign import ForeignImage
from recorder.imports.foreign_hdf5 import MOST_BYTES, guarded, read_rows, unfit
from teleop.errors import ConversionError

MOST_NUMBERS = 4096  # in one row of what is no image
MOST_PIXELS = 1 << 24
IMAGES_BYTES = 1 << 24  # read at once
_START = b"\xff\xd8"


@dataclass
class Content:
    """What was found. `left_out` has a sentence for each dataset that cannot be imported."""

    arrays: dict[str, NDArray[Any]] = field(default_factory=dict[str, NDArray[Any]])
    cameras: dict[str, Callable[[], Iterator[ForeignImage]]] = field(
        default_factory=dict[str, Callable[[], Iterator[ForeignImage]]]
    )
    left_out: list[str] = field(default_factory=list[str])


def take_in(
    path: Path, count: int, datasets: Iterable[tuple[str, h5py.Dataset]], jpeg: frozenset[str]
) -> Content:
    """Read arrays of `count` rows, and make iterators of images.

    Args:
        path: of the file, for messages.
        count: how many steps the episode has.
        datasets: by their names.
        jpeg: names of those whose rows are a JPEG each, padded with zeros.

    Raises:
        ConversionError: the file is damaged, or the arrays are too large together.
    """
    content, total = Content(), 0
    for name, dataset in datasets:
        why = unfit(dataset, path)
        if not why and dataset.shape[0] != count:
            why = f"it has {dataset.shape[0]} rows, and the episode {count}"
        if not why and (name in jpeg or _is_images(dataset)):
            make = _jpegs if name in jpeg else _images
            short = name.rsplit("/", 1)[-1]
            camera = name if short in content.cameras else short
            content.cameras[camera] = partial(make, dataset, path)
            continue
        if not why and math.prod(dataset.shape[1:]) > MOST_NUMBERS:
            why = f"its rows of {dataset.shape[1:]} are neither images of 8 bits nor few numbers"
        if why:
            content.left_out.append(f"{name} is left out: {why}.")
            continue
        total += dataset.size * dataset.dtype.itemsize
        if total > MOST_BYTES:
            raise ConversionError(
                f"{path}: the arrays up to {name} come to {total / 1e6:.0f} MB in one episode; at "
                f"most {MOST_BYTES / 1e6:.0f} MB are read."
            )
        content.arrays[name] = read_rows(dataset, path)
    return content


def _is_images(dataset: h5py.Dataset) -> bool:
    shape = dataset.shape
    return dataset.dtype == np.uint8 and len(shape) == 4 and shape[3] == 3


def _images(dataset: h5py.Dataset, path: Path) -> Iterator[ForeignImage]:
    count, *rest = dataset.shape
    at_once = max(1, IMAGES_BYTES // max(1, int(np.prod(rest))))
    for start in range(0, count, at_once):
        yield from read_rows(dataset, path, slice(start, min(start + at_once, count)))


def _jpegs(dataset: h5py.Dataset, path: Path) -> Iterator[ForeignImage]:
    for row in range(dataset.shape[0]):
        yield _jpeg(read_rows(dataset, path, slice(row, row + 1)), path, f"{dataset.name}[{row}]")


def _jpeg(rows: NDArray[Any], path: Path, what: str) -> bytes:
    code = rows.tobytes().rstrip(b"\0")
    if code[:2] != _START:
        raise ConversionError(f"{path}: {what} is no JPEG.")
    header: Any = guarded(path, what, partial(simplejpeg.decode_jpeg_header, code))
    height, width = int(header[0]), int(header[1])
    if height * width > MOST_PIXELS:
        raise ConversionError(f"{path}: {what} has {height} by {width} pixels, which is too many.")
    return code
