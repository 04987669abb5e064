"""`nudge report`: what a shift came to, as tables in the terminal and as one HTML page."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
import tyro
from rich.console import Console

from recorder.report_page import page
from recorder.shift import Shift, shift_of, tally
from recorder.summary import SessionSummary, summarise
from recorder.summary_table import session_table
from teleop.cli_options import parse
from teleop.errors import SessionError
from teleop.session_folder import SessionFolder

REPORT = "report.html"
SHIFT_REPORT = "shift-report.html"


@dataclass(frozen=True)
class ReportOptions:
    """Which sessions, and where the page goes."""

    sessions: Annotated[tyro.conf.Positional[tuple[Path, ...]], tyro.conf.arg(metavar="SESSION...")]
    """session folders; several are one shift"""
    output: Path | None = None
    """file to write; by default report.html in the session folder, of several sessions
    shift-report.html beside the first one"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


class Reported(msgspec.Struct, frozen=True):
    """What `--json` prints."""

    path: str
    episodes: int
    counted: int
    successes: int
    unaided: int
    corrections: int
    operator_s: float
    operator_s_per_success: float | None
    versions_served: int
    rolled_back: int
    unreadable: tuple[str, ...]


def write_report(session: Path, output: Path | None = None) -> tuple[SessionSummary, Path]:
    """Write the page about one session; return what is in it and where it is.

    Raises:
        SessionError: the folder is no session, or the page cannot be written.
    """
    shift, path = write_shift((session,), output)
    return shift.sessions[0], path


def write_shift(sessions: Sequence[Path], output: Path | None = None) -> tuple[Shift, Path]:
    """Write the page about sessions; return what is in it and where it is.

    Raises:
        SessionError: a folder is no session, none was named, or the page cannot be written.
    """
    if not sessions:
        raise SessionError("Name the session folder to report on, or several as one shift.")
    for session in sessions:
        if not SessionFolder(session).episodes.is_dir():
            raise SessionError(
                f"{session} is no session folder: it has no folder 'episodes'. Name the folder "
                "that `nudge demo` or `nudge session` printed."
            )
    named = {session.resolve(): session for session in sessions}
    shift = shift_of(summarise(session) for session in named.values())
    first = sessions[0]
    usual = first / REPORT if len(named) == 1 else first.absolute().parent / SHIFT_REPORT
    path = output or usual
    try:
        path.write_text(page(shift), encoding="utf-8")
    except OSError as error:
        raise SessionError(
            f"The report cannot be written to {path}: {error}. Name another file with --output."
        ) from error
    return shift, path


def reported(shift: Shift, path: Path) -> Reported:
    """The figures of the page's head."""
    sums = tally(shift.episodes)
    return Reported(
        path=str(path.absolute()),
        episodes=len(shift.episodes),
        counted=sums.episodes,
        successes=sums.successes,
        unaided=sums.unaided,
        corrections=shift.corrections,
        operator_s=round(sums.operator_s, 3),
        operator_s_per_success=sums.seconds_per_success,
        versions_served=shift.served,
        rolled_back=shift.rolled_back,
        unreadable=tuple(line for each in shift.sessions for line in each.unreadable),
    )


def main(arguments: list[str]) -> int:
    """Write the page and print the tables; return the exit code."""
    options = parse(ReportOptions, arguments, prog="nudge report", description=__doc__ or "")
    shift, path = write_shift(options.sessions, options.output)
    if options.json:
        sys.stdout.write(msgspec.json.encode(reported(shift, path)).decode() + "\n")
        return 0
    console = Console()
    for summary in shift.sessions:
        if len(shift.sessions) > 1:
            console.print(str(summary.folder), style="bold", markup=False, soft_wrap=True)
        console.print(session_table(summary))
        for line in summary.unreadable:
            console.print(line, style="yellow", markup=False, soft_wrap=True)
    console.print(f"The page: {path}", markup=False, soft_wrap=True)
    return 0
