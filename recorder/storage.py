"""Files that appear whole or not at all, and the room there is for them."""

import os
import shutil
from pathlib import Path

from teleop.errors import EpisodeError

RESERVE_BYTES = 100_000_000  # left free, so that the open episode can be closed and logs written


def free_bytes(folder: Path) -> int:
    """Room left on the disk of `folder`."""
    return shutil.disk_usage(folder).free


def require_room(folder: Path, reserve: int = RESERVE_BYTES) -> None:
    """Raise EpisodeError if less than `reserve` bytes are free."""
    free = free_bytes(folder)
    if free < reserve:
        raise EpisodeError(
            f"The disk of {folder} is full ({free / 1e6:.0f} MB free, {reserve / 1e6:.0f} MB are "
            "kept back): nothing more is recorded. Free some space and start the next episode."
        )


def episode_name(episode: int) -> str:
    """The stem of an episode's file."""
    return f"episode_{episode:05d}"


def unused(folder: Path, stem: str, suffix: str = ".h5") -> Path:
    """Return `folder/STEM.h5`, or STEM_2.h5 and so on where that is taken, whole or in part."""
    path = folder / f"{stem}{suffix}"
    count = 1
    while path.exists() or part_of(path).exists():
        count += 1
        path = folder / f"{stem}_{count}{suffix}"
    return path


def part_of(path: Path) -> Path:
    """What `path` is called while it is being written."""
    return path.with_name(path.name + ".part")


def sync(path: Path) -> None:
    """Make the content of a file, or the names in a folder, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def publish(part: Path, path: Path) -> None:
    """Give a finished, closed file its name, for good.

    Raises:
        FileExistsError: the name is taken; the file keeps its temporary one.
    """
    if path.exists():
        raise FileExistsError(f"{path} is there already")
    sync(part)
    part.rename(path)
    sync(path.parent)
