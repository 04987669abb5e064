"""`nudge bench learner`: success against corrections, a row per method and shift.

A piece is one session: a method, a shift, a seed. The policy works, the operator takes over where
it fails, the learner learns, and versions on the way are evaluated on scenes nobody has seen. With
`--keep` finished pieces stay in a folder: the table may be made bit by bit, and by several
processes side by side, each of which takes what no other is at.
"""

import hashlib
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
import torch
from rich.console import Console

from learner.bench_learner.figure import draw
from learner.bench_learner.kept import Kept
from learner.bench_learner.people import PROFILES
from learner.bench_learner.pieces import NEAR, Base, Cell, Sequence, Terms
from learner.bench_learner.runner import Runner
from learner.bench_learner.session import Say
from learner.bench_learner.table import Row, SequenceRow, row_of, sequence_rows
from learner.methods.method import METHODS
from learner.seed import BASE, checkpoint_folder
from learner.store import WEIGHTS
from teleop.cells.plug.shifts import SHIFTS
from teleop.cli_options import parse
from teleop.config import require
from teleop.errors import ConfigError

Piece = TypeVar("Piece")


@dataclass(frozen=True)
class LearnerBenchOptions:
    """What `nudge bench learner` takes."""

    methods: tuple[str, ...] = tuple(METHODS)
    """ways to learn"""
    shifts: tuple[str, ...] = SHIFTS
    """distributions that are corrected, each in sessions of its own"""
    seeds: int = 3
    """sessions of each method and shift; scenes, operator and learner are drawn anew"""
    scenes: int = 20
    """of one evaluation; of a shift that was not corrected a quarter as many"""
    limit_s: float = 15.0
    """an evaluated episode that has not succeeded by then has failed; the expert takes 5 s"""
    corrections: int = 30
    """at most, in one session and shift"""
    checked: tuple[int, ...] = (2, 5, 10, 20, 30)
    """counts of corrections after which the version that was served is evaluated"""
    operator: str = "good"
    """good, or worse: twice the delay and noise, every fifth correction wrong"""
    sequence: bool = False
    """all shifts one after the other in one session, and each evaluated again at the end"""
    keep: Path | None = None
    """keep finished pieces in this folder and never measure them again"""
    figure: Path | None = None
    """draw success against corrections into this SVG file"""
    table_only: bool = False
    """measure nothing: the table of what is kept"""
    policy: str = BASE
    """the policy to start from"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""

    def __post_init__(self) -> None:
        require("scenes", self.scenes, 1, 10_000, "scenes")
        require("seeds", self.seeds, 1, 1000, "seeds")
        require("corrections", self.corrections, 1, 1000, "corrections")
        _known("method", self.methods, tuple(METHODS))
        _known("shift", self.shifts, SHIFTS)
        _known("operator", (self.operator,), tuple(PROFILES))


@dataclass(frozen=True)
class LearnerBench:
    """What is printed.

    Attributes:
        missing: pieces that are not finished, or that another process is at.
    """

    rows: tuple[Row, ...]
    sequence: tuple[SequenceRow, ...]
    operator: str
    scenes: int
    missing: int


class Bench:
    """The pieces that were asked for, one after the other."""

    def __init__(
        self, options: LearnerBenchOptions, kept: Kept, runner: Runner | None, console: Console
    ) -> None:
        self._options = options
        self._kept = kept
        # What the base does depends on nothing else.
        terms = Terms(kept.terms.policy, kept.terms.scenes, kept.terms.limit_s)
        self._bases_kept = Kept(kept.folder, terms)
        self._runner = runner
        self._console = console
        self._missing = 0

    def run(self) -> LearnerBench:
        """Make what is not there yet; the table of all that is."""
        options = self._options
        rows: list[Row] = []
        sequence: list[SequenceRow] = []
        cells: list[Cell] = []
        for seed in range(options.seeds):
            for method in options.methods:
                cells += self._cells(method, seed)
        for method in options.methods:
            for shift in options.shifts:
                of_row = [c for c in cells if (c.method, c.shift) == (method, shift)]
                rows += [row_of(of_row, options.corrections)] if of_row else []
            sessions = self._sessions(method) if options.sequence else []
            sequence += sequence_rows(sessions) if sessions else []
        if options.figure is not None and cells:
            draw(cells, options.figure)
        return LearnerBench(
            tuple(rows), tuple(sequence), options.operator, options.scenes, self._missing
        )

    def _cells(self, method: str, seed: int) -> list[Cell]:
        found: list[Cell] = []
        for shift in self._options.shifts:

            def make(runner: Runner, say: Say, shift: str = shift) -> Cell | None:
                bases = self._bases(seed)
                return None if bases is None else runner.cell(method, shift, seed, bases, say)

            name = f"{method}-{shift}-{self._options.operator}-{seed}"
            cell = self._piece(self._kept, Cell, name, make)
            found += [cell] if cell is not None else []
        return found

    def _sessions(self, method: str) -> list[Sequence]:
        found: list[Sequence] = []
        for seed in range(self._options.seeds):

            def make(runner: Runner, say: Say, seed: int = seed) -> Sequence | None:
                bases = self._bases(seed)
                return None if bases is None else runner.sequence(method, seed, bases, say)

            name = f"{method}-sequence-{self._options.operator}-{seed}"
            session = self._piece(self._kept, Sequence, name, make)
            found += [session] if session is not None else []
        return found

    def _bases(self, seed: int) -> dict[str, Base] | None:
        """The base on every distribution; None while another process is still at one of them."""
        bases: dict[str, Base] = {}
        for name in (NEAR, *SHIFTS):

            def make(runner: Runner, say: Say, name: str = name) -> Base | None:
                return runner.base(name, seed, say)

            base = self._piece(self._bases_kept, Base, f"base-{name}-{seed}", make)
            if base is None:
                return None
            bases[name] = base
        return bases

    def _piece(
        self,
        kept: Kept,
        kind: type[Piece],
        name: str,
        make: Callable[[Runner, Say], Piece | None],
    ) -> Piece | None:
        """Load or make one; None if it is not to be had now."""
        piece = kept.load(kind, name)
        if piece is None and self._runner is not None and kept.claim(name):
            try:
                with self._console.status(name) as status:
                    piece = make(self._runner, lambda line: status.update(f"{name}: {line}"))
                if piece is not None:
                    kept.save(name, piece)
                    self._console.print(
                        f"{name}: {msgspec.json.encode(piece).decode()}", markup=False
                    )
            finally:
                kept.give_up(name)
        self._missing += piece is None
        return piece


def terms_of(options: LearnerBenchOptions) -> Terms:
    """What the pieces of this table have in common."""
    weights = (checkpoint_folder(options.policy) / WEIGHTS).read_bytes()
    return Terms(
        policy=hashlib.sha256(weights).hexdigest()[:16],
        scenes=options.scenes,
        limit_s=options.limit_s,
        held_scenes=max(1, options.scenes // 4),
        corrections=options.corrections,
        checked=tuple(count for count in options.checked if count <= options.corrections),
        operator=options.operator,
    )


def main(arguments: list[str]) -> int:
    """Make the table and print it."""
    options = parse(
        LearnerBenchOptions,
        arguments,
        prog="nudge bench learner",
        description=__doc__ or "",
    )
    torch.set_num_threads(1)
    console = Console(stderr=True)
    terms = terms_of(options)
    with tempfile.TemporaryDirectory(prefix="nudge-bench-") as temporary:
        kept = Kept(options.keep or Path(temporary), terms)
        runner = None if options.table_only else Runner.made(terms, options.policy)
        try:
            result = Bench(options, kept, runner, console).run()
        finally:
            if runner is not None:
                runner.close()
    if options.json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    else:
        _print(result)
    return 0


def _print(result: LearnerBench) -> None:
    for row in (*result.rows, *result.sequence):
        sys.stdout.write(f"{row.method} on {row.shift}, {row.seeds} seeds\n")
        for name, value in msgspec.to_builtins(row).items():
            shown = (
                f"{value['mean']:.3f} ± {value['spread']:.3f}" if isinstance(value, dict) else value
            )
            if name not in ("method", "shift", "seeds"):
                sys.stdout.write(f"  {name:18} {shown}\n")
    sys.stdout.write(f"{result.missing} pieces missing\n")


def _known(kind: str, names: tuple[str, ...], known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            raise ConfigError(f"There is no {kind} '{name}'; choose one of: {', '.join(known)}.")
