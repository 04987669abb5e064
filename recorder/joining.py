"""The segments of an episode put end to end: their codes under one list of names."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recorder.episode_data import ImageTable, Samples
from recorder.part import Part, StoredLog
from recorder.schema import COLUMNS, SET_BITS, Coding, Column
from teleop.errors import EpisodeIncomplete, SchemaMismatch
from teleop.stream_messages import StreamInfo

CODED = {column.name: column for column in COLUMNS if column.coding is not Coding.PLAIN}


def all_names(column: Column, parts: Sequence[Part]) -> tuple[str, ...]:
    """What the codes of a column stand for: first those known before, then others as they came.

    Raises:
        SchemaMismatch: a name is not among those that this program knows.
    """
    names = dict.fromkeys(str(name) for name in column.names)
    for part in parts:
        own = part.names(column.name)
        strange = [name for name in own if column.names and name not in names]
        if strange:
            raise SchemaMismatch(
                f"{part.path}: {column.name} has the value '{strange[0]}', which this program does "
                "not know; update it."
            )
        names |= dict.fromkeys(own)
    return tuple(names)


def meaningless(column: Column, rows: NDArray[Any], names: int) -> NDArray[np.bool_]:
    """Which rows hold a code, or a bit, beyond the names that there are, (N,)."""
    if column.coding is Coding.SET:
        wrong = np.asarray(rows & ~np.uint64((1 << min(names, SET_BITS)) - 1), np.bool_)
    else:
        wrong = np.asarray((rows < 0) | (rows >= names), np.bool_)
    return np.asarray(wrong.any(axis=tuple(range(1, wrong.ndim))), np.bool_)


def coded_rows(part: Part, column: Column, names: Sequence[str]) -> NDArray[Any]:
    """The column's codes (or bits) of one part, as places in `names`.

    Raises:
        EpisodeIncomplete: a code stands for nothing.
    """
    rows, own = part.rows(column.name), part.names(column.name)
    if meaningless(column, rows, len(own)).any():
        raise EpisodeIncomplete(f"{part.path}: {column.name} has a code that stands for nothing.")
    if tuple(names[: len(own)]) == own:
        return rows
    return recoded(column, rows, [names.index(name) for name in own])


def recoded(column: Column, rows: NDArray[Any], places: Sequence[int]) -> NDArray[Any]:
    """The same codes (or bits), each replaced by the one at its place in `places`."""
    if column.coding is Coding.NAME:
        return np.array(places, rows.dtype)[rows]
    moved = np.zeros_like(rows)
    for bit, place in enumerate(places[:SET_BITS]):
        moved |= (rows >> np.uint64(bit) & np.uint64(1)) << np.uint64(place)
    return moved


def joined_table(camera: str, logs: Sequence[StoredLog]) -> ImageTable:
    """The images of all parts as one table, read-only."""
    columns = [
        _end_to_end([getattr(log, name) for log in logs], np.int64)
        for name in ("sequence", "host_ns", "device_ns", "length")
    ]
    return ImageTable(camera, *columns)


def joined_samples(parts: Sequence[Part], name: str) -> Samples:
    """The samples of one stream, read-only. A part may lack it.

    Raises:
        EpisodeIncomplete: its parts do not agree on the shape of a sample.
    """
    infos = [info for part in parts for info in part.streams if info.name == name]
    shapes = {info.shape for info in infos}
    if len(shapes) > 1:
        raise EpisodeIncomplete(f"{parts[0].path}: the samples of {name} are of several shapes.")
    blocks = [part.samples(infos[-1]) for part in parts if name in _names(part.streams)]
    sequence, host_ns, device_ns = (
        _end_to_end([getattr(block, column) for block in blocks], np.int64)
        for column in ("sequence", "host_ns", "device_ns")
    )
    data = _end_to_end([block.data for block in blocks], np.float32)
    return Samples(infos[-1], sequence, host_ns, device_ns, data)


def rows_of_images(
    sequence: NDArray[np.int64], stamp_ns: NDArray[np.int64], table: ImageTable
) -> NDArray[np.int64]:
    """For each (sequence, stamp) the row of the table that is this image, -1: none, (N,).

    Sequences alone would do, but for a camera that was restarted and counts anew.
    """
    rows = np.full(len(sequence), -1, np.int64)
    if not len(table.sequence):
        return rows
    if (np.diff(table.sequence) > 0).all():
        found = np.searchsorted(table.sequence, sequence)
        found[found == len(table.sequence)] = 0
        same = table.sequence[found] == sequence
    else:
        order = np.lexsort((table.sequence, table.host_ns))
        found = np.searchsorted(table.host_ns[order], stamp_ns)
        found[found == len(order)] = 0
        found = order[found]
        same = (table.sequence[found] == sequence) & (table.host_ns[found] == stamp_ns)
    same &= sequence >= 0
    rows[same] = found[same]
    rows.flags.writeable = False
    return rows


def _names(streams: Sequence[StreamInfo]) -> set[str]:
    return {info.name for info in streams}


def _end_to_end(columns: Sequence[NDArray[Any]], dtype: type) -> NDArray[Any]:
    joined = np.concatenate(columns) if columns else np.zeros(0, dtype)
    joined = joined if joined.dtype == dtype else joined.astype(dtype)
    joined.flags.writeable = False
    return joined
