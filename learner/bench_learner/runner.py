"""Makes the pieces: sessions of corrections, and evaluations of the versions they served."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from learner.bench_learner.pieces import NEAR, Base, Cell, Point, Sequence, Terms, Turn, share
from learner.bench_learner.session import Say, Session, served_at
from learner.bench_learner.table import change
from learner.correct import Corrected
from learner.evaluate import Score, evaluate
from learner.policy import FlowPolicy
from learner.seed import seed_store
from learner.store import PolicyStore
from teleop.cells.plug.shifts import SHIFTS
from teleop.config import EpisodeConfig, SessionConfig
from teleop.lockstep import Lockstep

_SCENES = 10_000_000  # seeds of scenes belonging to one seed of the table
_LESSONS = 1_000_000  # further on, those that are corrected


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
            session = self._session(method, seed, Path(folder))
            turn = session.correct(shift, say)
            curve = self._curve(session, turn, shift, seed, bases[shift], say)
            session.settle()
            store, final, terms = session.store, session.served, self.terms
            settled = curve[-1].success
            if final != curve[-1].version:
                settled = share(self.successes(store, final, shift, seed, terms.scenes, say))
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
            settled=round(settled, 4),
        )

    def sequence(self, method: str, seed: int, bases: dict[str, Base], say: Say) -> Sequence:
        """Correct all shifts one after the other, then go back to each of them."""
        started = time.monotonic()
        scenes = self.terms.scenes
        with tempfile.TemporaryDirectory(prefix="nudge-bench-") as folder:
            session = self._session(method, seed, Path(folder))
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
            session.settle()
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

    def _session(self, method: str, seed: int, folder: Path) -> Session:
        lessons = self.first(seed) + _LESSONS
        return Session(self.lockstep, self.policy, self.terms, method, seed, lessons, folder)

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
