"""What can still be read of a damaged HDF5 file: chunk by chunk, with what is lost left out."""

import shutil
import struct
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from recorder.episode_file import open_episode
from recorder.hdf5 import dataset_in, rows_in
from teleop.errors import EpisodeError, EpisodeIncomplete

_END_AT = {0: 40, 1: 44, 2: 28, 3: 28}  # of the end's address, by version of the superblock
_HEAD_BYTES = 64
_LONGEST_TAIL = 1 << 30  # a larger one is no torn file but a damaged address


@contextmanager
def opened_damaged(path: Path, scratch: Path) -> Generator[h5py.File]:
    """Open a file that may be cut off, by a copy of it whose missing end is filled with zeros.

    Args:
        path: the file; it is never written.
        scratch: where such a copy may be made; it is deleted afterwards.

    Raises:
        EpisodeError: not even that can be opened.
    """
    missing = missing_bytes(path)
    if not 0 < missing <= _LONGEST_TAIL:
        with open_episode(path) as file:
            yield file
        return
    try:
        shutil.copyfile(path, scratch)
        with scratch.open("r+b") as file:
            file.truncate(path.stat().st_size + missing)
        with open_episode(scratch) as file:
            yield file
    finally:
        scratch.unlink(missing_ok=True)


def missing_bytes(path: Path) -> int:
    """How many bytes the file lacks of what it says of itself; 0 where it does not say."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    at = _END_AT.get(head[8], 0) if len(head) == _HEAD_BYTES else 0
    if not at:
        return 0
    (end,) = struct.unpack_from("<Q", head, at)
    return max(0, end - path.stat().st_size)


def surviving(parent: h5py.Group, name: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """The rows of a dataset, and which of them could be read, (N,).

    Raises:
        EpisodeIncomplete: there is no such dataset.
    """
    dataset = dataset_in(parent, name)
    count = dataset.shape[0]
    try:
        return rows_in(parent, name), np.ones(count, np.bool_)
    except EpisodeIncomplete:
        pass
    rows = np.zeros(dataset.shape, dataset.dtype)
    good = np.zeros(count, np.bool_)
    empty = np.zeros(count, np.bool_)  # wholly zeros, which HDF5's check sum takes for sound
    step = dataset.chunks[0] if dataset.chunks else count
    for start in range(0, count, step):
        piece = slice(start, start + step)
        try:
            rows[piece] = rows_in(parent, name, piece)
            good[piece] = True
            empty[piece] = not rows[piece].any()
        except EpisodeIncomplete:
            continue
    if good.all():  # yet not what the check sum of all says
        good = ~empty if empty.any() else ~good
    return rows, good


def surviving_together(
    parent: h5py.Group, names: Sequence[str]
) -> tuple[dict[str, NDArray[Any]], NDArray[np.bool_]]:
    """Columns that belong together, and which rows are whole in all of them, (N,).

    The longest column says how many rows there were.

    Raises:
        EpisodeIncomplete: one is not there at all.
    """
    found = {name: surviving(parent, name) for name in names}
    longest = max((len(good) for _, good in found.values()), default=0)
    whole = np.ones(longest, np.bool_)
    columns: dict[str, NDArray[Any]] = {}
    for name, (rows, good) in found.items():
        short = longest - len(rows)
        whole &= np.concatenate([good, np.zeros(short, np.bool_)])
        columns[name] = np.concatenate([rows, np.zeros((short, *rows.shape[1:]), rows.dtype)])
    return columns, whole


def rising(rows: dict[str, NDArray[Any]], kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of the rows that are kept, which have a higher index and stamp than all before, (N,)."""
    kept = kept.copy()
    for name in ("index", "stamp_ns"):
        values = np.where(kept, rows[name], -1)
        before = np.concatenate([[-1], np.maximum.accumulate(values)[:-1]])
        kept &= values > before
    return kept


def piece_at(parent: h5py.Group, name: str, start: int, length: int) -> bytes:
    """Bytes of a log, empty: they are not all there."""
    if start < 0 or length <= 0:
        return b""
    try:
        content = rows_in(parent, name, slice(start, start + length)).tobytes()
    except EpisodeError:
        return b""
    return content if len(content) == length else b""
