"""Is what lies in an episode's folder what was recorded? Number by number."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recorder.drills.load import CAMERAS, STREAMS, TICKS_PER_IMAGE, Load
from recorder.reader import EpisodeReader
from recorder.schema import COLUMNS, FRAME_SEQUENCE, SEEN_SEQUENCE, Coding, Column, Header
from teleop.errors import EpisodeError
from teleop.messages import FrameRef, Step


def wrong_in(path: Path, load: Load) -> tuple[Header | None, list[str]]:
    """Read an episode and compare it with what was recorded, as far as it goes.

    Rows must be there from the first on without a hole, with all images and samples of their time;
    more images and samples than rows may be there.

    Returns:
        The header, None if it cannot be opened; and a sentence for each thing that is wrong.
    """
    try:
        with EpisodeReader(path) as episode:
            return episode.header, _compared(episode, load)
    except EpisodeError as error:
        return None, [str(error)]


def _compared(episode: EpisodeReader, load: Load) -> list[str]:
    steps = [load.step(index) for index in range(len(episode))]
    name = episode.path.name
    wrong = [f"{name}: {each} is wrong." for each in _wrong_columns(episode, steps)]
    wrong += [f"{name}: images of {each} are wrong." for each in _wrong_images(episode, load)]
    wrong += [f"{name}: samples of {each} are wrong." for each in _wrong_samples(episode, load)]
    expected = [each for at in range(len(steps)) if (each := load.event(at))]
    if [each for each in episode.events() if each.source == "drill"][: len(expected)] != expected:
        wrong.append(f"{name}: events are wrong.")
    return wrong


def _wrong_columns(episode: EpisodeReader, steps: Sequence[Step]) -> list[str]:
    if not steps:
        return []
    wrong = [each.name for each in COLUMNS if not _same_column(episode, each, steps)]
    for name, refs in (
        (FRAME_SEQUENCE, [step.observation.frames for step in steps]),
        (SEEN_SEQUENCE, [step.seen for step in steps]),
    ):
        expected = [[ref.sequence for ref in row] for row in refs]
        if not np.array_equal(episode.column(name), expected):
            wrong.append(name)
    return wrong


def _same_column(episode: EpisodeReader, column: Column, steps: Sequence[Step]) -> bool:
    found: NDArray[Any] = episode.column(column.name)
    values = [column.read(step) for step in steps]
    if column.coding is Coding.PLAIN:
        return np.array_equal(found, np.array(values, column.dtype))
    names = episode.names(column.name)
    if column.coding is Coding.NAME:
        return np.array_equal(np.array(names)[found], np.array([np.asarray(v) for v in values]))
    return [[n for bit, n in enumerate(names) if code >> bit & 1] for code in found.tolist()] == [
        list(value) for value in values
    ]


def _wrong_images(episode: EpisodeReader, load: Load) -> list[str]:
    wrong: list[str] = []
    least = -(-len(episode) // TICKS_PER_IMAGE)
    for camera in CAMERAS:
        table = episode.image_table(camera)
        count = len(table.sequence)
        same = np.array_equal(table.sequence, np.arange(1, count + 1)) and count >= least
        refs = [FrameRef(camera, int(number), 0) for number in table.sequence]
        if not same or episode.jpegs(camera) != [load.code(ref) for ref in refs]:
            wrong.append(camera)
    return wrong


def _wrong_samples(episode: EpisodeReader, load: Load) -> list[str]:
    wrong: list[str] = []
    known = {info.name for info in episode.streams}
    for place, stream in enumerate(STREAMS):
        if stream.info.name not in known:
            if len(episode):
                wrong.append(stream.info.name)
            continue
        found = episode.samples(stream.info.name)
        count = len(found.sequence)
        expected = load.block(place, np.arange(count))
        same = count >= len(episode) * stream.per_tick and found.info == stream.info
        for name in ("sequence", "host_ns", "device_ns", "data"):
            same &= np.array_equal(getattr(found, name), getattr(expected, name))
        if not same:
            wrong.append(stream.info.name)
    return wrong
