"""HDF5 groups, rows and attributes with their types, from files that may be damaged or hostile.

h5py's own `[]` may return anything, follows links into other files, and takes a file's word for
how large an array is. Here only what lies in the file itself is read, and only as much of it as
the file can hold.
"""

import math
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

import h5py
import numpy as np
from numpy.typing import NDArray

from recorder.texts import check_texts
from teleop.errors import EpisodeIncomplete, SchemaMismatch

_LOW = cast(Any, h5py)  # its lower level has no types
CHECK_SUM = "crc32"  # attribute of a dataset in a whole episode
_KINDS = "iufb"  # whole numbers, floating point, truth values
_ATTRIBUTE_KINDS = (_LOW.h5t.INTEGER, _LOW.h5t.FLOAT, _LOW.h5t.STRING, _LOW.h5t.ENUM)
_FILTERS = {_LOW.h5z.FILTER_DEFLATE, _LOW.h5z.FILTER_SHUFFLE, _LOW.h5z.FILTER_FLETCHER32}
_DEFLATE_RATIO = 1040  # deflate cannot pack more tightly than 1032 to 1
_CHUNK_BYTES = 64 << 20  # far beyond any chunk that was ever written
_ATTRIBUTE_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 20
# What h5py and HDF5 raise for a structure that makes no sense, beside their OSError.
BROKEN = (OSError, RuntimeError, KeyError, ValueError, TypeError, OverflowError, MemoryError)


def group_in(parent: h5py.Group, name: str) -> h5py.Group:
    """Return the group `name`.

    Raises:
        EpisodeIncomplete: there is none.
    """
    with _said_of(parent, name):
        found = parent[name] if is_own(parent, name) else None
    if not isinstance(found, h5py.Group):
        raise EpisodeIncomplete(f"{parent.file.filename} has no group {_joined(parent, name)}.")
    return found


def dataset_in(parent: h5py.Group, name: str) -> h5py.Dataset:
    """Return the dataset `name`, an array of plain numbers that the file itself holds.

    Raises:
        EpisodeIncomplete: there is none.
        SchemaMismatch: it is of another type, lies in another file, or is larger than its file.
    """
    with _said_of(parent, name):
        found = parent[name] if is_own(parent, name) else None
        if not isinstance(found, h5py.Dataset):
            raise EpisodeIncomplete(
                f"{parent.file.filename} has no dataset {_joined(parent, name)}."
            )
        wrong = _untrusted(found)
    if wrong:
        raise SchemaMismatch(f"{parent.file.filename}: {_joined(parent, name)} {wrong}.")
    return found


def rows_in(parent: h5py.Group, name: str, rows: slice = slice(None)) -> NDArray[Any]:
    """Return rows of the dataset `name`.

    Raises:
        EpisodeIncomplete: there is none, or its chunks cannot be read.
        SchemaMismatch: as in `dataset_in`.
    """
    return values_in(dataset_in(parent, name), rows)


def values_in(dataset: h5py.Dataset, rows: slice = slice(None)) -> NDArray[Any]:
    """The same of a dataset that `dataset_in` has looked at, which costs more than a few rows.

    Raises:
        EpisodeIncomplete: its chunks cannot be read.
    """
    with _said_of(dataset, ""):
        found = np.asarray(dataset[rows])
        known = rows == slice(None) and CHECK_SUM in dataset.attrs
        if known and zlib.crc32(found.tobytes()) != attribute(dataset, CHECK_SUM):
            raise ValueError("its content has another check sum")
        return found


