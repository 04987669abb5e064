"""`nudge bench help`: of the failures a policy runs into, how many it calls for in time.

The policy works without an operator, and the watch looks on until an operator would have taken
over: a failure that nobody ends grows so foreign that it would use up any budget. Thresholds are
fitted to one set of scenes and held for another; the risk of the shipped monitor was fitted to a
third (`--fit`).
"""

import statistics
import sys
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path

import msgspec
import torch
from rich.console import Console

from learner.monitor import save_monitor
from learner.monitor_fit import fit_risk
from learner.monitors import fitted_monitor, shipped_monitor
from learner.rollouts import ALONE, Look, SeenPolicy, Watched, watch_episode
from learner.seed import BASE, checkpoint_folder
from learner.store import load_checkpoint
from teleop.ask_for_help import HelpWatch
from teleop.cli_options import parse
from teleop.config import EpisodeConfig, HelpConfig, require
from teleop.lockstep import Lockstep

IN_TIME_S = 0.5
REACTION_NS = 700_000_000  # from the moment of the failure to the operator's hand
_SCENES = 1_000_000  # apart, the sets of scenes


@dataclass(frozen=True)
class HelpOptions:
    """What `nudge bench help` takes."""

    json: bool = False
    """print one JSON object and nothing else on stdout"""
    shifted: int = 60
    """scenes of the distribution `shifted` that are measured, and as many to fit thresholds to"""
    near: int = 30
    """the same of `near`"""
    limit_s: float = 25.0
    """an episode that has not succeeded by then has failed"""
    budgets: tuple[float, ...] = (60.0, 120.0, 240.0)
    """alerts an hour of the policy's driving"""
    seed: int = 0
    """changes every scene"""
    policy: str = BASE
    """the policy to judge"""
    risk: bool = True
    """use the risk of the monitor beside the policy, if it has one"""
    fit: Path | None = None
    """fit a monitor's risk to such scenes, write it to this file and measure nothing"""

    def __post_init__(self) -> None:
        require("shifted", self.shifted, 1, 10_000, "scenes")
        require("near", self.near, 0, 10_000, "scenes")


@dataclass(frozen=True)
class BudgetResult:
    """Of one budget, over the measured scenes."""

    budget: float  # alerts an hour that were allowed
    threshold: float  # standard deviations
    alerted_share: float  # of the failures, at least 0.5 s before the moment
    alerted_jams_share: float  # of those that began with a jam
    false_alerts_per_success: float
    lead_s_p50: float  # from the alert to the moment, of the failures alerted before it; -1: none
    alerts_per_hour: float  # that came, in all episodes


@dataclass(frozen=True)
class HelpResult:
    """The figures."""

    failures: int
    jams: int  # failures that began with one
    successes: int
    failures_per_hour: float  # of driving; what a budget would have to be to tell of each
    budgets: tuple[BudgetResult, ...]
    risk: bool
    seed: int


