"""`nudge record import`: datasets of other tools as demonstrations of ours."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import tyro
from rich.console import Console
from rich.table import Table

from recorder.imports.bar import Bar
from recorder.imports.formats import FORMATS, format_named
from recorder.imports.mapping import Mapping, read_mapping
from recorder.imports.questions import Question
from recorder.imports.template import template
from recorder.imports.work import Imported, Job, Opened, carry_through, look
from teleop.cli_options import parse
from teleop.errors import ConversionError

PROG = "nudge record import"
OPEN = 2  # the exit code when questions are open


@dataclass(frozen=True)
class ImportOptions:
    """What to import, into what, and how."""

    format: Annotated[tyro.conf.Positional[str], tyro.conf.arg(metavar="FORMAT")]
    """one of the formats above"""
    path: tyro.conf.Positional[Path]
    """the dataset: a file or a folder"""
    session: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="SESSION")]
    """the session folder to import into; made if there is none"""
    mapping: Path | None = None
    """a file that says what the arrays mean; what is known of the format if not given"""
    write_mapping: Path | None = None
    """write such a file, with what is known and what is open, and stop"""
    arm: Literal["left", "right", "both"] = "right"
    """the arm that a dataset of one arm is taken for; both: the mapping says all"""
    fps: float = 0.0
    """rows a second; 0: as the mapping or the dataset says"""
    instruction: str = ""
    """what was to be done; empty: as the mapping or the dataset says"""
    without_actions: bool = False
    """where actions cannot be used, take the rows in as ones in which nobody drives and from which
    nothing is ever learned"""
    again: bool = False
    """import episodes once more that were imported by another mapping"""
    dry_run: bool = False
    """look, resolve the first episode, and write nothing"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


def intro() -> str:
    """What the verb does, and the list of formats."""
    width = max(len(row.name) for row in FORMATS)
    lines = [
        "Take datasets of other tools in as demonstrations. Nothing is guessed in silence: what "
        "cannot be known of a dataset is asked, and until it is answered in a mapping file "
        "nothing is imported. Stopped or killed, the same command continues.",
        "",
        "Formats:",
    ]
    for row in FORMATS:
        needs = "; needs pip install 'nudge-teleop[formats]'" if row.needs else ""
        lines.append(f"  {row.name:<{width}}  {row.summary}{needs}")
    return "\n".join([*lines, "", "docs/imports.md explains the mapping file."])


def main(arguments: list[str]) -> int:
    """Import; 0: all is in the session, 1: episodes were refused, 2: questions are open."""
    options = parse(ImportOptions, arguments, prog=PROG, description=intro())
    if not 0.0 <= options.fps <= 10_000.0:
        raise ConversionError(f"--fps is {options.fps}; it must be above 0 and at most 10000.")
    said = read_mapping(options.mapping) if options.mapping else None
    job = Job(
        format_named(options.format),
        options.path,
        options.arm,
        said,
        options.fps,
        options.instruction,
        options.without_actions,
        options.again,
    )
    with look(job) as opened:
        if options.write_mapping is not None:
            return _write(options.write_mapping, opened)
        if opened.questions:
            return _ask(opened, options)
        if options.dry_run:
            return _show(opened, options.json)
        console = Console(stderr=True)
        try:
            with Bar(console, len(opened.dataset)) as bar:
                result = carry_through(job, opened, options.session, bar)
        except KeyboardInterrupt:
            told = "What is imported stays; the same command continues."
            raise KeyboardInterrupt(told) from None
    _tell(result, options)
    return 1 if result.refused else 0


def _write(path: Path, opened: Opened) -> int:
    if path.exists():
        raise ConversionError(f"{path} is there already. Name another file for the mapping.")
    try:
        path.write_text(template(opened.mapping, opened.first, opened.questions), "utf-8")
    except OSError as error:
        raise ConversionError(f"Cannot write {path}: {error.strerror or error}.") from error
    count = len(opened.questions)
    told = f"{count} question(s) in it are open, marked by ??" if count else "nothing is open"
    Console().print(f"Wrote {path}; {told}. Import with --mapping {path}", soft_wrap=True)
    return 0


def _ask(opened: Opened, options: ImportOptions) -> int:
    if options.json:
        sys.stdout.write(msgspec.json.encode(_Asked(opened.questions)).decode() + "\n")
        return OPEN
    sys.stdout.write(template(opened.mapping, opened.first, opened.questions))
    console = Console(stderr=True)
    console.print(f"Nothing was imported; {len(opened.questions)} question(s) are open:")
    for question in opened.questions:
        console.print(f"  {question.key}: {question.text}", markup=False, soft_wrap=True)
    console.print(
        "Answer them in a mapping file (--write-mapping FILE writes the one above), and import "
        "with --mapping FILE.",
        markup=False,
        soft_wrap=True,
    )
    return OPEN


@dataclass(frozen=True)
class _Asked:
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class _Shown:
    episodes: int
    first: str
    rows: int
    cameras: tuple[str, ...]
    checks: tuple[str, ...]
    left_out: tuple[str, ...]
    mapping: Mapping


def _show(opened: Opened, json: bool) -> int:
    shown = _Shown(
        len(opened.dataset),
        opened.first.name,
        len(opened.first),
        tuple(opened.first.cameras),
        opened.checks(),
        opened.first.left_out,
        opened.mapping,
    )
    if json:
        sys.stdout.write(msgspec.json.encode(shown).decode() + "\n")
        return 0
    console = Console()
    sys.stdout.write(template(opened.mapping, opened.first, ()))
    console.print(f"{_count(shown.episodes)}; the first, {shown.first}, has {shown.rows} rows.")
    for line in (*shown.checks, *shown.left_out):
        console.print(line, markup=False, soft_wrap=True)
    console.print("Nothing was imported: --dry-run.")
    return 0


def _count(episodes: int) -> str:
    return f"{episodes} episode{'' if episodes == 1 else 's'}"


def _tell(result: Imported, options: ImportOptions) -> None:
    if options.json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        return
    console = Console()
    if result.added:
        table = Table("episode", "rows", "from", box=None)
        for each in result.added[:20]:
            table.add_row(each.name, str(each.rows), each.source)
        console.print(table)
        if len(result.added) > 20:
            console.print(f"... and {len(result.added) - 20} more")
    for line in result.notes:
        console.print(line, style="dim", markup=False, soft_wrap=True)
    for each in result.refused:
        console.print(each, style="yellow", markup=False, soft_wrap=True)
    there = f", {result.there} were there already" if result.there else ""
    console.print(
        f"{_count(len(result.added))} in {result.seconds:.1f} s{there}; "
        f"{len(result.refused)} refused: {options.session}",
        markup=False,
        soft_wrap=True,
    )
