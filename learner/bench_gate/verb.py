"""`nudge bench gate`: poisoned corrections that would be served, honest ones that are refused."""

import math
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

import msgspec
import torch
from rich.console import Console
from rich.progress import Progress as Bar

from learner.bench_gate.held_memory import Features
from learner.bench_gate.recorded import corrected_episodes
from learner.bench_gate.trial import MOST_EARLIER, Stage, Trial, run_trial
from learner.gate import Gate, GateConfig
from learner.methods.method import METHODS, method_of
from learner.pack import load_demonstrations
from learner.paired import wilson_interval
from learner.seed import BASE, checkpoint_folder, demonstrations_file
from learner.store import load_checkpoint
from teleop.cli_options import parse
from teleop.config import require
from teleop.errors import PolicyError
from teleop.session_folder import SessionFolder

FIRST_SEED = 70_000_000  # of the scenes; no other bench has them


@dataclass(frozen=True)
class GateBenchOptions:
    """What `nudge bench gate` takes."""

    json: bool = False
    """print one JSON object and nothing else on stdout"""
    trials: int = 20
    """each a poisoned correction, and the honest one it was made of beside it"""
    corrections: int = 20
    """corrected episodes to draw from"""
    seed: int = 1
    """of scenes, draws and fits; the gate's limits were chosen on seed 0"""
    distributions: tuple[str, ...] = ("shifted",)
    """the scenes that are corrected, in turn"""
    method: str = next(iter(METHODS))
    """how the candidates are made"""
    policy: str = BASE
    """the policy that is corrected"""
    keep: Path | None = None
    """folder for the recorded corrections; the next run with the same seed takes them from there"""
    gate: GateConfig = field(default_factory=GateConfig)

    def __post_init__(self) -> None:
        require("trials", self.trials, 1, 10_000, "trials")
        require("corrections", self.corrections, MOST_EARLIER + 1, 10_000, "episodes")


@dataclass(frozen=True)
class GateBenchResult:
    """The figures."""

    poisoned: int
    poisoned_served: int
    poisoned_served_by_kind: dict[str, int]
    poisoned_refused_by: dict[str, int]
    poisoned_served_but_for_consistency: int
    poisoned_served_most: float  # upper end of the 95 % interval of that share
    honest: int
    honest_refused: int
    honest_refused_by: dict[str, int]
    false_rejection_rate: float
    false_rejection_interval: tuple[float, float]
    corrections: int
    fit_and_gate_s_p50: float
    method: str
    policy: str
    seed: int


def summed(trials: list[tuple[Trial, Trial]], seconds: list[float]) -> dict[str, object]:
    """The figures that follow from the trials."""
    honest = [one for one, _ in trials]
    poison = [one for _, one in trials]
    served = [one for one in poison if one.served]
    refused = [one for one in honest if not one.served]
    low, high = wilson_interval(len(refused), len(honest))
    return {
        "poisoned": len(poison),
        "poisoned_served": len(served),
        "poisoned_served_by_kind": {
            kind: sum(one.kind == kind for one in served)
            for kind in sorted({one.kind for one in poison})
        },
        "poisoned_refused_by": dict(Counter(one.refused_by for one in poison if not one.served)),
        "poisoned_served_but_for_consistency": sum(
            one.served_but_for_consistency for one in poison
        ),
        "poisoned_served_most": round(wilson_interval(len(served), len(poison))[1], 3),
        "honest": len(honest),
        "honest_refused": len(refused),
        "honest_refused_by": dict(Counter(one.refused_by for one in refused)),
        "false_rejection_rate": round(len(refused) / len(honest), 3),
        "false_rejection_interval": (round(low, 3), round(high, 3)),
        "fit_and_gate_s_p50": round(statistics.median(seconds), 2) if seconds else math.nan,
    }


def run(options: GateBenchOptions, folder: SessionFolder, console: Console) -> GateBenchResult:
    """Record what is missing, then all trials."""
    net, _ = load_checkpoint(checkpoint_folder(options.policy))
    with Bar(console=console) as bar:
        task = bar.add_task("recording corrections", total=options.corrections)
        episodes = corrected_episodes(
            folder,
            net,
            options.distributions,
            options.corrections,
            FIRST_SEED + 1_000_000 * options.seed,
            lambda done, wanted: bar.update(task, completed=options.corrections - wanted + done),
        )
        if len(episodes) <= MOST_EARLIER:
            raise PolicyError(
                f"The policy '{options.policy}' was corrected in {len(episodes)} episodes only; "
                f"choose harder scenes with --distributions."
            )
        bar.update(task, completed=options.corrections)
        demonstrations = load_demonstrations(demonstrations_file(options.policy))
        stage = Stage(
            net,
            demonstrations,
            episodes,
            method_of(options.method),
            Gate(net, options.gate),
            Features(),
        )
        task = bar.add_task("trials", total=options.trials)
        trials: list[tuple[Trial, Trial]] = []
        seconds: list[float] = []
        for number in range(options.trials):
            started = time.monotonic()
            trials.append(run_trial(stage, number, options.seed))
            seconds.append(time.monotonic() - started)
            bar.advance(task)
            _tell(console, number, trials[-1])
    return GateBenchResult(
        **summed(trials, seconds),  # pyright: ignore[reportArgumentType]
        corrections=len(episodes),
        method=options.method,
        policy=options.policy,
        seed=options.seed,
    )


def _tell(console: Console, number: int, trial: tuple[Trial, Trial]) -> None:
    for one in trial:
        word = "served" if one.served else "refused"
        console.print(
            f"{number:3} {one.kind:10} after {one.earlier}: {word}, {one.verdict.reason}",
            highlight=False,
        )


def main(arguments: list[str]) -> int:
    """Run the bench and print its figures."""
    options = parse(
        GateBenchOptions,
        arguments,
        prog="nudge bench gate",
        description="Poisoned corrections that the gate would let through, and honest ones that "
        "it refuses.",
    )
    torch.set_num_threads(1)
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="nudge-gate-") as temporary:
        folder = SessionFolder((options.keep or Path(temporary)).expanduser().absolute())
        result = run(options, folder, console)
    if options.json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    else:
        for name, value in asdict(result).items():
            sys.stdout.write(f"{name:36} {value}\n")
    return 0
