"""`nudge evaluate`: how often a policy succeeds on unseen scenes; or two, on the same ones."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import msgspec
import torch
import tyro
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table

from learner.evaluate import Score, evaluate
from learner.paired import Paired, chance_of_difference, wilson_interval
from learner.policy import FlowPolicy
from learner.seed import checkpoint_folder
from learner.store import load_checkpoint
from teleop.cells.plug.layout import DISTRIBUTIONS
from teleop.cli_options import parse
from teleop.config import require
from teleop.errors import ConfigError
from teleop.lockstep import Lockstep

FIRST_SEED = 90_000_000  # of the scenes; no bench and no training has them


@dataclass(frozen=True)
class EvaluateOptions:
    """What `nudge evaluate` takes."""

    policies: Annotated[tyro.conf.Positional[tuple[str, ...]], tyro.conf.arg(metavar="POLICY...")]
    """one policy, or two to compare: `base`, a folder, SESSION, or SESSION:VERSION"""
    distribution: tuple[str, ...] = ("near",)
    """distributions of scenes, one after the other"""
    scenes: int = 40
    """of each distribution"""
    seed: int = 0
    """changes every scene"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""

    def __post_init__(self) -> None:
        require("scenes", self.scenes, 1, 100_000, "scenes")
        require("seed", self.seed, 0, 1_000_000, "")


@dataclass(frozen=True)
class Result:
    """One policy on one distribution."""

    policy: str
    distribution: str
    successes: int
    scenes: int
    rate: float
    interval: tuple[float, float]  # 95 %, Wilson


@dataclass(frozen=True)
class Comparison:
    """Two policies on the same scenes of a distribution."""

    distribution: str
    both: int
    only_first: int
    only_second: int
    neither: int
    chance: float  # that equally good policies differ so much; two-sided sign test


@dataclass(frozen=True)
class Evaluation:
    """What `--json` prints."""

    results: tuple[Result, ...]
    compared: tuple[Comparison, ...]
    first_seed: int


Outcomes = dict[tuple[str, str], list[bool]]  # by policy and distribution, scene by scene


def summed(options: EvaluateOptions, outcomes: Outcomes) -> Evaluation:
    """The figures that follow from every scene's outcome."""
    results = tuple(
        Result(
            policy,
            distribution,
            sum(done),
            len(done),
            round(sum(done) / len(done), 4),
            _rounded(wilson_interval(sum(done), len(done))),
        )
        for (policy, distribution), done in outcomes.items()
    )
    compared: list[Comparison] = []
    if len(options.policies) == 2:
        for distribution in options.distribution:
            one, other = (outcomes[policy, distribution] for policy in options.policies)
            paired = Paired()
            for first, second in zip(one, other, strict=True):
                paired = paired.and_scene(first, second)
            chance = round(chance_of_difference(paired), 4)
            compared.append(
                Comparison(
                    distribution,
                    paired.both,
                    paired.only_first,
                    paired.only_second,
                    paired.neither,
                    chance,
                )
            )
    return Evaluation(results, tuple(compared), first_seed(options.seed))


def first_seed(seed: int) -> int:
    """Of the scenes."""
    return FIRST_SEED + 100_000 * seed


def check(options: EvaluateOptions, known: tuple[str, ...]) -> None:
    """Refuse what cannot be evaluated before anything is drawn.

    Raises:
        ConfigError: no policy or too many, one named twice, or an unknown distribution.
    """
    if not 1 <= len(options.policies) <= 2 or len(set(options.policies)) < len(options.policies):
        raise ConfigError(
            "Name one policy, or two different ones to compare: nudge evaluate base SESSION:3"
        )
    for name in options.distribution:
        if name not in known:
            raise ConfigError(
                f"There is no distribution of scenes '{name}'; there are: {', '.join(known)}."
            )


def run(options: EvaluateOptions, console: Console) -> Outcomes:
    """Every policy on every distribution.

    Raises:
        PolicyError: a policy is not there, or cannot be loaded.
    """
    nets = {name: load_checkpoint(checkpoint_folder(name)) for name in options.policies}
    first = first_seed(options.seed)
    outcomes: Outcomes = {}
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console) as bar:
        for distribution in options.distribution:
            for name, (net, manifest) in nets.items():
                task = bar.add_task("", total=options.scenes)
                lockstep = Lockstep(cameras=net.config.cameras)
                done: list[bool] = []
                try:
                    evaluate(
                        lockstep,
                        FlowPolicy(net, manifest.version),
                        distribution,
                        range(first, first + options.scenes),
                        progress=_counting(done, bar, task, f"{name} on {distribution}"),
                    )
                finally:
                    lockstep.close()
                outcomes[name, distribution] = done
    return outcomes


def _counting(done: list[bool], bar: Bar, task: TaskID, text: str) -> Callable[[Score], None]:
    def tell(score: Score) -> None:
        done.append(score.successes > sum(done))
        words = f"{escape(text)}: {score.successes} of {score.episodes}"
        bar.update(task, completed=score.episodes, description=words)

    return tell


def _rounded(pair: tuple[float, float]) -> tuple[float, float]:
    return round(pair[0], 4), round(pair[1], 4)


def show(console: Console, found: Evaluation) -> None:
    """The figures for people."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("Policy", "Scenes", "Succeed", "Rate", "95 %"):
        grid.add_column(head, justify="left" if head in ("Policy", "Scenes") else "right")
    for one in found.results:
        low, high = one.interval
        grid.add_row(
            escape(one.policy),
            one.distribution,
            f"{one.successes} of {one.scenes}",
            f"{one.rate:.2f}",
            f"{low:.2f} to {high:.2f}",
        )
    console.print(grid)
    for pair in found.compared:
        console.print(
            f"On {pair.distribution}: both succeed {pair.both} times, only the first "
            f"{pair.only_first}, only the second {pair.only_second}, neither {pair.neither}; "
            f"equally good policies differ so much with probability {pair.chance:.2g}.",
            highlight=False,
        )


def main(arguments: list[str]) -> int:
    """Evaluate, print."""
    options = parse(EvaluateOptions, arguments, prog="nudge evaluate", description=__doc__ or "")
    check(options, tuple(DISTRIBUTIONS))
    torch.set_num_threads(1)
    found = summed(options, run(options, Console(stderr=True)))
    if options.json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    else:
        show(Console(), found)
    return 0
