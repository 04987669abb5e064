"""All segments of a finished episode into one file, which takes their place when it is proven.

It changes nothing that a reader sees. Killed at any instant it can be run again: until the whole
file has its name the segments are there, and from then on they are only in the way.
"""

import contextlib
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import h5py

from recorder.copying import copy_datasets, same_datasets
from recorder.episode_file import check_header, open_episode
from recorder.episode_paths import parts_of, segments_of
from recorder.hdf5 import BROKEN
from recorder.header import settle
from recorder.schema import WHOLE
from recorder.storage import RESERVE_BYTES, part_of, publish, require_room, sync
from teleop.errors import EpisodeError, EpisodeIncomplete


def consolidate(episode: Path, reserve: int = RESERVE_BYTES) -> Path:
    """Make `episode.h5` of an episode's segments, and delete them; return its path.

    Where it is there already, only what an earlier call left is deleted.

    Args:
        episode: the folder of an episode that has ended.
        reserve: bytes left free on the disk.

    Raises:
        DiskFull: there is no room for a second copy; the segments stay.
        EpisodeIncomplete: the episode has not ended, or a segment is damaged; all files stay.
        EpisodeError: it could not be written; the segments stay.
    """
    whole = episode / WHOLE
    part = part_of(whole)
    try:
        part.unlink(missing_ok=True)
        if not whole.exists():
            segments = segments_of(episode)
            require_room(episode, reserve + sum(path.stat().st_size for path in segments))
            _join(segments, part, episode)
            publish(part, whole)
        sync(episode)
        for path in segments_of(episode):
            path.unlink()
        sync(episode)
    except BROKEN as error:
        raise EpisodeError(
            f"The segments of {episode} could not be made into one file: {error}. They stay, and "
            "can be read as they are."
        ) from error
    return whole


def _join(segments: tuple[Path, ...], part: Path, episode: Path) -> None:
    with _opened(segments) as files:
        headers = [check_header(file, path) for file, path in zip(files, segments, strict=True)]
        if not headers or not headers[-1].state.finished or parts_of(episode):
            raise EpisodeIncomplete(f"The episode {episode} has not ended; it stays in segments.")
        if len({header.uid for header in headers}) > 1:
            raise EpisodeIncomplete(f"{episode} has segments of more than one episode.")
        with h5py.File(part, "w") as target:
            sums = copy_datasets(files, target)
            header = settle(target, replace(headers[-1], segment=-1))
        if header.steps != sum(each.steps for each in headers):
            raise EpisodeIncomplete(f"{episode} lost rows in joining; its segments stay.")
    with h5py.File(part, "r", locking=False) as target:
        different = same_datasets(target, sums)
    if different:
        raise EpisodeIncomplete(
            f"{part}: {different} is not what was written. Is the disk sound? The segments stay."
        )


@contextlib.contextmanager
def _opened(paths: tuple[Path, ...]) -> Generator[list[h5py.File]]:
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(open_episode(path)) for path in paths]
