"""Where damaged files go: into a folder `originals` beside them, never over one another."""

import os
from pathlib import Path

from recorder.storage import sync

ORIGINALS = "originals"
SCRATCH = ".salvage"  # ending of a file that is being made; worthless after a kill


def put_aside(path: Path) -> str:
    """Move a file into the folder `originals` beside it; return its name there."""
    target = _unused(path)
    path.rename(target)
    sync(target.parent)
    sync(path.parent)
    return f"{ORIGINALS}/{target.name}"


def replace_by(made: Path, path: Path) -> str:
    """Put `made` in the place of a file that is kept in `originals`; return its name there.

    At every instant one of the two has the name.
    """
    target = _unused(path)
    sync(made)
    try:
        os.link(path, target)
    except OSError:  # a file system without hard links
        path.rename(target)
    sync(target.parent)
    made.replace(path)
    sync(path.parent)
    return f"{ORIGINALS}/{target.name}"


def _unused(path: Path) -> Path:
    folder = path.parent / ORIGINALS
    folder.mkdir(exist_ok=True)
    target, count = folder / path.name, 1
    while target.exists():
        count += 1
        target = folder / f"{path.name}_{count}"
    return target
