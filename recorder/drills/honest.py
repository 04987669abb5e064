"""Is an episode of a `Feed` what was given, and is everything that is missing in it told?"""

from pathlib import Path

import numpy as np

from recorder.drills.feed import sample_values
from recorder.drills.load import CAMERAS, STREAMS, Load
from recorder.reader import EpisodeReader
from recorder.schema import COLUMNS, Header
from teleop.errors import EpisodeError
from teleop.stream_messages import EventKind

_COMPARED = ("q", "position", "executed_twist", "device_age_ns")
_BRIGHT = 4.0  # how far JPEG may shift the mean of an image


def dishonest(path: Path) -> tuple[Header | None, list[str]]:
    """Read an episode; its header, and a sentence for everything that is not as it says."""
    try:
        with EpisodeReader(path) as episode:
            wrong = _steps(episode) + _samples(episode) + _images(episode)
            return episode.header, [f"{path.name}: {each}" for each in wrong]
    except EpisodeError as error:
        return None, [str(error)]


def _steps(episode: EpisodeReader) -> list[str]:
    index = episode.column("index")
    wrong: list[str] = []
    if len(index) and np.any(np.diff(index) <= 0):
        wrong.append("rows are not in order.")
    missing = int(index[-1]) + 1 - len(index) if len(index) else 0
    if missing > episode.header.dropped_steps:
        wrong.append(f"{missing} rows are missing, {episode.header.dropped_steps} are told.")
    if np.any(np.diff(episode.column("stamp_ns")) <= 0):
        wrong.append("the rows' stamps do not grow.")
    load = Load(episode.header.episode)
    steps = [load.step(int(number)) for number in index]
    for column in COLUMNS:
        if column.name in _COMPARED and steps:
            given = np.array([column.read(step) for step in steps], column.dtype)
            if not np.array_equal(episode.column(column.name), given):
                wrong.append(f"{column.name} is not what was given.")
    return wrong


def _samples(episode: EpisodeReader) -> list[str]:
    wrong: list[str] = []
    known = {info.name for info in episode.streams}
    gaps = 0
    for place, stream in enumerate(STREAMS):
        if stream.info.name not in known:
            continue
        found = episode.samples(stream.info.name)
        if not np.array_equal(
            found.data, sample_values(place, found.sequence, stream.info.shape)
        ) or not np.array_equal(found.device_ns, found.sequence * 2):
            wrong.append(f"{stream.info.name} is not what was given.")
        gaps += _gaps(found.sequence)
    if gaps > episode.header.lost_samples:
        wrong.append(f"{gaps} samples are missing, {episode.header.lost_samples} are told.")
    return wrong


def _images(episode: EpisodeReader) -> list[str]:
    wrong: list[str] = []
    gaps, told = 0, _told(episode, EventKind.IMAGES_LOST)
    for camera in CAMERAS:
        table = episode.image_table(camera)
        gaps += _gaps(table.sequence)
        if len(table.sequence):
            means = episode.images(camera).mean(axis=(1, 2, 3))
            # All cameras are written together: from one image to the next of the same number of
            # ticks the brightness grows by one, and begins anew.
            steps = np.diff(means) - np.diff(table.sequence)
            turns = np.round(steps / 150.0) * 150.0
            if np.any(np.abs(steps - turns) > _BRIGHT):
                wrong.append(f"images of {camera} are not what was given.")
    if gaps > episode.header.lost_images:
        wrong.append(f"{gaps} images are missing, {episode.header.lost_images} are told.")
    if gaps > told and episode.header.outcome != "UNLABELLED":
        wrong.append(f"{gaps} images are missing, the events tell of {told}.")
    return wrong


def _told(episode: EpisodeReader, kind: EventKind) -> int:
    return sum(int(event.numbers["count"]) for event in episode.events() if event.kind is kind)


def _gaps(sequence: np.ndarray) -> int:
    """How many numbers are left out."""
    return int(sequence[-1] - sequence[0]) + 1 - len(sequence) if len(sequence) else 0
