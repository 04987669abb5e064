"""What a crash left of an episode is made whole again, never over another file."""

from dataclasses import dataclass, replace
from pathlib import Path

import h5py

from recorder.hdf5 import dataset_in, group_in, rows_in
from recorder.header import saved_message, settle
from recorder.image_log import whole_images
from recorder.reader import check_header, open_episode, version_of
from recorder.schema import (
    CRC32,
    FRAME_SEQUENCE,
    FRAME_STAMP,
    IMAGE,
    IMAGES,
    INDEX,
    STEPS,
    State,
    columns_of,
)
from recorder.storage import publish
from teleop.errors import EpisodeError
from teleop.messages import EpisodeSaved, Outcome

DAMAGED = ".damaged"
SALVAGED_REASON = "salvaged after a crash"


@dataclass(frozen=True)
class Salvage:
    """What became of a `.part`: the episode it was made into, or None, and why."""

    part: Path
    saved: EpisodeSaved | None
    text: str


def salvage(part: Path) -> Salvage:
    """Make a `.part` that nobody writes any more into a whole episode marked UNLABELLED.

    Rows that are not in every column, and images that are not there in full, are left out. A file
    that cannot be opened, or holds no row, is put aside as `.damaged`. One that is still being
    written by another process is left alone.
    """
    path = part.with_suffix("")
    count = 1
    while path.exists():
        count += 1
        path = path.with_name(f"{part.name.split('.')[0]}_{count}.h5")
    try:
        saved = _make_whole(part, path)
    except BlockingIOError:
        return Salvage(part, None, f"{part.name} is being written by another recorder.")
    except (EpisodeError, OSError, RuntimeError) as error:
        aside = part.with_name(part.name + DAMAGED)
        part.rename(aside)
        return Salvage(part, None, f"Nothing could be salvaged from {aside.name}: {error}")
    return Salvage(part, saved, f"Salvaged {saved.steps} steps of a crash as {path.name}.")


def salvage_all(episodes: Path) -> tuple[Salvage, ...]:
    """Salvage every `.part` in the folder, oldest first."""
    return tuple(salvage(part) for part in sorted(episodes.glob("*.h5.part")))


def _make_whole(part: Path, path: Path) -> EpisodeSaved:
    with open_episode(part, "r+") as file:
        header = check_header(file, part)
        steps = group_in(file, STEPS)
        names = [column.name for column in columns_of(version_of(file))] + [
            FRAME_SEQUENCE,
            FRAME_STAMP,
            IMAGE,
        ]
        columns = [dataset_in(steps, name) for name in names]
        length = min(column.shape[0] for column in columns)
        if length == 0:
            raise EpisodeError(f"{part.name} holds no step.")
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
    publish(part, path)
    return saved_message(header, str(path), final=True)


def _trim_images(log: h5py.Group, steps: h5py.Group, place: int) -> None:
    whole = whole_images(log)
    dataset_in(log, INDEX).resize(whole, axis=0)
    dataset_in(log, CRC32).resize(whole, axis=0)
    rows = rows_in(steps, IMAGE)[:, place]
    rows[rows >= whole] = -1
    dataset_in(steps, IMAGE)[:, place] = rows
