"""Files that appear whole or not at all, and the room there is for them."""

import contextlib
import os
import shutil
from collections.abc import Generator
from pathlib import Path

from teleop.errors import DiskFull, EpisodeError

RESERVE_BYTES = 100_000_000  # left free, so that the open episode can be closed and logs written


def free_bytes(folder: Path) -> int:
    """Room left on the disk of `folder`."""
    return shutil.disk_usage(folder).free


def require_room(folder: Path, reserve: int = RESERVE_BYTES) -> None:
    """Raise DiskFull if less than `reserve` bytes are free."""
    free = free_bytes(folder)
    if free < reserve:
        raise DiskFull(
            f"The disk of {folder} is full ({free / 1e6:.0f} MB free, {reserve / 1e6:.0f} MB are "
            "kept back): nothing more is recorded. Free some space and start the next episode."
        )


def episode_name(episode: int) -> str:
    """The name of an episode's folder, and the stem of its file in versions 1 and 2."""
    return f"episode_{episode:05d}"


def segment_name(number: int) -> str:
    """The name of a finished segment within its episode's folder."""
    return f"seg_{number:05d}.h5"


def make_unused(folder: Path, name: str) -> Path:
    """Make `folder/NAME`, or NAME_2 and so on where that is taken, by a folder or by files."""
    count = 1
    while True:
        path = folder / (name if count == 1 else f"{name}_{count}")
        file = path.with_name(path.name + ".h5")
        if not file.exists() and not part_of(file).exists():
            try:
                path.mkdir()
            except FileExistsError:
                pass
            else:
                sync(folder)
                return path
        count += 1


def make_lasting(folder: Path) -> None:
    """Make a folder unless it is there, and let its name and its parent's survive a power cut."""
    folder.mkdir(parents=True, exist_ok=True)
    sync(folder.parent)
    with contextlib.suppress(PermissionError):  # somebody else's, who keeps it
        sync(folder.parent.parent)


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


@contextlib.contextmanager
def in_words(doing: str) -> Generator[None]:
    """Say what could not be done, and why, where HDF5 and the system raise their own errors."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        raise EpisodeError(
            f"Cannot {doing}: {error}. Is the disk full, or the session folder not writable? "
            "Finished episodes are untouched."
        ) from error
