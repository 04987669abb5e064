"""Is everything there that was generated, and does it hold what it should?"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from recorder.bench.generate import (
    IMAGES,
    SENT,
    Generated,
    GeneratedEpisode,
    GeneratedImages,
)
from recorder.bench.pictures import picture_loop, shown
from recorder.bench.plan import CAMERAS, STREAMS, make_step
from recorder.episode_data import EpisodeData
from recorder.image_log import encode_jpeg
from recorder.reader import EpisodeReader
from recorder.storage import episode_name
from teleop.session_folder import SessionFolder


@dataclass
class Found:
    """What was generated within episodes, and how much of it is not in them or is wrong."""

    generated: dict[str, int] = field(default_factory=dict[str, int])
    dropped: dict[str, int] = field(default_factory=dict[str, int])

    def count(self, kind: str, expected: int, right: int) -> None:
        """Add one stream of one episode."""
        self.generated[kind] = self.generated.get(kind, 0) + expected
        self.dropped[kind] = self.dropped.get(kind, 0) + expected - int(right)


def check(folder: SessionFolder, say: Callable[[str], None]) -> Found:
    """Read every generated episode back and compare all of it.

    Raises:
        EpisodeError: an episode is missing or damaged.
    """
    sent = msgspec.json.decode((folder.path / SENT).read_bytes(), type=Generated)
    shot = read_images(folder)
    found = Found()
    with_readers = [(each, EpisodeReader(episode_path(folder, each))) for each in sent.episodes]
    for episode, reader in with_readers:
        _check_steps(found, episode, reader)
        _check_samples(found, episode, reader)
    for camera, written in shot.images.items():
        say(f"Checking the images of {camera}.")
        loop = picture_loop(CAMERAS.index(camera))
        sums = [zlib.crc32(encode_jpeg(shown(loop, number))) for number in range(len(loop))]
        for episode, reader in with_readers:
            _check_images(found, episode, reader, (camera, written), sums)
    for _, reader in with_readers:
        reader.close()
    return found


def read_images(folder: SessionFolder) -> GeneratedImages:
    """What the cameras' generator says it wrote; nothing where none ran."""
    path = folder.path / IMAGES
    if not path.exists():
        return GeneratedImages({})
    return msgspec.json.decode(path.read_bytes(), type=GeneratedImages)


def episode_path(folder: SessionFolder, episode: GeneratedEpisode) -> Path:
    """Where the recorder puts it."""
    return folder.episodes / episode_name(episode.episode)


def _check_steps(found: Found, episode: GeneratedEpisode, reader: EpisodeData) -> None:
    stamps = {stamp: index for index, stamp in enumerate(episode.stamps_ns)}
    right = 0
    rows = zip(reader.column("index"), reader.column("stamp_ns"), reader.column("q"), strict=True)
    for index, stamp_ns, q in rows:
        expected = make_step(episode.episode, int(index), int(stamp_ns), ())
        same = np.array_equal(q, expected.observation.state.q)
        right += same and stamps.pop(int(stamp_ns), -1) == index
    found.count("steps", len(episode.stamps_ns), right)


def _check_samples(found: Found, episode: GeneratedEpisode, reader: EpisodeData) -> None:
    known = {info.name for info in reader.streams}
    for stream in STREAMS:
        name = stream.info.name
        first, last = episode.samples[name]
        right = 0
        if name in known:
            samples = reader.samples(name)
            inside = (samples.sequence >= first) & (samples.sequence <= last)
            numbers = samples.sequence[inside]
            values = samples.data[inside].reshape(len(numbers), -1)
            same = (values == stream.numbers(numbers).reshape(values.shape)).all(axis=1)
            stamped = np.diff(samples.host_ns[inside], prepend=0)[1:] == (
                np.diff(numbers) * stream.period_ns
            )
            right = len(np.unique(numbers[same])) - int((~stamped).sum())
        found.count("samples", last - first + 1, right)


def _check_images(
    found: Found,
    episode: GeneratedEpisode,
    reader: EpisodeData,
    camera: tuple[str, Sequence[tuple[int, int]]],
    sums: Sequence[int],
) -> None:
    name, written = camera
    expected: Mapping[int, int] = {
        sequence: stamp_ns
        for sequence, stamp_ns in written
        if episode.opened_ns <= stamp_ns <= episode.ended_ns
    }
    table = reader.image_table(name)
    right: set[int] = set()
    step = 64
    for first in range(0, len(table.sequence), step):
        rows = range(first, min(first + step, len(table.sequence)))
        for row, code in zip(rows, reader.jpegs(name, rows), strict=True):
            sequence = int(table.sequence[row])
            if (
                expected.get(sequence) == int(table.host_ns[row])
                and zlib.crc32(code) == sums[sequence % len(sums)]
            ):
                right.add(sequence)
    found.count("images", len(expected), len(right))
