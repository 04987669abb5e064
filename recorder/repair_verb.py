"""`nudge repair` and `nudge record repair`: make whole what a crash or a disk left of episodes."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import tyro
from rich.console import Console

from recorder.episode_paths import episode_paths
from recorder.folder_lock import recorder_of
from recorder.reading_bar import reading_bar
from recorder.repair import Salvage, repair, unfinished
from recorder.repair_folder import is_episode
from teleop.cli_options import parse
from teleop.errors import FolderBusy, SessionError
from teleop.session_folder import SessionFolder


@dataclass(frozen=True)
class RepairOptions:
    """What to repair, and how to print."""

    path: tyro.conf.Positional[Path]
    """a session folder, one episode's folder, or a `.part` file of an older version"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


@dataclass(frozen=True)
class Repaired:
    """One episode after the repair."""

    path: str
    steps: int  # -1: nothing of it can be read
    outcome: str
    sound: bool  # all that is left of it can be read
    text: str


def targets(path: Path) -> Iterator[Path]:
    """The episodes at a path, oldest first.

    Raises:
        SessionError: there is neither a session nor an episode.
        FolderBusy: a recorder writes there.
    """
    for folder in (
        SessionFolder(path),
        SessionFolder(path.parent),
        SessionFolder(path.parent.parent),
    ):
        pid = recorder_of(folder)
        if pid:
            raise FolderBusy(
                f"A recorder (process {pid}) writes into {folder.path}; it salvages at its start "
                "what a crash left. End it before you repair anything there."
            )
    folder = SessionFolder(path)
    if folder.episodes.is_dir():
        yield from sorted({*episode_paths(folder), *unfinished(folder.episodes)})
    elif path.is_file() or is_episode(path):
        yield path
    elif not path.exists():
        raise SessionError(f"{path} is not there. Name a session folder, or an episode's folder.")
    else:
        raise SessionError(
            f"{path} is no session folder: it has no folder 'episodes', and no episode lies in it. "
            "Name a session folder, or an episode's folder."
        )


def main(arguments: list[str]) -> int:
    """Repair, tell what was done; return 0 if all is whole afterwards, else 1."""
    options = parse(RepairOptions, arguments, prog="nudge repair", description=__doc__ or "")
    found = list(targets(options.path))
    done: list[Repaired] = []
    console = Console()
    with reading_bar(f"Checking {options.path}") as progress:
        for path in found:
            done.append(_told(repair(path)))
            progress(len(done), len(found))
            if not options.json:
                style = "" if done[-1].sound else "yellow"
                console.print(done[-1].text, style=style, markup=False, soft_wrap=True)
    if options.json:
        sys.stdout.write(msgspec.json.encode({"episodes": done}).decode() + "\n")
    elif not done:
        console.print("No episode lies there.")
    return 0 if all(each.sound for each in done) else 1


def _told(result: Salvage) -> Repaired:
    saved = result.saved
    return Repaired(
        str(result.part),
        saved.steps if saved else -1,
        saved.outcome.value if saved else "",
        result.sound,
        result.text,
    )
