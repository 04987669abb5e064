"""`nudge bench metaworld`: the methods on tasks that this project did not shape.

Beside them stand the means that FlowDAgger publishes. Not the same: their base is a flow policy
trained on images of twelve tasks, ours the flow head of our policy on the simulator's state of
four; theirs is corrected on each of the twelve, ours on two; both have a scripted expert.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import torch
from rich.console import Console
from rich.table import Table

from learner.bench_metaworld.base import Base, make_base
from learner.bench_metaworld.fits import NAMES, Fits
from learner.bench_metaworld.run import RunResult, RunSize, measure, run_method
from learner.bench_metaworld.tasks import TASKS
from learner.bench_metaworld.world import World, metaworld_python
from teleop.cli_options import parse
from teleop.config import require
from teleop.errors import ConfigError

PUBLISHED = {"base": 0.53, "SFT": 0.71, "LoRA": 0.68, "residual": 0.64, "FlowDAgger": 0.78}
PUBLISHED_HELD_OUT = {"SFT": -0.94, "LoRA": -0.66, "residual": -0.27, "FlowDAgger": -0.08}


@dataclass(frozen=True)
class MetaworldOptions:
    """What `nudge bench metaworld` takes."""

    json: bool = False
    """print one JSON object and nothing else on stdout"""
    keep: Path | None = None
    """folder for the results, which are taken up again where they are there"""
    methods: tuple[str, ...] = NAMES
    """to be compared"""
    tasks: tuple[str, ...] = ("assembly", "peg-insert-side")
    """that are corrected, one at a time"""
    seeds: tuple[int, ...] = (0, 1)
    """of scenes, hands and fits"""
    demonstrations: tuple[int, int, int, int] = (4, 4, 4, 4)
    """of assembly, peg-insert-side, hammer and door-lock for the base"""
    size: RunSize = field(default_factory=RunSize)
    """how long a run is"""
    python: Path | None = None
    """of Meta-World's environment; by default the one that tools/metaworld-env made"""

    def __post_init__(self) -> None:
        for name in self.methods:
            if name not in NAMES:
                raise ConfigError(f"There is no method {name}; known: {', '.join(NAMES)}.")
        known = [task.name for task in TASKS]
        for name in self.tasks:
            if name not in known:
                raise ConfigError(f"There is no task {name}; known: {', '.join(known)}.")
        require("size.episodes", self.size.episodes, 1, 1000, "episodes")
        require("size.scenes", self.size.scenes, 1, 1000, "scenes")
        require("size.others", self.size.others, 1, self.size.scenes, "scenes")


@dataclass(frozen=True)
class MethodRow:
    """One method over the tasks and seeds that were run: means, and deviations between runs."""

    method: str
    runs: int
    base: float
    after: float
    after_spread: float
    others_change: float  # of mean success on the three tasks that were not corrected
    others_spread: float
    corrected: float  # episodes of `episodes`
    operator_s: float
    quick_s_p50: float
    full_s: float


@dataclass(frozen=True)
class MetaworldResult:
    """The figures."""

    rows: tuple[MethodRow, ...]
    runs: tuple[RunResult, ...]
    base_by_task: dict[str, float]  # mean over the seeds
    base_mean: float
    step_us_p50: float  # command, one step of the simulation, and the state's return
    step_us_p99: float
    published: dict[str, float]
    published_held_out: dict[str, float]


def row_of(method: str, runs: Sequence[RunResult]) -> MethodRow:
    """One method's runs, of which there is at least one, as a row."""
    after = [run.after for run in runs]
    change = [run.others_after - run.others_base for run in runs]

    def mean(values: Sequence[float]) -> float:
        return round(statistics.fmean(values), 3)

    return MethodRow(
        method,
        len(runs),
        mean([run.base for run in runs]),
        mean(after),
        round(statistics.pstdev(after), 3),
        mean(change),
        round(statistics.pstdev(change), 3),
        mean([run.corrected for run in runs]),
        mean([run.operator_s for run in runs]),
        mean([run.quick_s_p50 for run in runs]),
        mean([run.full_s for run in runs]),
    )


