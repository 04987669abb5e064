"""Rows of one kind of value in one HDF5 dataset, appended in blocks."""

from collections.abc import Sequence
from typing import Any

import h5py
import numpy as np
from numpy.typing import ArrayLike

from recorder.hdf5 import dataset_in
from recorder.schema import SET_BITS, Coding, Column
from teleop.messages import Step

CHUNK_ROWS = 64
_MOST_NAMES = 2000  # of one column; a fault's text may hold numbers, and codes are 16 bits
_OTHERS = "(one of too many)"


def declare_rows(
    group: h5py.Group,
    name: str,
    dtype: str,
    shape: tuple[int, ...] = (),
    *,
    chunk_rows: int = CHUNK_ROWS,
    packed: bool = False,
) -> h5py.Dataset:
    """Create an empty dataset of (N, *shape) that can grow, with check sums."""
    packing: dict[str, Any] = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
    return group.create_dataset(
        name,
        shape=(0, *shape),
        # Without cameras an axis is 0 long, which HDF5 takes only if it could grow.
        maxshape=(None, *(size or None for size in shape)),
        dtype=dtype,
        chunks=(chunk_rows, *(max(size, 1) for size in shape)),
        fletcher32=True,
        **(packing if packed else {}),
    )


class GrowingRows:
    """A dataset that `declare_rows` made, while it is being written.

    It keeps N itself and writes through h5py's lower level: `dataset[n:] = rows` costs four times
    as much, for each of a hundred datasets four times a second.
    """

    def __init__(
        self, group: h5py.Group, name: str, dtype: str, shape: tuple[int, ...] = ()
    ) -> None:
        self._id = h5py.h5d.open(group.id, name.encode())
        self._dtype = np.dtype(dtype)
        self._shape = shape
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, values: ArrayLike) -> None:
        """Write (n, *shape) values after those that are there."""
        rows = np.ascontiguousarray(values, self._dtype)
        count = len(rows)
        if count == 0:
            return
        self._id.set_extent((self._count + count, *self._shape))
        if 0 not in self._shape:
            size = (count, *self._shape)
            target = self._id.get_space()
            target.select_hyperslab((self._count, *(0 for _ in self._shape)), size)
            self._id.write(h5py.h5s.create_simple(size), target, rows.reshape(size))
        self._count += count


class Codes:
    """What the numbers of one coded column stand for; the same in all segments of an episode."""

    def __init__(self, column: Column) -> None:
        self._places = {str(name): place for place, name in enumerate(column.names)}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._places)

    def place(self, name: str) -> int:
        """The code of `name`, a new one if it has none."""
        if name not in self._places and len(self._places) >= _MOST_NAMES:
            name = _OTHERS  # its text is lost rather than the episode
        return self._places.setdefault(name, len(self._places))

    def mask(self, names: Sequence[str]) -> int:
        """A bit for each of `names`."""
        mask = 0
        for name in names:  # past the last bit a name is lost rather than the episode
            place = self.place(name)
            mask |= 1 << place if place < SET_BITS else 0
        return mask


def declare_column(group: h5py.Group, column: Column, codes: Codes) -> None:
    """Create the empty dataset of one of `COLUMNS`."""
    dataset = declare_rows(group, column.name, column.dtype, column.shape, packed=column.packed)
    if column.unit:
        dataset.attrs["unit"] = column.unit
    if column.coding is not Coding.PLAIN:
        dataset.attrs["coding"] = str(column.coding)
        write_names(dataset, codes.names)


def write_names(dataset: h5py.Dataset, names: Sequence[str]) -> None:
    """Say what the codes of a column stand for."""
    dataset.attrs["names"] = np.array(names, dtype=h5py.string_dtype())


class StepColumn:
    """One of `COLUMNS` in a segment that is being written."""

    def __init__(self, group: h5py.Group, column: Column, codes: Codes) -> None:
        self._group = group
        self._column = column
        self._codes = codes
        self._written = len(codes.names)
        self._rows = GrowingRows(group, column.name, column.dtype, column.shape)

    def append(self, steps: Sequence[Step]) -> None:
        """Write this column's part of `steps`."""
        read = self._column.read
        values = [read(step) for step in steps]
        match self._column.coding:
            case Coding.NAME if self._column.shape:
                values = [[self._codes.place(name) for name in value] for value in values]
            case Coding.NAME:
                values = [self._codes.place(value) for value in values]
            case Coding.SET:
                values = [self._codes.mask(value) for value in values]
            case Coding.PLAIN:
                pass
        names = self._codes.names if self._column.coding is not Coding.PLAIN else ()
        if len(names) > self._written:  # before the codes that need them
            write_names(dataset_in(self._group, self._column.name), names)
            self._written = len(names)
        self._rows.append(values)
