"""Runs one piece: sessions of corrections and evaluations, by the code of the real session.

A session here is `CorrectionSession` over `Learner`, store and gate; only time is simulated. The
provisional fit is made to its end after each corrected episode, as in a live session, where the
robot is being reset meanwhile. The full fit in the background gets what a core of its own would
have given it in the simulated time of the episode and of the reset after it: a step of the head is
taken for 6 ms, one that trains an encoder for 150 ms (`STEP_S`), as measured on one core.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from learner.bench_learner.people import People
from learner.bench_learner.pieces import NEAR, Base, Cell, Point, Sequence, Terms, Turn, share
from learner.bench_learner.table import change
from learner.correct import Corrected, CorrectionSession
from learner.evaluate import Score, evaluate
from learner.learner import Learner, LearnerConfig
from learner.pack import load_demonstrations
from learner.policy import FlowPolicy
from learner.seed import demonstrations_file, seed_store
from learner.store import PolicyStore
from teleop.cells.plug.shifts import SHIFTS
from teleop.config import EpisodeConfig, SessionConfig
from teleop.lockstep import Lockstep
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder

RESET_S = 5.0  # between two episodes; a person takes that long to put the parts back
STEP_S = {"head": 0.006}  # of a fit's phases; all others train an encoder or work on images
_ENCODER_STEP_S = 0.150
QUIET = 8  # episodes in a row without help that end a session
LONGEST = 3  # times as many episodes as corrections end it too
_SCENES = 10_000_000  # seeds of scenes belonging to one seed of the table
_LESSONS = 1_000_000  # further on, those that are corrected

Say = Callable[[str], None]


class Session:
    """One learner with its folder, and the operator who corrects it."""

    def __init__(self, runner: "Runner", method: str, seed: int, folder: Path) -> None:
        self._runner = runner
        self._seed = seed
        place = SessionFolder(folder)
        self.store = PolicyStore(place.policies)
        seed_store(self.store, runner.policy)
        demonstrations = load_demonstrations(demonstrations_file(runner.policy))
        config = LearnerConfig(method=method, seed=seed)
        self._learner = Learner(self.store, demonstrations, config)
        self._people = People(runner.terms.operator, seed)
        self._session = CorrectionSession(
            place, runner.lockstep, self._learner, self.store, self._people.next
        )
        self.done: list[Corrected] = []

    def correct(self, shift: str, say: Say) -> list[Corrected]:
        """Episodes of one shift until it needs no more help, or the corrections are spent."""
        most = self._runner.terms.corrections
        turn: list[Corrected] = []
        made = quiet = 0
        while made < most and quiet < QUIET and len(turn) < LONGEST * most + QUIET:
            number = len(self.done)
            seed = self._runner.first(self._seed) + _LESSONS + number
            each = self._session.episode(number, shift, seed)
            self._background(each.duration_s + RESET_S)
            self._session.serve()
            each = replace(each, version=self._session.policy.version)
            made += each.corrected
            quiet = 0 if each.corrected or each.outcome is not Outcome.SUCCESS else quiet + 1
            turn.append(each)
            self.done.append(each)
            say(f"{shift}: {made} corrections in {len(turn)} episodes, version {each.version}")
        return turn

    @property
    def served(self) -> int:
        return self.store.serving()

    @property
    def refused(self) -> int:
        """Versions that were not accepted."""
        manifests = [self.store.load(version)[1] for version in self.store.versions()]
        return sum(not manifest.accepted for manifest in manifests)

    def close(self) -> None:
        self._learner.close()

    def _background(self, simulated_s: float) -> None:
        """Give the fit in the background what a core would have given it in that time."""
        spent_s = 0.0

        def over() -> bool:
            nonlocal spent_s
            running = self._learner.running
            phase = running.fit.phase if running is not None else ""
            spent_s += STEP_S.get(phase, _ENCODER_STEP_S)
            return spent_s >= simulated_s

        while spent_s < simulated_s:
            before = spent_s
            published = self._learner.work(over)
            if published is None and spent_s == before:
                break


@dataclass
class Runner:
    """Makes pieces, with the same two cells for all of them. To be closed.

    Attributes:
        terms: of the table.
        policy: what sessions start from, as a user names it.
        lockstep: the cell that is corrected in.
        trial: the cell that versions are evaluated in, whose episodes may be shorter.
    """

    terms: Terms
    policy: str
    lockstep: Lockstep
    trial: Lockstep

    @classmethod
    def made(cls, terms: Terms, policy: str) -> "Runner":
        """With cells of its own."""
        limited = SessionConfig(episode=EpisodeConfig(time_limit_s=terms.limit_s))
        return cls(terms, policy, Lockstep(), Lockstep(limited))

    def close(self) -> None:
        """Free the cells."""
        self.lockstep.close()
        self.trial.close()

    def first(self, seed: int) -> int:
        """The first scene of a seed; those of another seed, and those corrected, never meet."""
        return _SCENES * (11 + seed)

    def base(self, distribution: str, seed: int, say: Say) -> Base:
        """How the policy does before any correction."""
        with tempfile.TemporaryDirectory(prefix="nudge-bench-") as folder:
            store = PolicyStore(Path(folder) / "policies")
            seed_store(store, self.policy)
            done = self.successes(store, 0, distribution, seed, self.terms.scenes, say)
        return Base(distribution, seed, done)

    def cell(self, method: str, shift: str, seed: int, bases: dict[str, Base], say: Say) -> Cell:
        """Correct one shift; `bases` holds every distribution of that seed."""
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="nudge-bench-") as folder:
            session = Session(self, method, seed, Path(folder))
            turn = session.correct(shift, say)
            curve = self._curve(session, turn, shift, seed, bases[shift], say)
            store, final, terms = session.store, session.served, self.terms
            near = self.successes(store, final, NEAR, seed, terms.scenes, say)
            others = [
                change(
                    bases[other],
                    self.successes(store, final, other, seed, terms.held_scenes, say),
                )
                for other in SHIFTS
                if other != shift
            ]
            refused = session.refused
            session.close()
        return Cell(
            method=method,
            shift=shift,
            seed=seed,
            curve=curve,
            near_change=round(change(bases[NEAR], near), 4),
            held_out_change=round(sum(others) / len(others), 4),
            made=sum(each.corrected for each in turn),
            episodes=len(turn),
            operator_s=round(sum(each.operator_s for each in turn), 2),
            fit_s=tuple(
                round(each.update_to_serving_s, 3) for each in turn if each.update_to_serving_s >= 0
            ),
            refused=refused,
            wall_s=round(time.monotonic() - started, 1),
        )

    def sequence(self, method: str, seed: int, bases: dict[str, Base], say: Say) -> Sequence:
        """Correct all shifts one after the other, then go back to each of them."""
        started = time.monotonic()
        scenes = self.terms.scenes
        with tempfile.TemporaryDirectory(prefix="nudge-bench-") as folder:
            session = Session(self, method, seed, Path(folder))
            turns: list[tuple[str, float, float, int]] = []
            for shift in SHIFTS:
                before = bases[shift].rate()
                if session.served:
                    before = share(
                        self.successes(session.store, session.served, shift, seed, scenes, say)
                    )
                made = sum(each.corrected for each in session.correct(shift, say))
                own = self.successes(session.store, session.served, shift, seed, scenes, say)
                turns.append((shift, before, share(own), made))
            final, store = session.served, session.store
            ends = [
                share(self.successes(store, final, shift, seed, scenes, say)) for shift in SHIFTS
            ]
            near = self.successes(store, final, NEAR, seed, scenes, say)
            refused, done = session.refused, session.done
            session.close()
        return Sequence(
            method=method,
            seed=seed,
            turns=tuple(
                Turn(shift, before, own, end, made)
                for (shift, before, own, made), end in zip(turns, ends, strict=True)
            ),
            near_change=round(change(bases[NEAR], near), 4),
            operator_s=round(sum(each.operator_s for each in done), 2),
            refused=refused,
            wall_s=round(time.monotonic() - started, 1),
        )

    def successes(
        self, store: PolicyStore, version: int, distribution: str, seed: int, scenes: int, say: Say
    ) -> tuple[bool, ...]:
        """How a version does alone, scene by scene; no evaluation is cut short."""
        net, _ = store.load(version)
        first = self.first(seed)
        done: list[bool] = []

        def tell(score: Score) -> None:
            done.append(score.successes > sum(done))
            say(f"version {version} on {distribution}: {score.successes} of {score.episodes}")

        policy = FlowPolicy(net, version)
        evaluate(self.trial, policy, distribution, range(first, first + scenes), progress=tell)
        return tuple(done)

    def _curve(
        self,
        session: Session,
        turn: list[Corrected],
        shift: str,
        seed: int,
        base: Base,
        say: Say,
    ) -> tuple[Point, ...]:
        """Success of the versions that were served at the counts that are checked, and last."""
        curve = [Point(0, base.rate(), 0)]
        for count, version in served_at(turn, self.terms.checked):
            if version == curve[-1].version:
                curve.append(Point(count, curve[-1].success, version))
                continue
            done = self.successes(session.store, version, shift, seed, self.terms.scenes, say)
            curve.append(Point(count, share(done), version))
        return tuple(curve)


def served_at(turn: list[Corrected], checked: tuple[int, ...]) -> list[tuple[int, int]]:
    """Counts of corrections, with the version that was served when the next one was still to come.

    The last count is always among them: with the version that the session ended with.
    """
    versions: dict[int, int] = {}
    made = 0
    for each in turn:
        made += each.corrected
        versions[made] = each.version
    wanted = [count for count in versions if count in checked or count == made]
    return [(count, versions[count]) for count in wanted if count > 0]
