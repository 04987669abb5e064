"""Reading HDF5 files of strangers: nothing outside the file, and nothing without bounds.

An HDF5 file may point at other files, hold links in circles, say that a kilobyte of it is a
terabyte of numbers, and hold types that run code paths nobody needs. Whatever is of no use to an
import is refused by what is said about it, before any of it is read.
"""

import math
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import h5py
import numpy as np
from numpy.typing import NDArray

from recorder import hdf5
from recorder.imports.bounded_memory import bounded_memory
from recorder.imports.heaps import sound_heaps
from teleop.errors import ConversionError, EpisodeIncomplete, SchemaMismatch

MOST_ROWS = 1_000_000
MOST_MEMBERS = 100_000  # of one group
MOST_DEPTH = 6
MOST_ARRAYS = 500  # of one episode
MOST_BYTES = 1 << 28  # of one array, or all texts, read at once
MOST_CHUNK_BYTES = 1 << 27  # HDF5 unpacks a chunk whole, whatever is read of it
MOST_TEXT_BYTES = 1 << 20  # of one row
EMPTY_BYTES = 1 << 24  # more than this, and nothing stored, is no data

MOST_PACKED = 1040  # deflate cannot pack more tightly

_LOW = cast(Any, h5py)  # its lower level has no types
_FILTERS = {
    _LOW.h5z.FILTER_DEFLATE,
    _LOW.h5z.FILTER_SHUFFLE,
    _LOW.h5z.FILTER_FLETCHER32,
    _LOW.h5z.FILTER_LZF,
}
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
T = TypeVar("T")


@contextmanager
def _sentence(path: Path, what: str) -> Generator[None]:
    """Say which file and part, where h5py raises whatever it met."""
    try:
        yield
    except (
        OSError,
        RuntimeError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        OverflowError,
        MemoryError,
        NotImplementedError,
    ) as error:
        raise ConversionError(
            f"{path}: {what} cannot be read ({_short(error)}). Is the file cut off or damaged? "
            "Copy it once more from where it came."
        ) from error


def guarded(path: Path, what: str, read: Callable[[], T]) -> T:
    """Return what `read` returns.

    Raises:
        ConversionError: it could not be read.
    """
    with _sentence(path, what), bounded_memory(2 * MOST_BYTES):
        return read()


def open_hdf5(path: Path) -> h5py.File:
    """Open a file for reading.

    Raises:
        ConversionError: it is not there, no HDF5, or cut off.
    """
    try:
        with path.open("rb") as file:
            signature = file.read(len(_SIGNATURE))
    except OSError as error:
        raise ConversionError(f"Cannot open {path}: {error.strerror or error}.") from error
    if signature != _SIGNATURE:
        raise ConversionError(
            f"{path} is no HDF5 file. Is the format right, and the download whole?"
        )
    if not guarded(path, "the file", partial(sound_heaps, path)):
        raise ConversionError(f"{path} is damaged where it keeps its texts.")
    return guarded(path, "the file", lambda: h5py.File(path, "r", locking=False))


def members(group: h5py.Group, path: Path) -> list[str]:
    """The names in a group.

    Raises:
        ConversionError: there are too many, or they cannot be read.
    """
    count = guarded(path, f"group {group.name}", lambda: len(group))
    if count > MOST_MEMBERS:
        raise ConversionError(
            f"{path}: group {group.name} has {count} members; at most {MOST_MEMBERS} are read."
        )
    return guarded(path, f"group {group.name}", lambda: [str(name) for name in group])


def child(group: h5py.Group, name: str, path: Path) -> h5py.Group | h5py.Dataset | None:
    """What lies in the group under a name; None: nothing, or a committed type.

    Raises:
        ConversionError: it is a link to another file or place, or cannot be read.
    """
    what = f"{group.name}/{name}"
    if not guarded(path, what, lambda: name in group):
        return None
    link: object = guarded(path, what, partial(group.get, name, getlink=True))
    if not isinstance(link, h5py.HardLink):
        raise ConversionError(
            f"{path}: {what} is a link to somewhere else, which is not followed. Copy the data "
            "into one file, for example with `h5repack` or h5py."
        )
    found: object = guarded(path, what, partial(group.__getitem__, name))
    return found if isinstance(found, h5py.Group | h5py.Dataset) else None


def group_at(group: h5py.Group, name: str, path: Path) -> h5py.Group | None:
    """The group of that name, None: there is none. Raises as `child`."""
    found = child(group, name, path)
    return found if isinstance(found, h5py.Group) else None