class Bench:
    """Runs what is not there yet.

    Args:
        options: see there.
        folder: for the results.
        console: for progress.
    """

    def __init__(self, options: MetaworldOptions, folder: Path, console: Console) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._options, self._folder, self._console = options, folder, console
        python = options.python or metaworld_python()
        self._sockets = tempfile.TemporaryDirectory(prefix="nudge-mw-")
        self._world = World(python, Path(self._sockets.name))

    def run(self) -> MetaworldResult:
        """Everything, seed after seed."""
        options = self._options
        runs: list[RunResult] = []
        bases: list[list[float]] = []
        for seed in options.seeds:
            base, before = self._base(seed)
            bases.append([statistics.fmean(each) for each in before])
            for task in (t for t, each in enumerate(TASKS) if each.name in options.tasks):
                runs += [self._run(m, task, seed, base, before) for m in options.methods]
        by_task = [statistics.fmean(each) for each in zip(*bases, strict=True)]
        return MetaworldResult(
            rows=tuple(row_of(m, [r for r in runs if r.method == m]) for m in options.methods),
            runs=tuple(runs),
            base_by_task={t.name: round(b, 3) for t, b in zip(TASKS, by_task, strict=True)},
            base_mean=round(statistics.fmean(by_task), 3),
            step_us_p50=self._trip(50),
            step_us_p99=self._trip(99),
            published=PUBLISHED,
            published_held_out=PUBLISHED_HELD_OUT,
        )

    def close(self) -> None:
        """End the simulation."""
        self._world.close()
        self._sockets.cleanup()

    def _base(self, seed: int) -> tuple[Base, list[list[bool]]]:
        counts, size = self._options.demonstrations, self._options.size
        name = "-".join(map(str, (seed, *counts, size.limit)))
        path = self._folder / f"base-{name}-{size.scenes}.json"
        with self._console.status(f"seed {seed}: base"):
            weights = self._folder / f"base-{name}.safetensors"
            base = make_base(self._world, seed, counts, weights)
            if path.exists():
                return base, msgspec.json.decode(path.read_bytes(), type=list[list[bool]])
            tasks = range(len(TASKS))
            before = [
                measure(self._world, base.net, base, t, seed, size.scenes, size.limit)
                for t in tasks
            ]
        _write(path, msgspec.json.encode(before))
        shown = ", ".join(
            f"{task.name} {statistics.fmean(each):.2f}"
            for task, each in zip(TASKS, before, strict=True)
        )
        self._console.print(f"seed {seed}: base masters {shown}")
        return base, before

    def _run(
        self, method: str, task: int, seed: int, base: Base, before: list[list[bool]]
    ) -> RunResult:
        size = self._options.size
        parts = (method, TASKS[task].name, seed, *self._options.demonstrations)
        sizes = (size.episodes, size.limit, size.scenes, size.others)
        name = "_".join(map(str, (*parts, *sizes)))
        path = self._folder / f"{name}.json"
        if path.exists():
            return msgspec.json.decode(path.read_bytes(), type=RunResult)
        title = f"seed {seed}, {TASKS[task].name}, {method}"
        with self._console.status(title) as status:
            result = run_method(
                self._world,
                base,
                before,
                Fits(method),
                task,
                seed,
                size,
                lambda text: status.update(f"{title}: {text}"),
            )
        _write(path, msgspec.json.encode(result))
        self._console.print(
            f"{title}: {result.base:.2f} to {result.after:.2f}, others {result.others_base:.2f} to "
            f"{result.others_after:.2f}, {result.corrected} of {size.episodes} episodes corrected"
        )
        return result

    def _trip(self, percent: int) -> float:
        trips = self._world.trips_ns
        if len(trips) < 2:
            return 0.0
        return round(statistics.quantiles(trips, n=100)[percent - 1] / 1e3, 1)


def _write(path: Path, data: bytes) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(data)
    unfinished.replace(path)


def shown(result: MetaworldResult) -> Table:
    """The rows as a table for a terminal, the published ones below."""
    table = Table("method", "runs", "base", "after", "others", "corrected", "operator s")
    for row in result.rows:
        table.add_row(
            row.method,
            str(row.runs),
            f"{row.base:.2f}",
            f"{row.after:.2f} ±{row.after_spread:.2f}",
            f"{row.others_change:+.2f} ±{row.others_spread:.2f}",
            f"{row.corrected:.1f}",
            f"{row.operator_s:.1f}",
        )
    for name, after in PUBLISHED.items():
        if name != "base":
            change = f"{PUBLISHED_HELD_OUT[name]:+.2f}"
            table.add_row(
                f"{name} (published)", "", f"{PUBLISHED['base']:.2f}", f"{after:.2f}", change
            )
    return table


def main(arguments: list[str]) -> int:
    """Run the bench and print its figures."""
    options = parse(
        MetaworldOptions,
        arguments,
        prog="nudge bench metaworld",
        description="The methods on Meta-World, with its scripted experts. First: "
        "tools/metaworld-env.",
    )
    torch.set_num_threads(1)
    os.nice(5)
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="nudge-bench-") as temporary:
        bench = Bench(options, (options.keep or Path(temporary)).absolute(), console)
        try:
            result = bench.run()
        finally:
            bench.close()
    if options.json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    else:
        Console().print(shown(result))
    return 0
