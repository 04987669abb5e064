"""Which episodes lie in a session folder: folders of version 3, single files of the older ones."""

import os
import re
from pathlib import Path

from recorder.schema import WHOLE
from teleop.session_folder import SessionFolder

_NAME = re.compile(r"episode_\d{5,}(_\d+)?")
_SEGMENT = re.compile(r"seg_\d+\.h5")
_PART = re.compile(r"seg_\d+\.h5\.part")


def episode_paths(folder: SessionFolder) -> tuple[Path, ...]:
    """Every episode of the session, oldest first: what `EpisodeReader` takes.

    An episode that is still recorded, or that a crash left, is among them if any of its segments
    was finished.
    """
    try:
        with os.scandir(folder.episodes) as found:
            names = sorted(
                each.name
                for each in found
                if _NAME.fullmatch(name_of(each.name)) and _holds_something(each)
            )
    except FileNotFoundError:
        return ()
    return tuple(folder.episodes / name for name in names)


def name_of(path: Path | str) -> str:
    """What the episode at `path` is called: `episode_00012`."""
    return Path(path).name.removesuffix(".h5")


def segments_of(episode: Path) -> tuple[Path, ...]:
    """The finished segments of an episode's folder, in their order; none if it is gone."""
    return _named(episode, _SEGMENT)


def parts_of(episode: Path) -> tuple[Path, ...]:
    """The segments in an episode's folder that were never finished, in their order."""
    return _named(episode, _PART)


def _named(episode: Path, pattern: re.Pattern[str]) -> tuple[Path, ...]:
    try:
        with os.scandir(episode) as found:
            names = sorted(each.name for each in found if pattern.fullmatch(each.name))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return tuple(episode / name for name in names)


def _holds_something(found: os.DirEntry[str]) -> bool:
    """A file of the older versions, or a folder with a whole episode or a finished segment."""
    if found.name.endswith(".h5"):
        return found.is_file()
    if not found.is_dir():
        return False
    path = Path(found.path)
    return (path / WHOLE).is_file() or bool(segments_of(path))
