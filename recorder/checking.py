"""Whether one episode is whole: every row, check sum and image, and whether its numbers agree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from recorder.header import derived_labels
from recorder.image_log import decode_jpeg
from recorder.reader import EpisodeReader
from recorder.schema import COLUMNS, FRAMES, State
from teleop.errors import EpisodeError, EpisodeIncomplete

_BLOCK = 64  # images at once


@dataclass(frozen=True)
class WholeFile:
    """An episode that was read to its end."""

    name: str
    episode: int
    state: str
    outcome: str
    reason: str
    steps: int
    dropped_steps: int
    first_index: int  # of the first row within its episode, -1: no row
    last_index: int
    opened_epoch_ns: int
    images: int = 0
    samples: int = 0
    lost_images: int = 0
    lost_samples: int = 0


class Answer(msgspec.Struct):
    """What is said of one episode: whole or broken, and what is strange."""

    whole: WholeFile | None = None
    broken: str = ""
    notes: tuple[str, ...] = ()


def answer(arguments: Sequence[str]) -> Answer:
    """Check the episode at the path that the first argument names; "decode": every image."""
    path = Path(arguments[0])
    try:
        whole, notes = read_whole(path, decode="decode" in arguments[1:])
    except EpisodeError as error:
        return Answer(broken=str(error))
    return Answer(whole, notes=notes)


def read_whole(path: Path, *, decode: bool = False) -> tuple[WholeFile, tuple[str, ...]]:
    """Read every column, sample, event and image of an episode.

    Returns:
        What it is, and what is strange about it but no damage.

    Raises:
        EpisodeError: something is missing or damaged, or contradicts itself.
    """
    with EpisodeReader(path) as episode:
        header = episode.header
        for name in (*(each.name for each in COLUMNS), *FRAMES):
            episode.column(name)
        index, stamps = episode.column("index"), episode.column("stamp_ns")
        for name, rows in (("index", index), ("stamp_ns", stamps)):
            if (np.diff(rows) <= 0).any():
                raise EpisodeIncomplete(f"{path}: {name} does not rise from row to row.")
        for camera in header.cameras:
            _check_images(episode, camera, decode)
        samples = [episode.samples(info.name) for info in episode.streams]
        episode.events()
        episode.clock()
        notes = list(_contradictions(episode, [each.sequence for each in samples]))
        if notes and header.state is State.FINAL:
            raise EpisodeIncomplete(notes[0])
        if not np.array_equal(episode.labels(), derived_labels(header, episode.column)):
            notes.append(f"{path}: its labels are not those that this program would derive.")
        return WholeFile(
            path.name,
            header.episode,
            header.state.value,
            header.outcome.value,
            header.reason,
            len(episode),
            header.dropped_steps,
            int(index[0]) if len(index) else -1,
            int(index[-1]) if len(index) else -1,
            header.opened_epoch_ns,
            sum(len(episode.image_table(camera).sequence) for camera in header.cameras),
            sum(len(each.sequence) for each in samples),
            header.lost_images,
            header.lost_samples,
        ), tuple(notes)


def gaps_in(sequence: NDArray[np.integer]) -> int:
    """How many are missing between the first and the last; a count that begins anew loses none."""
    return int(np.maximum(np.diff(sequence) - 1, 0).sum())


def _contradictions(episode: EpisodeReader, samples: Sequence[NDArray[np.int64]]) -> Iterator[str]:
    """What is missing although it was not counted as lost."""
    header = episode.header
    if episode.version < 3:  # images that no step named were not kept, and are no loss
        return
    missing = {
        "steps": (gaps_in(episode.column("index")), header.dropped_steps + header.cut_rows),
        "images": (
            sum(gaps_in(episode.image_table(camera).sequence) for camera in header.cameras),
            header.lost_images,
        ),
        "samples": (sum(map(gaps_in, samples)), header.lost_samples),
    }
    for what, (gap, counted) in missing.items():
        if gap > counted and not (header.corrections_only and what != "steps"):
            uncounted = gap - counted
            yield f"{episode.path}: {gap} {what} are missing, nobody counted {uncounted} of them."


def _check_images(episode: EpisodeReader, camera: str, decode: bool) -> None:
    """Check sums, and that each is a JPEG of the same size. Raises EpisodeIncomplete."""
    count = len(episode.image_table(camera).sequence)
    sizes: set[tuple[object, object]] = set()
    for start in range(0, count, _BLOCK):
        rows = range(start, min(start + _BLOCK, count))
        for row, code in zip(rows, episode.jpegs(camera, rows), strict=True):
            try:
                height, width, *_ = simplejpeg.decode_jpeg_header(code)
                if decode:
                    decode_jpeg(code)
            except ValueError as error:
                raise EpisodeIncomplete(
                    f"{episode.path}: image {row} of camera {camera} is no JPEG: {error}."
                ) from error
            sizes.add((height, width))
    if len(sizes) > 1:
        raise EpisodeIncomplete(f"{episode.path}: images of camera {camera} differ in size.")


def wrong_with(path: Path) -> str:
    """What is wrong with one file of an episode, in a sentence; empty: nothing."""
    try:
        read_whole(path)
    except EpisodeError as error:
        return str(error)
    return ""
