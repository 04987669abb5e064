"""A `.part` that a crash left of version 1 or 2: a flat file, made whole as a copy."""

import shutil
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np

from recorder.episode_file import check_header, open_episode, version_of
from recorder.hdf5 import BROKEN, dataset_in, group_in, names_of, rows_in
from recorder.header import saved_message, settle
from recorder.image_log import whole_images
from recorder.joining import meaningless
from recorder.originals import SCRATCH, put_aside
from recorder.schema import (
    CRC32,
    FRAME_SEQUENCE,
    FRAME_STAMP,
    IMAGE,
    IMAGES,
    INDEX,
    SALVAGED_REASON,
    STEPS,
    Coding,
    State,
    columns_of,
)
from recorder.storage import publish
from recorder.surviving import rising, surviving_together
from teleop.errors import EpisodeError, EpisodeIncomplete
from teleop.messages import EpisodeSaved, Outcome


def repair_flat(part: Path) -> EpisodeSaved:
    """Make a whole episode of a `.part`, which goes into the folder `originals`.

    Rows that are not in every column, and images that are not there in full, are left out.

    Raises:
        EpisodeError: it cannot be opened, or holds no row; it stays where it is.
    """
    path = _unused(part)
    made = path.with_name(path.name + SCRATCH)
    try:
        shutil.copyfile(part, made)
        with open_episode(made, "r+") as file:
            saved = _make_whole(file, part, path)
    except BROKEN as error:
        made.unlink(missing_ok=True)
        raise EpisodeIncomplete(f"{part} cannot be made whole: {error}.") from error
    except EpisodeError as error:  # which is about the copy
        made.unlink(missing_ok=True)
        raise EpisodeIncomplete(str(error).replace(str(made), str(part))) from error
    publish(made, path)
    put_aside(part)
    return saved


def _unused(part: Path) -> Path:
    """The name for what is made of a `.part`; never that of another episode."""
    path, count = part.with_suffix(""), 1
    while path.exists():
        count += 1
        path = path.with_name(f"{part.name.split('.')[0]}_{count}.h5")
    return path


def _make_whole(file: h5py.File, part: Path, path: Path) -> EpisodeSaved:
    header = check_header(file, part)
    version = version_of(file)
    if version > 2:
        raise EpisodeIncomplete(f"{part} is a segment outside its episode's folder.")
    steps = group_in(file, STEPS)
    names = [column.name for column in columns_of(version)] + [FRAME_SEQUENCE, FRAME_STAMP, IMAGE]
    columns = [dataset_in(steps, name) for name in names]
    rows, whole = surviving_together(steps, names)
    for column in columns_of(version):
        if column.coding is not Coding.PLAIN:
            own = names_of(dataset_in(steps, column.name))
            if column.names and not set(own) <= set(column.names):
                raise EpisodeIncomplete(f"{part}: it cannot be told what {column.name} stands for.")
            whole &= ~meaningless(column, rows[column.name], len(own))
    whole = rising(rows, whole)
    length = len(whole) if whole.all() else int(np.argmin(whole))  # the first row that is not
    if length == 0:
        raise EpisodeIncomplete(f"{part.name} holds no step.")
    for column in columns:
        column.resize(length, axis=0)
    images = group_in(file, IMAGES)
    for place, camera in enumerate(header.cameras):
        _trim_images(group_in(images, camera), steps, place)
    header = settle(
        file,
        replace(
            header,
            state=State.SALVAGED,
            outcome=Outcome.UNLABELLED,
            reason=SALVAGED_REASON,
            ended_ns=int(rows_in(steps, "stamp_ns")[-1]),
        ),
    )
    return saved_message(header, str(path), final=True)


def _trim_images(log: h5py.Group, steps: h5py.Group, place: int) -> None:
    whole = whole_images(log)
    dataset_in(log, INDEX).resize(whole, axis=0)
    dataset_in(log, CRC32).resize(whole, axis=0)
    rows = rows_in(steps, IMAGE)[:, place]
    rows[rows >= whole] = -1
    dataset_in(steps, IMAGE)[:, place] = rows
