"""`nudge bench loop`: success before and after corrections, on scenes nobody has seen."""

import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
import torch
from rich.console import Console

from learner.correct import Corrected, CorrectionPlan, CorrectionSession
from learner.evaluate import Score, evaluate
from learner.learner import Learner, LearnerConfig
from learner.pack import load_demonstrations
from learner.policy import FlowPolicy
from learner.seed import BASE, demonstrations_file, seed_store
from learner.store import PolicyStore
from teleop.cli_options import parse
from teleop.config import TakeoverConfig
from teleop.devices.plug_operator import plug_operator
from teleop.devices.scripted import ScriptedOperator
from teleop.lockstep import Lockstep
from teleop.robots.mujoco_cell import MujocoCell
from teleop.session_folder import SessionFolder

GOAL = 0.95
CHECKED = (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 28)  # corrections whose version is tried


@dataclass(frozen=True)
class LoopOptions:
    """What `nudge bench loop` takes."""

    json: bool = False
    """print one JSON object and nothing else on stdout"""
    quick: bool = False
    """40 scenes of each distribution in place of 100"""
    seed: int = 0
    """changes every scene, the operator and the learner"""
    policy: str = BASE
    """the policy to start from"""
    keep: Path | None = None
    """keep the session (episodes, versions) in this folder"""


@dataclass(frozen=True)
class LoopResult:
    """The figures; a success is a plug that is all the way in, without help."""

    base_near: float
    base_shifted: float
    after_near: float
    after_shifted: float
    corrections: int  # episodes with a correction
    corrections_to_95: int  # after which 95 % of the shifted scenes succeed; -1: never
    operator_seconds: float
    update_to_serving_s_p50: float
    episodes: int
    scenes: int
    seed: int


class Bench:
    """One run. Seeds of the scenes of the two evaluations and of the corrections never meet."""

    def __init__(self, options: LoopOptions, folder: SessionFolder, console: Console) -> None:
        scenes = 40 if options.quick else 100
        first = 10_000_000 * (1 + options.seed)
        self._seeds = range(first, first + scenes)
        self._people = 0
        self._plan = CorrectionPlan(first_seed=first + 1_000_000)
        self._options = options
        self._console = console
        self._store = PolicyStore(folder.policies)
        seed_store(self._store, options.policy)
        demonstrations = load_demonstrations(demonstrations_file(options.policy))
        learner = Learner(self._store, demonstrations, LearnerConfig(seed=options.seed))
        self._lockstep = Lockstep()
        self._session = CorrectionSession(
            folder, self._lockstep, learner, self._store, self._operator
        )

    def _operator(self, robot: MujocoCell) -> ScriptedOperator:
        """Another person in every episode: delays, wander and wrong starts are drawn anew."""
        self._people += 1
        seed = 1000 * self._options.seed + self._people
        return plug_operator(robot, TakeoverConfig(), seed=seed)

    def run(self) -> LoopResult:
        """Evaluate, correct, evaluate."""
        base_near = self._evaluate(0, "near").rate
        base_shifted = self._evaluate(0, "shifted").rate
        episodes = self._session.run(self._plan, self._report)
        final = self._store.serving()
        after_shifted = self._evaluate(final, "shifted").rate
        after_near = self._evaluate(final, "near").rate
        waits = [each.update_to_serving_s for each in episodes if each.update_to_serving_s >= 0]
        return LoopResult(
            base_near=base_near,
            base_shifted=base_shifted,
            after_near=after_near,
            after_shifted=after_shifted,
            corrections=sum(each.corrected for each in episodes),
            corrections_to_95=0
            if base_shifted >= GOAL
            else self._corrections_to_goal(episodes, final, after_shifted),
            operator_seconds=round(sum(each.operator_s for each in episodes), 1),
            update_to_serving_s_p50=round(statistics.median(waits), 2) if waits else -1.0,
            episodes=len(episodes),
            scenes=len(self._seeds),
            seed=self._options.seed,
        )

    def close(self) -> None:
        """Free the cell."""
        self._lockstep.close()

    def _corrections_to_goal(
        self, episodes: list[Corrected], final: int, after_shifted: float
    ) -> int:
        """The fewest corrections whose version reaches the goal; others are cut short."""
        count = 0
        for each in episodes:
            count += each.corrected
            if each.update_to_serving_s < 0 or count not in CHECKED:
                continue
            if each.version != final and self._reaches(each.version):
                return count
        return count if after_shifted >= GOAL else -1

    def _reaches(self, version: int) -> bool:
        allowed = int(len(self._seeds) * (1.0 - GOAL) + 1e-9)
        score = self._evaluate(version, "shifted", allowed)
        return score.episodes - score.successes <= allowed

    def _evaluate(self, version: int, distribution: str, allowed: int | None = None) -> Score:
        net, _ = self._store.load(version)
        policy = FlowPolicy(net, version)
        with self._console.status(f"version {version} on {distribution}") as status:
            score = evaluate(
                self._lockstep,
                policy,
                distribution,
                self._seeds,
                failures_allowed=allowed,
                progress=lambda s: status.update(
                    f"version {version} on {distribution}: {s.successes} of {s.episodes}"
                ),
            )
        self._console.print(
            f"version {version} on {distribution}: {score.successes} of {score.episodes}"
        )
        return score

    def _report(self, each: Corrected) -> None:
        word = f"corrected for {each.operator_s:.1f} s" if each.corrected else "alone"
        self._console.print(
            f"scene {each.seed}: {each.outcome}, {word}; version {each.version} is served"
        )


def main(arguments: list[str]) -> int:
    """Run the bench and print its figures."""
    options = parse(
        LoopOptions,
        arguments,
        prog="nudge bench loop",
        description="Success on unseen scenes before and after at most 30 corrections.",
    )
    torch.set_num_threads(1)
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="nudge-bench-") as temporary:
        folder = SessionFolder((options.keep or Path(temporary)).absolute())
        bench = Bench(options, folder, console)
        try:
            result = bench.run()
        finally:
            bench.close()
    if options.json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    else:
        for name, value in asdict(result).items():
            sys.stdout.write(f"{name:24} {value}\n")
    return 0
