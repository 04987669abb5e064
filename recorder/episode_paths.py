"""Which episodes lie in a session folder: folders of version 3, single files of the older ones."""

import re
from pathlib import Path

from recorder.schema import WHOLE
from teleop.session_folder import SessionFolder

_NAME = re.compile(r"episode_\d{5,}(_\d+)?")


def episode_paths(folder: SessionFolder) -> tuple[Path, ...]:
    """Every episode of the session, oldest first: what `EpisodeReader` takes.

    An episode that is still recorded, or that a crash left, is among them if any of its segments
    was finished.
    """
    if not folder.episodes.is_dir():
        return ()
    return tuple(
        path
        for path in sorted(folder.episodes.iterdir())
        if _NAME.fullmatch(path.name.removesuffix(".h5")) and _holds_something(path)
    )


def segments_of(episode: Path) -> tuple[Path, ...]:
    """The finished segments of an episode's folder, in their order."""
    return tuple(sorted(episode.glob("seg_*.h5")))


def _holds_something(path: Path) -> bool:
    return path.is_file() or (path / WHOLE).is_file() or bool(segments_of(path))