def check_sum_of(dataset: h5py.Dataset) -> int:
    """CRC-32 of all values of a dataset of our own making, as they are stored, read in blocks.

    HDF5's own sum of a chunk does not see that the chunk is another one, or wholly zeros.
    """
    width = max(1, int(np.prod(dataset.shape[1:])) * dataset.dtype.itemsize)
    step, found = max(1, _BLOCK_BYTES // width), 0
    for start in range(0, dataset.shape[0], step):
        found = zlib.crc32(np.asarray(dataset[start : start + step]).tobytes(), found)
    return found


def members_of(parent: h5py.Group) -> tuple[str, ...]:
    """The names in a group.

    Raises:
        EpisodeIncomplete: they cannot be read.
    """
    with _said_of(parent, ""):
        return tuple(_text(str(name)) for name in parent)


def is_own(parent: h5py.Group, name: str) -> bool:
    """Whether `name` is there and lies in this file: neither a soft nor an external link."""
    code = name.encode()
    with _said_of(parent, name):
        links = parent.id.links
        return links.exists(code) and links.get_info(code).type == _LOW.h5l.TYPE_HARD


def has_attribute(of: h5py.File | h5py.Group | h5py.Dataset, name: str) -> bool:
    """Whether there is such an attribute. Raises EpisodeIncomplete: that cannot be told."""
    with _said_of(of, name):
        return name in of.attrs


def attribute(
    of: h5py.File | h5py.Group | h5py.Dataset, name: str
) -> str | int | float | bool | tuple[Any, ...]:
    """Return an attribute as Python values: a string, a number, or a tuple of them.

    Raises:
        KeyError: there is none.
        EpisodeIncomplete: it cannot be read.
        SchemaMismatch: it is neither numbers nor strings, or absurdly large.
    """
    if not has_attribute(of, name):
        raise KeyError(f"attribute {name} of {of.name}")
    with _said_of(of, name):
        found = _LOW.h5a.open(of.id, name.encode())
        kind = found.get_type()
        count = 0 if found.shape is None else math.prod(found.shape)
        wrong = (
            kind.get_class() not in _ATTRIBUTE_KINDS or count * kind.get_size() > _ATTRIBUTE_BYTES
        )
        if not wrong and kind.get_class() == _LOW.h5t.STRING and kind.is_variable_str():
            header_at = _LOW.h5o.get_info(of.id).addr
            check_texts(_LOW.h5i.get_file_id(of.id).get_vfd_handle(), header_at, name)
        value = None if wrong else _plain(of.attrs[name])
    if wrong:
        raise SchemaMismatch(
            f"{of.file.filename}: the attribute {name} of {of.name} is no number or text."
        )
    return cast(str | int | float | bool | tuple[Any, ...], value)


def names_of(dataset: h5py.Dataset) -> tuple[str, ...]:
    """The names that a coded column's numbers stand for.

    Raises:
        EpisodeIncomplete: it has none.
    """
    try:
        names = attribute(dataset, "names")
    except KeyError:
        raise EpisodeIncomplete(
            f"{dataset.file.filename}: {dataset.name} does not say what its codes stand for."
        ) from None
    return tuple(str(name) for name in names) if isinstance(names, tuple) else ()


@contextmanager
def _said_of(of: h5py.Group | h5py.Dataset, name: str) -> Generator[None]:
    """Say of which part of which file HDF5 complains."""
    try:
        yield
    except BROKEN as error:
        raise EpisodeIncomplete(
            f"{of.file.filename}: {_joined(of, name)} cannot be read ({error})."
        ) from error


def _joined(parent: h5py.Group | h5py.Dataset, name: str) -> str:
    return f"{(parent.name or '').rstrip('/')}/{name}".rstrip("/")


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return tuple(_text(each) for each in value.ravel().tolist())
    return _text(value.item() if isinstance(value, np.generic) else value)


def _text(value: Any) -> Any:
    """The value as it is. Raises ValueError: what is to be a text is none."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, str):
        value.encode()  # h5py lets damaged bytes through as surrogates
    return value


def _untrusted(dataset: h5py.Dataset) -> str:
    """What is wrong with a dataset that claims to be an array of numbers, empty: nothing."""
    own: Any = dataset.id
    plist, dtype, shape = own.get_create_plist(), own.dtype, own.shape
    layout = plist.get_layout()
    if layout == _LOW.h5d.VIRTUAL or plist.get_external_count():
        return "lies in another file; nothing outside an episode is ever read"
    if shape is None or dtype.kind not in _KINDS or dtype.hasobject:
        return f"is no array of numbers but of {dtype}"
    filters = {plist.get_filter(place)[0] for place in range(plist.get_nfilters())}
    if not filters <= _FILTERS:
        return "is packed in a way that this program never packs"
    size, stored = math.prod(shape) * dtype.itemsize, own.get_storage_size()
    if size > stored * (_DEFLATE_RATIO if _LOW.h5z.FILTER_DEFLATE in filters else 1):
        return f"claims {size} bytes, of which the file holds only {stored}"
    if stored > _LOW.h5i.get_file_id(own).get_filesize():
        return "claims to be larger than its file"
    chunk = plist.get_chunk() if layout == _LOW.h5d.CHUNKED else (0,)
    if math.prod(chunk) * dtype.itemsize > _CHUNK_BYTES:
        return "is cut into pieces larger than any that this program writes"
    return ""
