"""The datasets of several segments end to end, copied in blocks and proven by their check sums.

A block is about a megabyte: h5py lets nobody else in while it copies one, and the next episode is
being written meanwhile.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from recorder.hdf5 import dataset_in, group_in, is_own, members_of, names_of, rows_in
from recorder.schema import BYTES, CLOCK, CRC32, EVENTS, LABEL, LENGTH, OFFSET, STEPS, STREAMS
from teleop.errors import EpisodeIncomplete

_BLOCK_BYTES = 1 << 20
_CHUNK_BYTES = 1 << 18
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
        group = target if each.group == "/" else group_in(target, each.group)
        crc32, rows = 0, 0
        for block in _blocks(group, each.name):
            crc32, rows = zlib.crc32(block.data, crc32), rows + len(block)
        if (crc32, rows) != (each.crc32, each.rows):
            return f"{each.group}/{each.name}"
    return ""


def _join_group(parts: Sequence[h5py.Group], target: h5py.Group) -> list[Copied]:
    for name, value in parts[-1].attrs.items():
        target.attrs[name] = value
    names = [name for name in members_of(parts[-1]) if name != LABEL]
    if OFFSET in names:
        for part in parts:
            _check_pieces(part)
    return [_join(parts, name, target) for name in names]


def _join(parts: Sequence[h5py.Group], name: str, target: h5py.Group) -> Copied:
    """Copy one dataset of all parts. Offsets into bytes are moved by the bytes before them."""
    sources = [dataset_in(part, name) for part in parts]
    joined = _declare(sources, name, target)
    row, crc32, bytes_before = 0, 0, 0
    for part in parts:
        for block in _blocks(part, name):
            moved = block + bytes_before if name == OFFSET else block
            joined[row : row + len(moved)] = moved
            crc32 = zlib.crc32(np.ascontiguousarray(moved).data, crc32)
            row += len(moved)
        if name == OFFSET:
            bytes_before += dataset_in(part, BYTES).shape[0]
    return Copied(str(target.name), name, row, crc32)


def _declare(sources: Sequence[h5py.Dataset], name: str, target: h5py.Group) -> h5py.Dataset:
    last = sources[-1]
    for source in sources:
        if "names" in source.attrs and names_of(source) != names_of(last)[: len(names_of(source))]:
            raise EpisodeIncomplete(f"{source.file.filename}: the codes of {name} differ.")
    rows = sum(source.shape[0] for source in sources)
    width = max(1, int(np.prod(last.shape[1:])) * last.dtype.itemsize)
    usual = _PACKED_ROWS if last.compression else max(1, _CHUNK_BYTES // width)
    joined = target.create_dataset(
        name,
        shape=(rows, *last.shape[1:]),
        maxshape=(None, *(size or None for size in last.shape[1:])),
        dtype=last.dtype,
        chunks=(max(1, min(usual, rows)), *(max(1, size) for size in last.shape[1:])),
        compression=last.compression,
        compression_opts=last.compression_opts,
        shuffle=last.shuffle,
        fletcher32=True,
    )
    for key, value in last.attrs.items():
        joined.attrs[key] = value
    return joined


def _blocks(parent: h5py.Group, name: str) -> Iterator[NDArray[Any]]:
    dataset = dataset_in(parent, name)
    width = max(1, int(np.prod(dataset.shape[1:])) * dataset.dtype.itemsize)
    rows = max(1, _BLOCK_BYTES // width)
    for start in range(0, dataset.shape[0], rows):
        yield rows_in(parent, name, slice(start, start + rows))


def _check_pieces(group: h5py.Group) -> None:
    """Raise EpisodeIncomplete unless every piece of a byte log has its check sum."""
    columns = [rows_in(group, name) for name in (OFFSET, LENGTH, CRC32)]
    if len({len(column) for column in columns}) > 1:
        raise EpisodeIncomplete(f"{group.file.filename}: the index of {group.name} is not whole.")
    for row, (offset, length, expected) in enumerate(zip(*columns, strict=True)):
        piece = rows_in(group, BYTES, slice(int(offset), int(offset) + int(length)))
        if len(piece) != length or zlib.crc32(piece.data) != int(expected):
            raise EpisodeIncomplete(f"{group.file.filename}: {group.name}: {row} is damaged.")
