"""`nudge record verify`: is every recorded episode of a session whole? Reads each row and each image."""

import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
import tyro
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from recorder.reader import EpisodeReader
from recorder.schema import COLUMNS
from teleop.cli_options import parse
from teleop.errors import EpisodeError, SessionError
from teleop.session_folder import SessionFolder


@dataclass(frozen=True)
class VerifyOptions:
    """Which session, and how to print."""

    session: tyro.conf.Positional[Path]
    """a session folder"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


@dataclass(frozen=True)
class WholeFile:
    """An episode file that was read to its end."""

    name: str
    episode: int
    state: str
    outcome: str
    reason: str
    steps: int
    dropped_steps: int
    first_index: int  # of the first row within its episode, -1: no row
    last_index: int
    opened_epoch_ns: int


@dataclass(frozen=True)
class Verified:
    """What a session folder holds."""

    whole: tuple[WholeFile, ...]
    broken: tuple[str, ...]  # a sentence each
    unfinished: tuple[str, ...]  # names; the recorder salvages them when it starts

    @property
    def sound(self) -> bool:
        """Whether nothing is broken or unfinished."""
        return not self.broken and not self.unfinished


def verify(session: Path) -> Verified:
    """Read every episode file and cut of the session.

    Raises:
        SessionError: the folder is no session.
    """
    folder = SessionFolder(session)
    if not folder.episodes.is_dir():
        raise SessionError(f"{session} is no session folder: it has no folder 'episodes'.")
    paths = sorted(folder.episodes.glob("*.h5")) + sorted(folder.cuts.glob("*.h5"))
    whole: list[WholeFile] = []
    broken: list[str] = []
    for path in paths:
        try:
            whole.append(read_whole(path))
        except EpisodeError as error:
            broken.append(str(error))
    unfinished = sorted(path.name for path in folder.episodes.glob("*.part"))
    return Verified(tuple(whole), tuple(broken), tuple(unfinished))


def read_whole(path: Path) -> WholeFile:
    """Read every column and image of a file.

    Raises:
        EpisodeError: something is missing or damaged.
    """
    with EpisodeReader(path) as episode:
        for column in COLUMNS:
            episode.column(column.name)
        episode.labels()
        header = episode.header
        for camera in header.cameras:
            episode.jpegs(camera)
        index = episode.column("index")
        return WholeFile(
            path.name,
            header.episode,
            header.state.value,
            header.outcome.value,
            header.reason,
            header.steps,
            header.dropped_steps,
            int(index[0]) if len(index) else -1,
            int(index[-1]) if len(index) else -1,
            header.opened_epoch_ns,
        )


def main(arguments: list[str]) -> int:
    """Verify, print, return 0 if all is whole, else 1."""
    options = parse(VerifyOptions, arguments, prog="nudge record verify", description=__doc__ or "")
    found = verify(options.session)
    if options.json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        return 0 if found.sound else 1
    table = Table("File", "State", "Outcome", "Steps", "Reason", box=SIMPLE_HEAD)
    for file in found.whole:
        table.add_row(file.name, file.state, file.outcome, str(file.steps), file.reason)
    console = Console()
    console.print(table)
    for line in (*found.broken, *(f"{name} was never finished." for name in found.unfinished)):
        console.print(line, style="yellow", markup=False)
    return 0 if found.sound else 1
