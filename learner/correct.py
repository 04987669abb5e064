"""A correction session in lockstep: the policy works, a scripted operator corrects, it learns."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from learner.extract import extract
from learner.learner import Learner
from learner.methods.method import Speed
from learner.policy import FlowPolicy
from learner.store import PolicyStore
from recorder.inline import InlineRecorder
from teleop.lockstep import Lockstep, Operator
from teleop.messages import EpisodeSaved, Outcome
from teleop.session_folder import SessionFolder


@dataclass(frozen=True)
class CorrectionPlan:
    """How long to go on."""

    distribution: str = "shifted"
    first_seed: int = 1_000_000
    corrections: int = 30
    """at most this many episodes with a correction"""
    episodes: int = 60
    """at most this many in all"""
    full_every: int = 4
    """corrections between two full fits, which the learner process makes in the background"""
    enough: int = 12
    """episodes in a row without a correction that end the session"""


@dataclass(frozen=True)
class Corrected:
    """One episode of the session."""

    seed: int
    outcome: Outcome
    corrected: bool
    operator_s: float
    version: int  # that is served after it
    update_to_serving_s: float  # wall time from the file's end to the new weights; -1: none
    duration_s: float = 0.0  # simulated


class CorrectionSession:
    """Steps through episodes; everything it knows lies in its folder."""

    def __init__(
        self,
        folder: SessionFolder,
        lockstep: Lockstep,
        learner: Learner,
        store: PolicyStore,
        operator: Operator,
    ) -> None:
        self._folder = folder
        self._lockstep = lockstep
        self._learner = learner
        self._store = store
        self._operator = operator
        net, manifest = store.load(store.serving())
        self._cameras = net.config.cameras
        self.policy = FlowPolicy(net, manifest.version)

    def episode(self, number: int, distribution: str, seed: int) -> Corrected:
        """One episode with the operator at hand, and what was learned from it."""
        saved: list[EpisodeSaved] = []
        recorder = InlineRecorder(self._folder, self._lockstep.frames, saved.append, flush_s=5.0)
        result = self._lockstep.run_episode(
            distribution, seed, self.policy, self._operator, (recorder,), episode=number
        )
        recorder.close()
        path = Path(next(message.path for message in saved if message.final))
        started = time.monotonic()
        fresh = self._learner.ingest(path.name, extract(path, self._cameras))
        elapsed = -1.0
        if fresh:
            self._learner.learn(Speed.QUICK)
            self.serve()
            elapsed = time.monotonic() - started
        return Corrected(
            seed,
            result.outcome,
            result.interventions > 0,
            result.operator_s,
            self.policy.version,
            elapsed,
            result.duration_s,
        )

    def serve(self) -> None:
        """Let the policy be the version that is to be served."""
        version = self._store.serving()
        if version != self.policy.version:
            net, _ = self._store.load(version)
            self.policy.swap(net, version)

    def run(self, plan: CorrectionPlan, progress: Callable[[Corrected], None]) -> list[Corrected]:
        """Episodes until the policy no longer needs the operator, or the plan's bounds."""
        done: list[Corrected] = []
        quiet = 0
        while len(done) < plan.episodes and quiet < plan.enough:
            if sum(each.corrected for each in done) >= plan.corrections:
                break
            each = self.episode(len(done), plan.distribution, plan.first_seed + len(done))
            corrected = sum(one.corrected for one in done) + each.corrected
            if each.corrected and corrected % plan.full_every == 0:
                self._learner.learn(Speed.FULL)
                self.serve()
                each = replace(each, version=self.policy.version)
            done.append(each)
            quiet = 0 if each.corrected or each.outcome is not Outcome.SUCCESS else quiet + 1
            progress(each)
        return done
