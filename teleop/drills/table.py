"""The results of the drills as a table and a few lines under it."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from teleop.drills.result import Result, Verdict

STYLES = {Verdict.PASS: "green", Verdict.FAIL: "bold red", Verdict.SKIP: "yellow"}


def show(results: Sequence[Result], console: Console) -> None:
    """Print one row a drill, then what was told and why something failed."""
    table = Table("Drill", "", "Path mm", "Moved mm", "Told ms", "Afterwards", "s", box=SIMPLE_HEAD)
    for one in results:
        table.add_row(
            one.name,
            f"[{STYLES[one.verdict]}]{one.verdict.value}[/]",
            f"{pair(one.path_mm)} of {one.path_bound_mm:.0f}",
            pair(one.moved_mm),
            told_ms(one),
            escape("; ".join(filter(None, (one.ending, one.files)))),
            f"{one.seconds:.0f}",
        )
    console.print(table)
    console.print("Path, moved: of the left and the right tool after the fault.", style="dim")
    for one in results:
        for line in one.told[:3]:
            console.print(f"{one.name}  {line}", markup=False, soft_wrap=True, style="dim")
    for one in results:
        for line in one.faults:
            style = STYLES[one.verdict]
            console.print(f"{one.name}: {line}", markup=False, soft_wrap=True, style=style)


def pair(values: tuple[float, float]) -> str:
    """Left and right."""
    return f"{values[0]:.1f} {values[1]:.1f}"


def told_ms(result: Result) -> str:
    """When it was told, of the time that it had."""
    if result.announced_bound_ms is None:
        return "-"
    when = "never" if result.announced_ms is None else f"{result.announced_ms:.0f}"
    return f"{when} of {result.announced_bound_ms:.0f}"
