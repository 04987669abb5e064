"""`nudge drill`: make a fault on purpose in a real session, and see what the arms do.

Each drill runs all processes of a session around the simulated cell in a folder of its own, makes
one fault while an arm moves, and looks at three things: how far the tools went after it, how it was
told, and whether the session went on or ended with every episode whole. What is expected was
decided before: see teleop/drills/expected.py.
"""

import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import tyro
from rich.console import Console

from teleop.cli_options import parse
from teleop.display import prepare_display
from teleop.drills import clock, devices, disk, frozen, killed, network, supervisor
from teleop.drills.drill import Drill, run_drill
from teleop.drills.expected import EXPECTED
from teleop.drills.result import Result, Verdict
from teleop.drills.table import show
from teleop.errors import ConfigError
from teleop.verbs import Verb

DRILLS: tuple[Drill, ...] = (
    Drill("puck-pulled", "a SpaceMouse is unplugged while deflected", devices.puck_pulled),
    Drill("keys-lost", "the window is killed while its keys are held", devices.keys_lost),
    Drill("gui-killed", "the window is killed", killed.gui_killed),
    Drill("policy-killed", "the policy is killed", killed.policy_killed),
    Drill("learner-killed", "the learner is killed", killed.learner_killed),
    Drill("recorder-killed", "the recorder is killed", killed.recorder_killed, killed.rows_kept),
    Drill("camera-frozen", "a camera's process is stopped", frozen.camera_frozen),
    Drill("state-frozen", "the robot's state stands still", frozen.state_frozen),
    Drill(
        "supervisor-killed",
        "the supervisor is killed",
        supervisor.supervisor_killed,
        supervisor.episode_finished,
    ),
    Drill("network-delayed", "chunks come 300 ms later", network.network_delayed),
    Drill("clock-stepped", "the wall clock is stepped", clock.clock_stepped, clock.dates_differ),
    Drill("disk-full", "the disk is full", disk.disk_full, disk.both_recorded),
)


# Of the files alone, without a cell; layers above this one.
ALONE = (
    Verb("recorder", "recorder.drills.main:main", "kill the recorder, cut its power"),
    Verb("learner", "learner.drills.main:main", "kill the learner, and compare what it makes"),
)


@dataclass(frozen=True)
class DrillOptions:
    """Which drills, and how to print them."""

    names: tyro.conf.Positional[tuple[str, ...]] = ()
    """drills to run, see --list; `nudge drill recorder --help` and `nudge drill learner --help`
    explain those of the recorder and the learner alone"""
    all: bool = False
    """run every drill, which takes some minutes"""
    list: bool = False
    """print the drills, what is done and what is expected, and run none"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""
    keep: Path | None = None
    """keep the sessions in this folder; else they are removed"""


@dataclass(frozen=True)
class Report:
    """What `--json` prints."""

    passed: int
    failed: int
    skipped: int
    seconds: float
    drills: Sequence[Result]


def chosen(options: DrillOptions) -> tuple[Drill, ...]:
    """The drills to run.

    Raises:
        ConfigError: a name is unknown, or none was given.
    """
    known = {drill.name: drill for drill in DRILLS}
    if unknown := [name for name in options.names if name not in known]:
        raise ConfigError(f"There is no drill {unknown[0]!r}; there are {', '.join(known)}.")
    if options.all:
        return DRILLS
    if not options.names:
        raise ConfigError("Name the drills to run, or give --all; --list tells what there is.")
    return tuple(known[name] for name in options.names)


def list_drills(console: Console) -> None:
    """Print what there is."""
    for drill in DRILLS:
        expected = EXPECTED[drill.name]
        told = "" if expected.announced_ms is None else f", told in {expected.announced_ms:.0f} ms"
        console.print(f"{drill.name}: {drill.fault}", markup=False, soft_wrap=True)
        console.print(
            f"  at most {expected.path_mm:.0f} mm{told}: {expected.why}",
            markup=False,
            soft_wrap=True,
            style="dim",
        )


def run_all(drills: Sequence[Drill], base: Path, say: Console) -> Report:
    """Run the drills one after the other, each in a folder under `base`."""
    results: list[Result] = []
    for number, drill in enumerate(drills, 1):
        say.print(f"{number} of {len(drills)}, {drill.name}: {drill.fault}", highlight=False)
        folder = base / drill.name
        folder.mkdir(parents=True)
        result = run_drill(drill, folder)
        results.append(result)
        say.print(f"  {result.verdict.value} in {result.seconds:.0f} s", highlight=False)
        for fault in result.faults:
            say.print(f"  {fault}", markup=False, soft_wrap=True)
    counts = {verdict: sum(one.verdict is verdict for one in results) for verdict in Verdict}
    return Report(
        counts[Verdict.PASS],
        counts[Verdict.FAIL],
        counts[Verdict.SKIP],
        round(sum(one.seconds for one in results), 1),
        results,
    )


def main(arguments: list[str]) -> int:
    """Run the drills; return 0 if none failed, else 1."""
    for verb in ALONE:
        if arguments[:1] == [verb.name]:
            return verb.load()(arguments[1:])
    options = parse(DrillOptions, arguments, prog="nudge drill", description=__doc__ or "")
    if options.list:
        list_drills(Console())
        return 0
    drills = chosen(options)
    # Ended in order, as by Ctrl-C: a disk in memory may be mounted.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    prepare_display()
    say = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="nudge-drill-", dir="/tmp") as folder:
        report = run_all(drills, options.keep or Path(folder), say)
    if options.json:
        sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
    else:
        show(report.drills, Console())
    return 1 if report.failed else 0
