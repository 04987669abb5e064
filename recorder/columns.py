"""Rows of one kind of value in one HDF5 dataset, appended in blocks."""

from collections.abc import Sequence
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from recorder.schema import CHUNK_ROWS, Coding, Column
from teleop.messages import Step

_BITS = 64


def create_rows(
    group: h5py.Group,
    name: str,
    dtype: str,
    shape: tuple[int, ...] = (),
    *,
    chunk_rows: int = CHUNK_ROWS,
    packed: bool = False,
) -> h5py.Dataset:
    """Make an empty dataset of (0, *shape) that can grow."""
    filters: dict[str, Any] = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
    return group.create_dataset(
        name,
        shape=(0, *shape),
        maxshape=(None, *shape),
        dtype=dtype,
        chunks=(chunk_rows, *shape),
        **(filters if packed else {}),
    )


def append_rows(dataset: h5py.Dataset, rows: NDArray[Any]) -> None:
    """Write `rows` after those that are there."""
    present = dataset.shape[0]
    dataset.resize(present + len(rows), axis=0)
    dataset[present:] = rows


class StepColumn:
    """One column of `COLUMNS` in a file that is being written."""

    def __init__(self, group: h5py.Group, column: Column) -> None:
        self._column = column
        self._places = {str(name): place for place, name in enumerate(column.names)}
        self._dataset = create_rows(
            group, column.name, column.dtype, column.shape, packed=column.packed
        )
        if column.unit:
            self._dataset.attrs["unit"] = column.unit
        if column.coding is not Coding.PLAIN:
            self._dataset.attrs["coding"] = str(column.coding)
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
        append_rows(self._dataset, np.array(values, dtype=self._column.dtype))
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
        self._dataset.attrs["names"] = np.array(list(self._places), dtype=h5py.string_dtype())
