"""What a crash left of episodes is made whole again, never over another file.

Each episode is worked on in a process of its own: HDF5 may crash over a damaged file, and the
recorder that finds it at its start must not die of it, every time anew.
"""

import fcntl
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from recorder.checking import wrong_with
from recorder.contained import Contained, Crashed, size_of
from recorder.episode_paths import parts_of
from recorder.originals import put_aside
from recorder.repair_folder import needs_repair, repair_folder
from recorder.repair_old import repair_flat
from teleop.errors import EpisodeError
from teleop.messages import EpisodeSaved

_TARGET = "recorder.repair:answer"
QUICK, FULL = "quick", "full"


@dataclass(frozen=True)
class Salvage:
    """What became of an episode that was not whole.

    Attributes:
        part: the episode's folder, or the `.part` of an older version.
        saved: the episode that it is now, None: nothing could be salvaged.
        text: what was found and done, in sentences.
        sound: whether all that is left of it can be read now.
    """

    part: Path
    saved: EpisodeSaved | None
    text: str
    sound: bool = True


def salvage(path: Path, how: str = QUICK) -> Salvage:
    """Make one episode whole that a crash left, within this process.

    Args:
        path: an episode's folder, or a `.part` of version 1 or 2.
        how: QUICK trusts finished files, which were synced before they got their names, and
            leaves the segments to be joined later; FULL reads and checks everything, and joins.
    """
    try:
        if _is_written(path):
            return Salvage(path, None, f"{path.name} is being written by another recorder.", False)
        if path.is_dir():
            return _salvage_folder(path, how)
        saved = repair_flat(path)
    except EpisodeError as error:
        return Salvage(path, None, str(error), sound=False)
    except OSError as error:
        return Salvage(
            path,
            None,
            f"{path} cannot be repaired: {error}. Can this user write there, and is the disk "
            "still there? Nothing was changed.",
            sound=False,
        )
    text = f"{saved.steps} steps were salvaged from {path.name}; it is kept in originals."
    return Salvage(path, saved, text)


def salvage_all(episodes: Path, how: str = QUICK) -> tuple[Salvage, ...]:
    """Salvage every episode in the folder that is not finished, oldest first.

    Finished ones are known by the names in their folders, and none is opened. An episode that
    nothing can be salvaged of is told once: its files go to a folder `originals`.
    """
    paths = unfinished(episodes)
    if not paths:
        return ()
    with Contained(_TARGET) as worker:
        return tuple(_contained(worker, path, how) for path in paths)


def repair(path: Path) -> Salvage:
    """Check one episode in full and mend what can be mended, in a process of its own."""
    with Contained(_TARGET) as worker:
        return _contained(worker, path, FULL)


def unfinished(episodes: Path) -> tuple[Path, ...]:
    """What in the folder `episodes` is no finished episode, by names alone, oldest first."""
    found: list[Path] = []
    for name in sorted(_names_in(episodes)):
        path = episodes / name
        flat = name.endswith(".h5.part")
        folder = name.startswith("episode_") and not name.endswith((".h5", ".json"))
        if flat or (folder and needs_repair(_names_in(path))):
            found.append(path)
    return tuple(found)


def _names_in(folder: Path) -> set[str]:
    try:
        with os.scandir(folder) as found:
            return {each.name for each in found}
    except OSError:
        return set()


def answer(arguments: Sequence[str]) -> Salvage:
    """What the working process does: the first argument is the path, the second how."""
    return salvage(Path(arguments[0]), arguments[1])


def _contained(worker: Contained, path: Path, how: str) -> Salvage:
    try:
        return _asked(worker, path, how)
    except Crashed as error:
        parts = (path,) if path.is_file() else parts_of(path)
        if not parts:
            return Salvage(path, None, f"{path} cannot be repaired: {error}.", sound=False)
        said = f"{path.name}: nothing of {parts[0].name} can be read, {error}; it is kept as "
        said += ", ".join(put_aside(part) for part in parts) + "."
    if path.is_file() or not path.exists():
        return Salvage(path, None, said, sound=False)
    try:
        rest = _asked(worker, path, how)
    except Crashed as error:
        return Salvage(path, None, f"{said} The rest cannot be repaired: {error}.", sound=False)
    return replace(rest, text=f"{said} {rest.text}")


def _asked(worker: Contained, path: Path, how: str) -> Salvage:
    told = worker.ask([str(path), how], size_of(path))
    return msgspec.json.decode(told, type=Salvage, dec_hook=lambda kind, value: kind(value))


def _salvage_folder(path: Path, how: str) -> Salvage:
    if how == QUICK:
        try:
            done = repair_folder(path, join=False)
        except EpisodeError:
            done = repair_folder(path, wrong_with)  # a finished segment is damaged as well
    else:
        done = repair_folder(path, wrong_with)
    text = " ".join(done.said) or "It is whole."
    return Salvage(path, done.saved, f"{path.name}: {text}", sound=done.saved is not None)


def _is_written(path: Path) -> bool:
    """Whether HDF5's lock on a `.part` is held."""
    parts = (path,) if path.is_file() else parts_of(path)
    for part in parts:
        with part.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
    return False
