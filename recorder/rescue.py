"""A damaged file of version 3 written anew, without what is lost."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from recorder.byte_log import ByteLog
from recorder.columns import GrowingRows
from recorder.episode_file import check_header
from recorder.from_journal import segment_from_journal
from recorder.hdf5 import dataset_in, group_in, members_of, names_of
from recorder.header import settle, summed, write_header
from recorder.joining import CODED, meaningless
from recorder.journal import is_journal
from recorder.layout import Layout
from recorder.schema import (
    BYTES,
    CLOCK,
    COLUMNS,
    CRC32,
    DATA,
    DEVICE_NS,
    EVENTS,
    FRAMES,
    HOST_NS,
    LENGTH,
    OFFSET,
    SEQUENCE,
    STEPS,
    STREAMS,
    Coding,
    Header,
)
from recorder.segment_file import events_in, stream_info, stream_kind
from recorder.streams import IMAGE_KIND, declare_images, declare_samples
from recorder.surviving import opened_damaged, piece_at, rising, surviving, surviving_together
from teleop.errors import EpisodeError, EpisodeIncomplete
from teleop.stream_messages import EventKind, RecordedEvent

_NUMBERS = (HOST_NS, DEVICE_NS, SEQUENCE)
_BLOCK_BYTES = 8 << 20


@dataclass
class Lost:
    """How much of a file could not be read any more."""

    steps: int = 0
    images: int = 0
    samples: int = 0
    events: int = 0
    streams: tuple[str, ...] = ()  # wholly, with an unknown number of images or samples

    def __bool__(self) -> bool:
        return bool(self.steps or self.images or self.samples or self.events or self.streams)

    def __iadd__(self, other: "Lost") -> "Lost":
        self.steps += other.steps
        self.images += other.images
        self.samples += other.samples
        self.events += other.events
        self.streams += other.streams
        return self

    def __str__(self) -> str:
        counts = {
            "steps": self.steps,
            "images": self.images,
            "samples": self.samples,
            "events": self.events,
        }
        parts = [f"{count} {what}" for what, count in counts.items() if count]
        parts += [f"all of {name}" for name in self.streams]
        return ", ".join(parts) or "nothing"


def rescue(source: Path, target: Path, like: Header | None = None) -> tuple[Header, Lost]:
    """Write what can be read of `source` into the new file `target`, which is left closed.

    Args:
        source: a segment, a journal or whole episode of version 3; it is only read.
        target: must not exist; `target` with a longer name is used for a moment as well.
        like: the header of another segment of the same episode, if its own cannot be read.

    Returns:
        The header of what was written, whose losses are still those of before; and what is lost.

    Raises:
        EpisodeError: nothing of it can be read.
        OSError: the disk cannot be written.
    """
    if is_journal(source):
        return segment_from_journal(source, target), Lost()
    lost = Lost()
    with opened_damaged(source, target.with_name(target.name + ".scratch")) as file:
        header = _header(file, source, like)
        steps = group_in(file, STEPS)
        rows, kept = _steps(steps, header)
        lost.steps = int((~kept).sum())
        layout = Layout(header.cameras)
        layout.know({name: _names(steps, name) for name in CODED})
        target.write_bytes(layout.template())
        with h5py.File(target, "r+") as made:
            own = group_in(made, STEPS)
            for name, values in rows.items():
                GrowingRows(own, name, str(values.dtype), values.shape[1:]).append(values[kept])
            _copy_streams(file, group_in(made, STREAMS), lost)
            _copy_events(file, made, lost)
            _copy_clock(file, made)
            if header.steps == 0:  # it was never closed, and its header is of its beginning
                header = _counted(header, events_in(made, source), rows["index"][kept])
            if header.segment < 0:
                header = settle(made, header)
            else:
                header = summed(header, lambda name: rows[name][kept])
                write_header(made, header)
    return header, lost


def _counted(header: Header, events: Sequence[RecordedEvent], index: NDArray[np.int64]) -> Header:
    """The header with what the events of its file say was lost, and what was not kept."""
    told = dict.fromkeys((EventKind.STEPS_LOST, EventKind.IMAGES_LOST, EventKind.SAMPLES_LOST), 0)
    for event in events:
        if event.kind in told:
            told[event.kind] += int(event.numbers.get("count", 0))
    missing = int(index[-1] - index[0]) + 1 - len(index) if len(index) else 0
    cut = max(0, missing - told[EventKind.STEPS_LOST]) if header.corrections_only else 0
    return replace(
        header,
        dropped_steps=header.dropped_steps + told[EventKind.STEPS_LOST],
        lost_images=header.lost_images + told[EventKind.IMAGES_LOST],
        lost_samples=header.lost_samples + told[EventKind.SAMPLES_LOST],
        cut_rows=header.cut_rows + cut,
    )


def _header(file: h5py.File, source: Path, like: Header | None) -> Header:
    try:
        return check_header(file, source)
    except EpisodeError:
        if like is None:
            raise
        return like


def _steps(steps: h5py.Group, header: Header) -> tuple[dict[str, NDArray[Any]], NDArray[np.bool_]]:
    """All columns, and which rows are whole, rising, and of codes that stand for something."""
    rows, kept = surviving_together(steps, [*(column.name for column in COLUMNS), *FRAMES])
    for column in COLUMNS:
        if rows[column.name].shape[1:] != column.shape:
            raise EpisodeIncomplete(f"{steps.file.filename}: {column.name} is of another shape.")
        if column.coding is not Coding.PLAIN:
            names = _names(steps, column.name)
            if column.names and not set(names) <= set(column.names):
                raise EpisodeIncomplete(
                    f"{steps.file.filename}: it cannot be told what {column.name} stands for."
                )
            kept &= ~meaningless(column, rows[column.name], len(names))
    for name in FRAMES:
        if rows[name].shape[1:] != (len(header.cameras),):
            raise EpisodeIncomplete(f"{steps.file.filename}: {name} is of another shape.")
    return rows, kept & rising(rows, kept)


def _names(steps: h5py.Group, column: str) -> tuple[str, ...]:
    return names_of(dataset_in(steps, column))


def _copy_streams(file: h5py.File, target: h5py.Group, lost: Lost) -> None:
    streams = group_in(file, STREAMS)
    for name in members_of(streams):
        try:
            group = group_in(streams, name)
            kind, info = stream_kind(group), stream_info(group)
            columns = _NUMBERS + ((OFFSET, LENGTH, CRC32) if kind == IMAGE_KIND else (DATA,))
            rows, kept = surviving_together(group, columns)
        except EpisodeError:
            lost.streams += (name,)
            continue
        if kind == IMAGE_KIND:
            lost.images += _copy_pieces(group, declare_images(target, info), rows, kept, _NUMBERS)
        else:
            lost.samples += int((~kept).sum())
            made = declare_samples(target, info)
            for column, values in rows.items():
                GrowingRows(made, column, str(values.dtype), values.shape[1:]).append(values[kept])


def _copy_events(file: h5py.File, made: h5py.File, lost: Lost) -> None:
    try:
        group = group_in(file, EVENTS)
        rows, kept = surviving_together(group, (HOST_NS, OFFSET, LENGTH, CRC32))
    except EpisodeError:
        lost.streams += (EVENTS,)
        return
    lost.events += _copy_pieces(group, group_in(made, EVENTS), rows, kept, (HOST_NS,))


def _copy_clock(file: h5py.File, made: h5py.File) -> None:
    try:
        rows, kept = surviving(file, CLOCK)
    except EpisodeError:
        return
    if rows.shape[1:] == (2,):
        GrowingRows(made, CLOCK, "i8", (2,)).append(rows[kept])


def _copy_pieces(
    group: h5py.Group,
    target: h5py.Group,
    rows: dict[str, NDArray[Any]],
    kept: NDArray[np.bool_],
    numbers: Sequence[str],
) -> int:
    """Copy those pieces of a byte log that have their check sum; return how many have not."""
    log = ByteLog(target, numbers)
    pieces: list[bytes] = []
    columns: list[tuple[int, ...]] = []
    size = whole = 0
    for row in np.flatnonzero(kept):
        piece = piece_at(group, BYTES, int(rows[OFFSET][row]), int(rows[LENGTH][row]))
        if not piece or zlib.crc32(piece) != int(rows[CRC32][row]):
            continue
        whole += 1
        size += len(piece)
        pieces.append(piece)
        columns.append(tuple(int(rows[name][row]) for name in numbers))
        if size > _BLOCK_BYTES:
            log.append(pieces, columns)
            pieces, columns, size = [], [], 0
    log.append(pieces, columns)
    return len(kept) - whole
