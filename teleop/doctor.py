"""`nudge doctor`: check this machine and say what to mend."""

import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from teleop import __version__
from teleop.checks import Check, Outcome
from teleop.checks.drawing import check_rendering, check_window
from teleop.checks.gamepad import check_gamepad
from teleop.checks.machine import (
    check_disk,
    check_priority,
    check_processor,
    check_sessions_folder,
)
from teleop.checks.puck_programs import check_puck_programs
from teleop.checks.software import check_assets, check_packages, check_python, check_qt_version
from teleop.checks.sound import check_sound
from teleop.checks.spacemouse import check_hidapi, check_spacemouse
from teleop.cli_options import parse

STYLES = {Outcome.OK: "green", Outcome.WARN: "yellow", Outcome.FAIL: "bold red"}


@dataclass(frozen=True)
class DoctorOptions:
    """What to look at and how to say it."""

    sessions: Path = Path("sessions")
    """the folder that sessions will be written to"""
    json: bool = False
    """print one JSON object instead of the table"""


def examine(sessions: Path) -> tuple[Check, ...]:
    """Run every check; takes a second or two, most of it for the two drawing trials."""
    return (
        check_python(),
        check_packages(),
        check_qt_version(),
        check_assets(),
        check_rendering(),
        check_window(),
        check_hidapi(),
        check_spacemouse(),
        check_puck_programs(),
        check_gamepad(),
        check_sound(),
        check_sessions_folder(sessions),
        check_disk(sessions),
        check_processor(),
        check_priority(),
    )


def exit_code(checks: tuple[Check, ...]) -> int:
    """Return 1 if something that is required failed, else 0."""
    return int(any(check.outcome is Outcome.FAIL for check in checks))


def as_json(checks: tuple[Check, ...]) -> str:
    """Return `{"version", "ok", "checks": [{"name", "outcome", "found", "advice"}]}`."""
    report = {"version": __version__, "ok": exit_code(checks) == 0, "checks": checks}
    return msgspec.json.encode(report).decode()


def show(checks: tuple[Check, ...], console: Console) -> None:
    """Print the table for a person, and under it what to do next, in lines that can be copied."""
    table = Table("", "Check", title=f"nudge {__version__}", box=SIMPLE_HEAD)
    table.add_column("Found", overflow="fold")
    for check in checks:
        outcome = Text(check.outcome, style=STYLES[check.outcome])
        table.add_row(outcome, check.name, Text(check.found))
    console.print(table)
    for check in checks:
        if check.advice:
            line = Text.assemble((f"{check.name}: ", STYLES[check.outcome]), check.advice)
            console.print(line, soft_wrap=True)


def main(arguments: list[str]) -> int:
    """Run `nudge doctor`; return 1 if something that is required failed."""
    options = parse(
        DoctorOptions,
        arguments,
        prog="nudge doctor",
        description="Check this machine and say what to mend.",
    )
    checks = examine(options.sessions)
    if options.json:
        sys.stdout.write(as_json(checks) + "\n")
    else:
        show(checks, Console())
    return exit_code(checks)