def datasets_below(
    group: h5py.Group, path: Path, skip: tuple[str, ...] = ()
) -> Iterator[tuple[str, h5py.Dataset]]:
    """Every dataset, by its path within the group, but those below names in `skip`.

    Raises:
        ConversionError: as `child`, or they are too many or too deep.
    """
    waiting: list[tuple[str, h5py.Group]] = [("", group)]
    count = 0
    while waiting:
        prefix, here = waiting.pop()
        if prefix.count("/") >= MOST_DEPTH:
            raise ConversionError(f"{path}: groups lie deeper than {MOST_DEPTH} in {group.name}.")
        for name in members(here, path):
            if prefix + name in skip:
                continue
            found = child(here, name, path)
            if isinstance(found, h5py.Group):
                waiting.append((f"{prefix}{name}/", found))
            elif found is not None:
                yield prefix + name, found
            count += 1
            if count > MOST_ARRAYS:
                raise ConversionError(
                    f"{path}: {group.name} holds more than {MOST_ARRAYS} arrays and is no episode."
                )


def unfit(dataset: h5py.Dataset, path: Path) -> str:
    """Why rows of a dataset may not be read, in words; empty: they may."""
    return guarded(path, str(dataset.name), lambda: _unfit(dataset))


def _unfit(dataset: h5py.Dataset) -> str:
    if dataset.external:
        return "its numbers lie in another file"
    if dataset.is_virtual:
        return "it only points at other datasets"
    shape, kind = dataset.shape, dataset.dtype
    if shape is None or len(shape) == 0:
        return "it has no rows"
    if kind.kind not in "biuf" or kind.itemsize > 8 or kind.subdtype is not None:
        return f"its type is {_short(kind)}, not plain numbers"
    if shape[0] > MOST_ROWS:
        return f"it has {shape[0]} rows; more than {MOST_ROWS} are not read"
    if math.prod(shape[1:]) * kind.itemsize > MOST_BYTES:
        return f"one row of {shape} is too large"
    if dataset.chunks and math.prod(dataset.chunks) * kind.itemsize > MOST_CHUNK_BYTES:
        return f"its chunks of {dataset.chunks} are too large to unpack"
    plist = dataset.id.get_create_plist()
    odd = {plist.get_filter(place)[0] for place in range(plist.get_nfilters())} - _FILTERS
    if odd:
        return f"it is packed by filter {min(odd)}; repack it, for example `h5repack -f GZIP=1`"
    size, stored = math.prod(shape) * kind.itemsize, dataset.id.get_storage_size()
    if size > max(EMPTY_BYTES, MOST_PACKED * stored):
        return f"it claims {size / 1e6:.0f} MB and holds {stored} bytes"
    return ""


def read_rows(dataset: h5py.Dataset, path: Path, rows: slice = slice(None)) -> NDArray[Any]:
    """Read rows of a dataset that `unfit` lets pass.

    Raises:
        ConversionError: they are too large at once, or cannot be read.
    """
    count = len(range(*rows.indices(dataset.shape[0])))
    size = count * math.prod(dataset.shape[1:]) * dataset.dtype.itemsize
    if size > MOST_BYTES:
        raise ConversionError(
            f"{path}: {dataset.name} is {size / 1e6:.0f} MB; at most {MOST_BYTES / 1e6:.0f} MB are "
            "read at once."
        )
    return guarded(path, str(dataset.name), lambda: np.asarray(dataset[rows]))


def attribute(holder: h5py.Group, name: str, path: Path) -> Any:
    """An attribute, None: there is none.

    Raises:
        ConversionError: it cannot be read.
    """
    try:
        return guarded(path, f"attribute '{name}'", partial(_attribute, holder, name))
    except EpisodeIncomplete as error:
        raise ConversionError(f"{error} Copy the file once more from where it came.") from error
    except SchemaMismatch:
        return None  # neither numbers nor text: nothing that is asked for here


def _attribute(holder: h5py.Group, name: str) -> Any:
    return hdf5.attribute(holder, name) if hdf5.has_attribute(holder, name) else None


def text_attribute(holder: h5py.Group, name: str, path: Path) -> str:
    """A text, empty: there is none, or it is no text. Raises as `attribute`."""
    found = attribute(holder, name, path)
    return found if isinstance(found, str) else ""


def _short(value: object) -> str:
    return str(value).replace("\n", " ")[:120]
