"""`nudge policy actions`: what versions would do on the frames of a corrected episode."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
import torch
import tyro

from learner.compare_actions import compare
from learner.model import PolicyNet
from learner.policies.naming import named
from learner.store import load_checkpoint
from recorder.edits.clip_reader import open_clip
from recorder.edits.naming import find_clip
from recorder.edits.session_views import session_views
from teleop.action_comparison import ActionComparison, save_comparison
from teleop.cli_options import parse
from teleop.errors import PolicyNotFound, SetupError
from teleop.session_folder import SessionFolder
from teleop.wire import encode

STDOUT = Path("-")


@dataclass(frozen=True)
class ActionsOptions:
    """What `nudge policy actions` takes."""

    session: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="SESSION")]
    """a session folder"""
    episode: Annotated[tyro.conf.Positional[str], tyro.conf.arg(metavar="EPISODE")]
    """number or name of a corrected episode, such as 12, 12a or episode_00012"""
    versions: tuple[int, ...]
    """of the policy, to be compared on its frames"""
    output: Path | None = None
    """file for all actions, as the window reads them; `-` is stdout, and nothing else goes there"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


@dataclass(frozen=True)
class ToldMatch:
    """One arm of a version in what `--json` prints."""

    arm: str
    error: float
    allowed: float
    needed: bool


@dataclass(frozen=True)
class ToldVersion:
    """A version in what `--json` prints."""

    version: int
    arms: tuple[ToldMatch, ...]


@dataclass(frozen=True)
class Told:
    """What `--json` prints."""

    clip: str
    rows: int
    versions: tuple[ToldVersion, ...]


def told(found: ActionComparison) -> Told:
    """The figures without the actions."""
    versions = tuple(
        ToldVersion(
            each.version,
            tuple(
                ToldMatch(m.arm.name.lower(), m.error, m.allowed, m.needed) for m in each.matches
            ),
        )
        for each in found.versions
    )
    return Told(found.clip, len(found.rows), versions)


def lines(found: ActionComparison) -> list[str]:
    """A line for people about each version and arm."""
    made: list[str] = []
    for each in found.versions:
        for match in each.matches:
            verdict = "would be corrected again" if match.needed else "would not"
            made.append(
                f"v{each.version}, {match.arm.name.lower()} arm: error {match.error:.3f} in action "
                f"scales, {match.allowed:.3f} allowed: {verdict}"
            )
    return made


def main(arguments: list[str]) -> int:
    """Compare, write, print."""
    options = parse(
        ActionsOptions, arguments, prog="nudge policy actions", description=__doc__ or ""
    )
    session = named(str(options.session)).session
    clip = find_clip(session_views(session), options.episode)
    torch.set_num_threads(1)  # it runs beside a robot
    with open_clip(clip) as episode:
        found = compare(clip.name, episode, _nets(session, options.versions), _say)
    if options.output == STDOUT:
        sys.stdout.buffer.write(encode(found))
        return 0
    if options.output is not None:
        try:
            save_comparison(options.output, found)
        except OSError as error:
            raise SetupError(
                f"The comparison cannot be written to {options.output}: {error}. Name another file."
            ) from error
    if options.json:
        sys.stdout.write(msgspec.json.encode(told(found)).decode() + "\n")
    else:
        sys.stdout.write("\n".join(lines(found)) + "\n")
    return 0


def _nets(session: SessionFolder, versions: tuple[int, ...]) -> Iterator[tuple[int, PolicyNet]]:
    if not versions:
        raise PolicyNotFound("Name the versions to compare: --versions 0 4")
    for number in versions:
        folder = named(f"{session.path}:{number}").folder
        yield number, load_checkpoint(folder)[0]


def _say(words: str) -> None:
    sys.stderr.write(f"looking at {words}\n")
    sys.stderr.flush()
