"""`nudge drill recorder`: kill it, cut its power, fill its disk, and count what is lost.

Each part makes one kind of fault many times, with episodes whose every number can be told again,
and then reads all that is left. A violation is an episode that was told as saved and is not whole,
more than half a second lost of the open one, or a file that opens and lies.
"""

import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import msgspec
import tyro
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress as Bar
from rich.table import Table

from recorder.drills.part import Part, PartResult, Progress, RunPart
from teleop.cli_options import parse
from teleop.errors import ConfigError, SetupError
from teleop.named_function import named_function

PARTS: tuple[Part, ...] = (
    Part("kill", "the recorder is killed at a random moment", "recorder.drills.kill:run", 100),
    Part("power", "what was not synced is lost at random", "recorder.drills.power:run", 100),
    Part("disk-full", "a small disk is filled", "recorder.drills.disk_full:run", 20),
    Part("slow-disk", "writes and syncs take long", "recorder.drills.slow_disk:run", 12),
    Part("sigterm", "it is told to end at a random moment", "recorder.drills.sigterm:run", 20),
    Part("clock", "the wall clock is set", "recorder.drills.clock:run", 8),
    Part("vanish", "the disk goes, or becomes read-only", "recorder.drills.vanish:run", 12),
)


@dataclass(frozen=True)
class RecorderDrillOptions:
    """Which parts, how often, and how to print them."""

    parts: tyro.conf.Positional[tuple[str, ...]] = ()
    """parts to run; all if none is named"""
    rounds: int = 0
    """faults of each part; 0: as many as each part needs"""
    list: bool = False
    """print the parts and what each does, and run none"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""
    keep: Path | None = None
    """keep the files in this folder; else they are removed"""


@dataclass(frozen=True)
class RecorderDrill:
    """What `--json` prints."""

    violations: int
    seconds: float
    parts: Mapping[str, Mapping[str, object]]


def chosen(names: Sequence[str]) -> tuple[Part, ...]:
    """The parts to run.

    Raises:
        ConfigError: a name is unknown.
    """
    known = {part.name: part for part in PARTS}
    if unknown := [name for name in names if name not in known]:
        raise ConfigError(f"There is no part {unknown[0]!r}; there are {', '.join(known)}.")
    return tuple(known[name] for name in names) or PARTS


def run_parts(parts: Sequence[Part], rounds: int, base: Path, say: Console) -> RecorderDrill:
    """Run the parts one after the other, each in a folder under `base`."""
    began_s = time.monotonic()
    found: dict[str, Mapping[str, object]] = {}
    violations = 0
    with Bar(console=say) as bar:
        for part in parts:
            count = rounds or part.rounds
            task = bar.add_task(part.name, total=count)
            folder = base / part.name
            folder.mkdir(parents=True)
            started_s = time.monotonic()
            result = _run(
                part, folder, count, lambda done, task=task: bar.update(task, completed=done)
            )
            violations += len(result.violations)
            for sentence in result.violations:
                say.print(f"  {sentence}", markup=False, soft_wrap=True)
            seconds = {"seconds": round(time.monotonic() - started_s, 1)}
            found[part.name] = asdict(result) | seconds
    return RecorderDrill(violations, round(time.monotonic() - began_s, 1), found)


def _run(part: Part, folder: Path, rounds: int, progress: Progress) -> PartResult:
    run: RunPart = named_function(part.target)
    try:
        return run(folder, rounds, progress)
    except SetupError as error:
        return PartResult(0, skipped=str(error))


def show(found: RecorderDrill, console: Console) -> None:
    """Print a table of the parts."""
    table = Table("Part", "Rounds", "Violations", "Worst loss", "More", box=SIMPLE_HEAD)
    for name, part in found.parts.items():
        worst = cast(float, part["worst_lost_ms"])
        numbers = cast(dict[str, float], part["numbers"])
        more = ", ".join(f"{key} {value:g}" for key, value in numbers.items())
        table.add_row(
            name,
            str(part["rounds"]),
            str(len(cast(Sequence[str], part["violations"]))),
            f"{worst:.0f} ms" if worst >= 0 else "",
            str(part["skipped"]) or more,
        )
    console.print(table)


def main(arguments: list[str]) -> int:
    """Run the parts; return 0 if nothing was violated, else 1."""
    options = parse(
        RecorderDrillOptions, arguments, prog="nudge drill recorder", description=__doc__ or ""
    )
    parts = chosen(options.parts)
    if options.list:
        for part in parts:
            Console().print(f"{part.name}: {part.fault}", markup=False, soft_wrap=True)
        return 0
    # Ended in order, as by Ctrl-C: a disk may be mounted.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="nudge-drill-") as folder:
        base = options.keep or Path(folder)
        found = run_parts(parts, options.rounds, base, Console(stderr=True))
    if options.json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    else:
        show(found, Console())
    return 1 if found.violations else 0
