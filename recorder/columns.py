"""Rows of one kind of value in one HDF5 dataset, appended in blocks."""

from collections.abc import Sequence
from typing import Any

import h5py
import numpy as np
from numpy.typing import ArrayLike

from recorder.schema import CHUNK_ROWS, Coding, Column
from teleop.messages import Step

_BITS = 64


class GrowingRows:
    """A dataset of (N, *shape) in a file that is being written.

    It keeps N itself and writes through h5py's lower level: `dataset[n:] = rows` costs four times
    as much, for each of 38 datasets four times a second.
    """

    def __init__(
        self,
        group: h5py.Group,
        name: str,
        dtype: str,
        shape: tuple[int, ...] = (),
        *,
        chunk_rows: int = CHUNK_ROWS,
        packed: bool = False,
    ) -> None:
        filters: dict[str, Any] = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
        self.dataset = group.create_dataset(
            name,
            shape=(0, *shape),
            # Without cameras an axis is 0 long, which HDF5 takes only if it could grow.
            maxshape=(None, *(size or None for size in shape)),
            dtype=dtype,
            chunks=(chunk_rows, *(max(size, 1) for size in shape)),
            **(filters if packed else {}),
        )
        self._dtype = np.dtype(dtype)
        self._shape = shape
        self._count = 0

    def append(self, values: ArrayLike) -> None:
        """Write (n, *shape) values after those that are there."""
        rows = np.ascontiguousarray(values, self._dtype)
        count = len(rows)
        if count == 0 or 0 in self._shape:
            self.dataset.resize(self._count + count, axis=0)
        else:
            size = (count, *self._shape)
            self.dataset.id.set_extent((self._count + count, *self._shape))
            target = self.dataset.id.get_space()
            target.select_hyperslab((self._count, *(0 for _ in self._shape)), size)
            self.dataset.id.write(h5py.h5s.create_simple(size), target, rows.reshape(size))
        self._count += count


class StepColumn:
    """One column of `COLUMNS` in a file that is being written."""

    def __init__(self, group: h5py.Group, column: Column) -> None:
        self._column = column
        self._places = {str(name): place for place, name in enumerate(column.names)}
        self._rows = GrowingRows(
            group, column.name, column.dtype, column.shape, packed=column.packed
        )
        self._attributes = self._rows.dataset.attrs
        if column.unit:
            self._attributes["unit"] = column.unit
        if column.coding is not Coding.PLAIN:
            self._attributes["coding"] = str(column.coding)
            self._write_names()

    def append(self, steps: Sequence[Step]) -> None:
        """Write this column's part of `steps`."""
        read = self._column.read
        values = [read(step) for step in steps]
        known = len(self._places)
        match self._column.coding:
            case Coding.NAME if self._column.shape:
                values = [[self._place(name) for name in value] for value in values]
            case Coding.NAME:
                values = [self._place(value) for value in values]
            case Coding.SET:
                values = [self._mask(value) for value in values]
            case Coding.PLAIN:
                pass
        self._rows.append(values)
        if len(self._places) != known:
            self._write_names()

    def _place(self, name: str) -> int:
        return self._places.setdefault(name, len(self._places))

    def _mask(self, names: Sequence[str]) -> int:
        mask = 0
        for name in names:  # past the last bit a name is lost rather than the episode
            place = self._place(name)
            mask |= 1 << place if place < _BITS else 0
        return mask

    def _write_names(self) -> None:
        self._attributes["names"] = np.array(list(self._places), dtype=h5py.string_dtype())
