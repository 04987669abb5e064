"""The datasets of several segments end to end, copied in blocks and proven by their check sums.

A block is about a megabyte: h5py lets nobody else in while it copies one, and the next episode is
being written meanwhile. It uses h5py's lower level, for an hour has 200,000 pieces to be joined.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from recorder.hdf5 import dataset_in, group_in, is_own, members_of, names_of
from recorder.schema import (
    BYTES,
    CLOCK,
    COLUMNS,
    CRC32,
    EVENTS,
    LABEL,
    LENGTH,
    OFFSET,
    STEPS,
    STREAMS,
)
from teleop.errors import EpisodeIncomplete

_BLOCK_BYTES = 1 << 20
_CHUNK_BYTES = 1 << 18
_PACKED = frozenset(column.name for column in COLUMNS if column.packed)
_PACKED_ROWS = 64


@dataclass(frozen=True)
class Copied:
    """What was copied into one dataset."""

    group: str
    name: str
    rows: int
    crc32: int


def copy_datasets(files: Sequence[h5py.File], target: h5py.File) -> list[Copied]:
    """Copy all datasets but labels of `files` into the empty file `target`, joined row by row.

    Raises:
        EpisodeIncomplete: one is missing or damaged, or images have another content than their
            check sum.
    """
    copied: list[Copied] = []
    for name in (STEPS, EVENTS):
        copied += _join_group([group_in(file, name) for file in files], target.create_group(name))
    copied.append(_join(files, CLOCK, target))
    streams = target.create_group(STREAMS)
    own = [group_in(file, STREAMS) for file in files]
    for name in dict.fromkeys(name for group in own for name in members_of(group)):
        parts = [group_in(group, name) for group in own if is_own(group, name)]
        copied += _join_group(parts, streams.create_group(name))
    return copied


def same_datasets(target: h5py.File, copied: Sequence[Copied]) -> str:
    """Read everything back; the name of a dataset that is not what was copied, empty: none."""
    for each in copied:
        crc32, rows = 0, 0
        group = target if each.group == "/" else group_in(target, each.group)
        for block in _blocks(group, each.name):
            crc32, rows = zlib.crc32(block.data, crc32), rows + len(block)
        if (crc32, rows) != (each.crc32, each.rows):
            return f"{each.group}/{each.name}"
    return ""


def _join_group(parts: Sequence[h5py.Group], target: h5py.Group) -> list[Copied]:
    for name, value in parts[-1].attrs.items():
        target.attrs[name] = value
    names = [name for name in members_of(parts[-1]) if name != LABEL]
    return [_join(parts, name, target) for name in names]


def _join(parts: Sequence[h5py.Group], name: str, target: h5py.Group) -> Copied:
    """Copy one dataset of all parts."""
    rows, crc32 = 0, 0
    joined = _declare(parts, name, target)
    for block in _gathered(_moved(parts, name) if name == OFFSET else _of_all(parts, name)):
        start = (rows, *(0 for _ in block.shape[1:]))
        place = joined.get_space()
        place.select_hyperslab(start, block.shape)
        joined.write(h5py.h5s.create_simple(block.shape), place, block)
        crc32 = zlib.crc32(block.data, crc32)
        rows += len(block)
    return Copied(str(target.name), name, rows, crc32)


def _of_all(parts: Sequence[h5py.Group], name: str) -> Iterator[NDArray[Any]]:
    for part in parts:
        if name != BYTES:
            yield from _blocks(part, name)
            continue
        blocks = list(_blocks(part, name))
        _check_pieces(part, b"".join(block.data for block in blocks))
        yield from blocks


def _moved(parts: Sequence[h5py.Group], name: str) -> Iterator[NDArray[Any]]:
    """Offsets, by the bytes in the parts before their own."""
    before = 0
    for part in parts:
        for block in _blocks(part, name):
            yield block + before
        before += h5py.h5d.open(part.id, BYTES.encode()).shape[0]


def _gathered(blocks: Iterator[NDArray[Any]]) -> Iterator[NDArray[Any]]:
    """The same rows in pieces of about a block's size, none of them empty."""
    waiting: list[NDArray[Any]] = []
    for block in blocks:
        waiting.append(block)
        if sum(each.nbytes for each in waiting) >= _BLOCK_BYTES:
            yield np.concatenate(waiting)
            waiting.clear()
    if waiting:
        yield np.concatenate(waiting)


def _blocks(group: h5py.Group, name: str) -> Iterator[NDArray[Any]]:
    """The rows of a dataset, a block at a time."""
    dataset = h5py.h5d.open(group.id, name.encode())
    count, *size = dataset.shape
    step = max(1, _BLOCK_BYTES // max(1, int(np.prod(size)) * dataset.dtype.itemsize))
    for start in range(0, count if 0 not in size else 0, step):
        block = np.empty((min(step, count - start), *size), dataset.dtype)
        place = dataset.get_space()
        place.select_hyperslab((start, *(0 for _ in size)), block.shape)
        dataset.read(h5py.h5s.create_simple(block.shape), place, block)
        yield block


def _declare(parts: Sequence[h5py.Group], name: str, target: h5py.Group) -> Any:
    """Create the dataset that all of `name` go into, as long as all of them."""
    last = dataset_in(parts[-1], name)
    if "names" in last.attrs:
        _check_names(parts, name, names_of(last))
    rows = sum(h5py.h5d.open(part.id, name.encode()).shape[0] for part in parts)
    width = max(1, int(np.prod(last.shape[1:])) * last.dtype.itemsize)
    packed = target.name == f"/{STEPS}" and name in _PACKED
    usual = _PACKED_ROWS if packed else max(1, _CHUNK_BYTES // width)
    joined = target.create_dataset(
        name,
        shape=(rows, *last.shape[1:]),
        maxshape=(None, *(size or None for size in last.shape[1:])),
        dtype=last.dtype,
        chunks=(max(1, min(usual, rows)), *(max(1, size) for size in last.shape[1:])),
        compression="gzip" if packed else None,
        compression_opts=1 if packed else None,
        shuffle=packed,
        fletcher32=True,
    )
    for key, value in last.attrs.items():
        joined.attrs[key] = value
    return joined.id


def _check_names(parts: Sequence[h5py.Group], name: str, last: tuple[str, ...]) -> None:
    """Raise EpisodeIncomplete unless the codes of every part mean what the last's mean."""
    for part in parts:
        own = names_of(dataset_in(part, name))
        if own != last[: len(own)]:
            raise EpisodeIncomplete(f"{part.file.filename}: {name} has codes of its own.")


def _check_pieces(group: h5py.Group, content: bytes) -> None:
    """Raise EpisodeIncomplete unless every piece of a byte log has its check sum."""
    columns = [np.concatenate([*_blocks(group, name), []]) for name in (OFFSET, LENGTH, CRC32)]
    if len({len(column) for column in columns}) > 1:
        raise EpisodeIncomplete(f"{group.file.filename}: the index of {group.name} is not whole.")
    rows = np.stack(columns, axis=1).astype(np.int64).tolist()
    view = memoryview(content)
    for row, (offset, length, expected) in enumerate(rows):
        if zlib.crc32(view[offset : offset + length]) != expected:
            raise EpisodeIncomplete(f"{group.file.filename}: {group.name}: {row} is damaged.")
