"""`nudge report`: what a session came to, as tables in the terminal and as one HTML page."""

from dataclasses import dataclass
from pathlib import Path

import tyro
from rich.console import Console

from recorder.report_page import page
from recorder.summary import SessionSummary, summarise
from recorder.summary_table import session_table
from teleop.cli_options import parse
from teleop.errors import SessionError
from teleop.session_folder import SessionFolder

REPORT = "report.html"


@dataclass(frozen=True)
class ReportOptions:
    """Which session, and where the page goes."""

    session: tyro.conf.Positional[Path]
    """a session folder"""
    output: Path | None = None
    """file to write; by default report.html in the session folder"""


def write_report(session: Path, output: Path | None = None) -> tuple[SessionSummary, Path]:
    """Write the page about `session`; return what is in it and where it is.

    Raises:
        SessionError: the folder is no session, or the page cannot be written.
    """
    if not SessionFolder(session).episodes.is_dir():
        raise SessionError(
            f"{session} is no session folder: it has no folder 'episodes'. Name the folder that "
            "`nudge demo` or `nudge session` printed."
        )
    summary = summarise(session)
    path = output or session / REPORT
    try:
        path.write_text(page(summary), encoding="utf-8")
    except OSError as error:
        raise SessionError(
            f"The report cannot be written to {path}: {error}. Name another file with --output."
        ) from error
    return summary, path


def main(arguments: list[str]) -> int:
    """Write the page and print the tables; return the exit code."""
    options = parse(ReportOptions, arguments, prog="nudge report", description=__doc__ or "")
    summary, path = write_report(options.session, options.output)
    console = Console()
    console.print(session_table(summary))
    for line in summary.unreadable:
        console.print(line, style="yellow", markup=False, soft_wrap=True)
    console.print(f"The page: {path}", markup=False, soft_wrap=True)
    return 0