def interleaved(shifted: int, near: int) -> list[str]:
    """The distributions of a set of scenes, mixed evenly."""
    total = shifted + near
    before = [i * near // total for i in range(total + 1)]
    return ["near" if b > a else "shifted" for a, b in pairwise(before)]


def run_scenes(
    lockstep: Lockstep, policy: SeenPolicy, options: HelpOptions, part: int, console: Console
) -> list[Watched]:
    """One set of scenes; sets of another `part` or seed share none."""
    first = 30_000_000 + 10 * _SCENES * options.seed + _SCENES * part
    names = interleaved(options.shifted, options.near)
    done: list[Watched] = []
    with console.status("episodes") as status:
        for i, distribution in enumerate(names):
            done.append(watch_episode(lockstep, policy, distribution, first + i))
            failed = sum(each.failed for each in done)
            status.update(f"{len(done)} of {len(names)} episodes, {failed} failed")
    return done


def until_takeover(episode: Watched) -> list[Look]:
    """The looks while a policy that somebody watches would have driven."""
    end_ns = episode.moment_ns + REACTION_NS
    return [look for look in episode.looks if not episode.failed or look.stamp_ns <= end_ns]


def alerts_in(watch: HelpWatch, episode: Watched, number: int) -> list[int]:
    """The stamps of the alerts that `watch` gives in an episode."""
    alerts: list[int] = []
    for look in until_takeover(episode):
        view = watch.look(look.proposal, look.modes, number, look.stamp_ns)
        alerts += [notice.stamp_ns for notice in view.calls]
    return alerts


def measure(budget: float, fitting: Sequence[Watched], measured: Sequence[Watched]) -> BudgetResult:
    """Fit the threshold to some episodes and hold it for others."""
    watch = HelpWatch(HelpConfig(alerts_per_hour=budget, at_second="alert"))
    for number, episode in enumerate(fitting):
        alerts_in(watch, episode, number)
    watch.look(fitting[-1].looks[-1].proposal, fitting[-1].looks[-1].modes, -1, 0)
    alerts = [alerts_in(deepcopy(watch), episode, len(fitting)) for episode in measured]
    leads = [
        (episode.moment_ns - stamps[0]) * 1e-9 if stamps else float("-inf")
        for episode, stamps in zip(measured, alerts, strict=True)
        if episode.failed
    ]
    jams = [episode.jammed for episode in measured if episode.failed]
    false = [
        len(stamps) for episode, stamps in zip(measured, alerts, strict=True) if not episode.failed
    ]
    before = [lead for lead in leads if lead > 0.0]
    return BudgetResult(
        budget=budget,
        threshold=round(watch.threshold, 2),
        alerted_share=_share([lead >= IN_TIME_S for lead in leads]),
        alerted_jams_share=_share(
            [lead >= IN_TIME_S for lead, jam in zip(leads, jams, strict=True) if jam]
        ),
        false_alerts_per_success=round(statistics.fmean(false), 3) if false else 0.0,
        lead_s_p50=round(statistics.median(before), 2) if before else -1.0,
        alerts_per_hour=round(sum(map(len, alerts)) / _driven_s(measured) * 3600.0, 1),
    )


def _driven_s(episodes: Sequence[Watched]) -> float:
    driven = [until_takeover(episode) for episode in episodes]
    return sum((looks[-1].stamp_ns - looks[0].stamp_ns) * 1e-9 for looks in driven)


def _share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 3) if hits else 0.0


def fit(lockstep: Lockstep, options: HelpOptions, path: Path, console: Console) -> None:
    """Fit a monitor to the demonstrations and its risk to a set of scenes; write it."""
    net, manifest = load_checkpoint(checkpoint_folder(options.policy))
    policy = SeenPolicy(net, manifest.version)
    episodes = run_scenes(lockstep, policy, options, 2, console)
    rollouts = [episode.rollout for episode in episodes]
    save_monitor(path, fit_risk(fitted_monitor(options.policy, net), net, rollouts))
    failed = sum(rollout.failed for rollout in rollouts)
    console.print(f"{len(rollouts)} episodes, {failed} failed; written to {path}")


def run(lockstep: Lockstep, options: HelpOptions, console: Console) -> HelpResult:
    """Fit the thresholds on one set of scenes and measure on another."""
    net, manifest = load_checkpoint(checkpoint_folder(options.policy))
    shipped = shipped_monitor(options.policy, net) if options.risk else None
    monitor = shipped or fitted_monitor(options.policy, net)
    policy = SeenPolicy(net, manifest.version, monitor)
    fitting = run_scenes(lockstep, policy, options, 0, console)
    measured = run_scenes(lockstep, policy, options, 1, console)
    failures = [episode for episode in measured if episode.failed]
    return HelpResult(
        failures=len(failures),
        jams=sum(episode.jammed for episode in failures),
        successes=len(measured) - len(failures),
        failures_per_hour=round(len(failures) / _driven_s(measured) * 3600.0, 1),
        budgets=tuple(measure(budget, fitting, measured) for budget in options.budgets),
        risk=monitor.policy != 0,
        seed=options.seed,
    )


def main(arguments: list[str]) -> int:
    """Run the bench and print its figures."""
    options = parse(
        HelpOptions,
        arguments,
        prog="nudge bench help",
        description="How many of a policy's failures it calls for at least 0.5 s before they come.",
    )
    torch.set_num_threads(1)
    console = Console(stderr=True)
    episode = EpisodeConfig(time_limit_s=options.limit_s)
    lockstep = Lockstep(replace(ALONE, episode=episode))
    try:
        if options.fit is not None:
            fit(lockstep, options, options.fit, console)
            return 0
        result = run(lockstep, options, console)
    finally:
        lockstep.close()
    if options.json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    else:
        for name, value in asdict(result).items():
            sys.stdout.write(f"{name:24} {value}\n")
    return 0
