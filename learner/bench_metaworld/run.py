"""One run: a method, a task that is corrected, a seed; from the base to what is served in the end.

The scripted operator watches at most `episodes` episodes. After each that was corrected a quick fit
is served; after the last, a full fit. Success is measured on scenes of their own, of the corrected
task and of the other three, which nobody corrects.
"""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from learner.bench_metaworld.base import SCENES_APART, Base
from learner.bench_metaworld.episodes import StateEpisode, work
from learner.bench_metaworld.fits import Fits
from learner.bench_metaworld.memory import StateMemory
from learner.bench_metaworld.operator import Operator, OperatorConfig
from learner.bench_metaworld.states import StatePolicy
from learner.bench_metaworld.tasks import PERIOD_S, TASKS
from learner.bench_metaworld.world import World
from learner.memory import MixConfig
from learner.methods.method import Ground
from learner.model import PolicyNet

_CORRECTED, _EVALUATED = 20_000, 30_000  # first scenes
Tell = Callable[[str], None]


@dataclass(frozen=True)
class RunSize:
    """How long a run is."""

    episodes: int = 40
    """watched by the operator, as FlowDAgger's"""
    limit: int = 300
    """steps until an episode has failed; the expert takes 65 to 115 on average"""
    scenes: int = 20
    """of the corrected task that success is measured on"""
    others: int = 8
    """of each of the other tasks"""


@dataclass(frozen=True)
class RunResult:
    """The figures of one run; shares of episodes."""

    method: str
    task: str
    seed: int
    base: float  # success on the corrected task
    after: float
    others_base: float  # mean success on the other three
    others_after: float
    corrected: int  # episodes in which the operator took over
    operator_s: float  # of simulated time
    alone_first: float  # of the first ten watched episodes: success without a takeover
    alone_last: float  # of the last ten
    quick_s_p50: float  # of a quick fit
    full_s: float


def measure(
    world: World, net: PolicyNet, base: Base, task: int, seed: int, count: int, limit: int
) -> list[bool]:
    """Which of `count` scenes a policy masters alone."""
    policy = StatePolicy(net, base.scale)
    first = _EVALUATED + SCENES_APART * seed
    return [work(world, policy, task, first + i, limit).success for i in range(count)]


@dataclass
class Watched:
    """What the operator's episodes made."""

    net: PolicyNet
    memory: StateMemory
    episodes: list[StateEpisode]
    quick_s: list[float]

    def alone(self, part: slice) -> float:
        """Share of some of the episodes that succeeded without a takeover."""
        some = self.episodes[part]
        return statistics.fmean([e.success and e.takeovers == 0 for e in some])


def watch(
    world: World, base: Base, fits: Fits, task: int, seed: int, size: RunSize, tell: Tell
) -> Watched:
    """The operator's part of a run."""
    watched = Watched(base.net, base.memory(), [], [])
    random = np.random.default_rng([seed, task])
    for number in range(size.episodes):
        operator = Operator(OperatorConfig(), random)
        policy = StatePolicy(watched.net, base.scale)
        scene = _CORRECTED + SCENES_APART * seed + number
        episode = work(world, policy, task, scene, size.limit, operator)
        watched.episodes.append(episode)
        watched.memory.worked(f"episode {number}", episode)
        tell(f"episode {number + 1} of {size.episodes}, {len(watched.quick_s)} corrected")
        if episode.takeovers and number < size.episodes - 1:
            began = perf_counter()
            watched.net = fits.quick(ground_of(base, watched, seed, number))
            watched.quick_s.append(perf_counter() - began)
    return watched


def ground_of(base: Base, watched: Watched, seed: int, number: int) -> Ground:
    """What a fit after episode `number` starts from."""
    fit_seed = 1000 * seed + number
    return Ground(
        base.net, watched.net, base.net, watched.memory, watched.memory, MixConfig(), fit_seed
    )


def run_method(
    world: World,
    base: Base,
    before: list[list[bool]],
    fits: Fits,
    task: int,
    seed: int,
    size: RunSize,
    tell: Tell,
) -> RunResult:
    """Correct, fit and measure; `before` is what the base masters of every task's scenes."""
    watched = watch(world, base, fits, task, seed, size, tell)
    corrected = sum(episode.takeovers > 0 for episode in watched.episodes)
    net, full_s = watched.net, 0.0
    if corrected:
        tell("full fit")
        began = perf_counter()
        net = fits.full(ground_of(base, watched, seed, size.episodes))
        full_s = perf_counter() - began
    tell("measuring")
    counts = [size.scenes if each == task else size.others for each in range(len(TASKS))]
    after = [
        measure(world, net, base, each, seed, counts[each], size.limit)
        for each in range(len(TASKS))
    ]
    others = [each for each in range(len(TASKS)) if each != task]
    steps = sum(episode.operator_steps for episode in watched.episodes)
    return RunResult(
        method=fits.name,
        task=TASKS[task].name,
        seed=seed,
        base=round(statistics.fmean(before[task][: size.scenes]), 3),
        after=round(statistics.fmean(after[task]), 3),
        others_base=_mean([before[each][: size.others] for each in others]),
        others_after=_mean([after[each] for each in others]),
        corrected=corrected,
        operator_s=round(steps * PERIOD_S, 1),
        alone_first=round(watched.alone(slice(0, 10)), 2),
        alone_last=round(watched.alone(slice(-10, None)), 2),
        quick_s_p50=round(statistics.median(watched.quick_s), 2) if watched.quick_s else 0.0,
        full_s=round(full_s, 2),
    )


def _mean(parts: list[list[bool]]) -> float:
    return round(statistics.fmean(statistics.fmean(part) for part in parts), 3)
