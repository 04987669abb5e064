"""`nudge record verify`: is every recorded episode whole? Reads each row and each image."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import tyro
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from recorder.catalog import no_news
from recorder.checking import Answer, WholeFile
from recorder.contained import Contained, Crashed, size_of
from recorder.episode_paths import episode_paths, parts_of
from recorder.reading_bar import reading_bar
from recorder.repair_folder import is_episode
from recorder.schema import SUMMARY, State
from teleop.cli_options import parse
from teleop.errors import SessionError
from teleop.session_folder import SessionFolder


@dataclass(frozen=True)
class VerifyOptions:
    """What to read, and how to print."""

    path: tyro.conf.Positional[Path]
    """a session folder, one episode's folder, or a single file"""
    decode: bool = False
    """decode every image, not only its head; ten times as slow"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


@dataclass(frozen=True)
class Verified:
    """What lies there."""

    whole: tuple[WholeFile, ...]
    broken: tuple[str, ...]  # a sentence each
    unfinished: tuple[str, ...]  # names; the recorder salvages them when it starts
    notes: tuple[str, ...] = ()  # strange, but no damage

    @property
    def sound(self) -> bool:
        """Whether nothing is broken or unfinished."""
        return not self.broken and not self.unfinished


def verify(
    path: Path, *, decode: bool = False, progress: Callable[[int, int], object] = no_news
) -> Verified:
    """Read every episode and cut of a session, or one episode, to its end.

    It is read in a process of its own: what HDF5 itself does not survive is told as broken.

    Args:
        path: a session folder, an episode's folder, or a single file.
        decode: every image.
        progress: told how many of how many are read.

    Raises:
        SessionError: the folder is neither a session's nor an episode's.
    """
    paths, unfinished = _found(path)
    answers: list[Answer] = []
    with Contained("recorder.checking:answer") as reader:
        for done, each in enumerate(paths, start=1):
            try:
                told = reader.ask([str(each), "decode" if decode else ""], size_of(each))
                answers.append(msgspec.json.decode(told, type=Answer))
            except Crashed as error:
                answers.append(Answer(broken=f"{each} cannot be read: {error}"))
            progress(done, len(paths))
    whole = tuple(answer.whole for answer in answers if answer.whole)
    endless = {each.name for each in whole if each.state == State.RECORDING}
    return Verified(
        tuple(each for each in whole if each.name not in endless),
        (*(answer.broken for answer in answers if answer.broken), *_emptied(path)),
        tuple(sorted(endless | set(unfinished))),
        tuple(note for answer in answers for note in answer.notes),
    )


def _found(path: Path) -> tuple[list[Path], tuple[str, ...]]:
    """What is to be read, and the names of what was never finished."""
    folder = SessionFolder(path)
    if folder.episodes.is_dir():
        cuts = sorted(folder.cuts.glob("*.h5"))
        return [*episode_paths(folder), *cuts], tuple(sorted(_unfinished(folder.episodes)))
    if not path.exists():
        raise SessionError(
            f"{path} is not there. Name a session folder, an episode's folder, or a file."
        )
    if path.is_dir() and not is_episode(path):
        raise SessionError(
            f"{path} is no session folder: it has no folder 'episodes', and no episode lies in it. "
            "Name a session folder, an episode's folder, or a file."
        )
    unfinished = (path.name,) if path.is_dir() and parts_of(path) else ()
    return [path], unfinished


def _emptied(session: Path) -> Iterator[str]:
    """A sentence for each finished episode whose files are gone."""
    for summary in sorted(SessionFolder(session).episodes.glob(f"episode_*/{SUMMARY}")):
        if not is_episode(summary.parent):
            yield (
                f"{summary.parent} has lost its recording: only {SUMMARY} is left. Fetch it from a "
                "copy, or move that folder out of the session."
            )


def _unfinished(episodes: Path) -> Iterator[str]:
    for path in episodes.iterdir():
        flat = path.name.endswith(".h5.part") and path.is_file()
        if flat or (path.name.startswith("episode_") and path.is_dir() and parts_of(path)):
            yield path.name


def main(arguments: list[str]) -> int:
    """Verify, print, return 0 if all is whole, else 1."""
    options = parse(VerifyOptions, arguments, prog="nudge record verify", description=__doc__ or "")
    with reading_bar(f"Reading {options.path}") as progress:
        found = verify(options.path, decode=options.decode, progress=progress)
    if options.json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        return 0 if found.sound else 1
    table = Table("Episode", "State", "Outcome", "Steps", "Images", "Reason", box=SIMPLE_HEAD)
    for file in found.whole:
        cells = (file.name, file.state, file.outcome, str(file.steps), str(file.images))
        table.add_row(*cells, file.reason)
    console = Console()
    if found.whole:
        console.print(table)
    mend = "`nudge repair` closes it, or the next recorder at its start"
    unfinished = [f"{name} was never finished: {mend}." for name in found.unfinished]
    for line in (*found.broken, *unfinished):
        console.print(line, style="yellow", markup=False, soft_wrap=True)
    for line in found.notes:
        console.print(line, style="dim", markup=False, soft_wrap=True)
    return 0 if found.sound else 1
