"""A session of corrections, by the code of the real one; only time is simulated.

It is `CorrectionSession` over `Learner`, store and gate. The provisional fit is made to its end
after each corrected episode, as in a live session, where the robot is being reset meanwhile. The
full fit in the background gets what a core of its own would have given it in the simulated time of
the episode and of the reset after it: a step is taken for 6 ms, one that trains an encoder for
150 ms (110 ms on the core that this was measured on), a slice of images that is encoded before for
100 ms.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from learner.bench_learner.people import People
from learner.bench_learner.pieces import Terms
from learner.correct import Corrected, CorrectionSession
from learner.learner import Learner, LearnerConfig
from learner.pack import load_demonstrations
from learner.seed import demonstrations_file, seed_store
from learner.store import PolicyStore
from teleop.lockstep import Lockstep
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder

RESET_S = 5.0  # between two episodes; a person takes that long to put the parts back
ENCODER_STEP_S = 0.150
STEP_S = 0.006  # of all other phases, which work on cached features
SLICE_S = 0.100
QUIET = 8  # episodes in a row, each done in time without help, that end a session
LONGEST = 3  # times as many episodes as corrections end it too

Say = Callable[[str], None]


class Session:
    """One learner with its folder, and the operator who corrects it. To be closed.

    Args:
        lockstep: the cell that is corrected in.
        policy: what to start from, as a user names it.
        terms: of the table.
        method: of learning.
        seed: of the learner and the operator.
        lessons: seed of the first scene that is corrected.
        folder: empty.

    Attributes:
        store: the versions.
        done: every episode so far.
    """

    def __init__(
        self,
        lockstep: Lockstep,
        policy: str,
        terms: Terms,
        method: str,
        seed: int,
        lessons: int,
        folder: Path,
    ) -> None:
        self._most = terms.corrections
        self._limit_s = terms.limit_s
        self._lessons = lessons
        place = SessionFolder(folder)
        self.store = PolicyStore(place.policies)
        seed_store(self.store, policy)
        demonstrations = load_demonstrations(demonstrations_file(policy))
        config = LearnerConfig(method=method, seed=seed)
        self._learner = Learner(self.store, demonstrations, config)
        self._people = People(terms.operator, seed)
        self._session = CorrectionSession(
            place, lockstep, self._learner, self.store, self._people.next
        )
        self.done: list[Corrected] = []

    def correct(self, shift: str, say: Say) -> list[Corrected]:
        """Episodes of one shift until it needs no more help, or the corrections are spent."""
        most = self._most
        turn: list[Corrected] = []
        made = quiet = 0
        while made < most and quiet < QUIET and len(turn) < LONGEST * most + QUIET:
            number = len(self.done)
            each = self._session.episode(number, shift, self._lessons + number)
            self._background(each.duration_s + RESET_S)
            self._session.serve()
            each = replace(each, version=self._session.policy.version)
            made += each.corrected
            quiet = quiet + 1 if in_time(each, self._limit_s) else 0
            turn.append(each)
            self.done.append(each)
            say(f"{shift}: {made} corrections in {len(turn)} episodes, version {each.version}")
        return turn

    def settle(self) -> None:
        """Let the learner finish what it is at, as it does when nobody corrects any more."""
        while self._learner.work() is not None:
            pass

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
        spent_s, steps = 0.0, -1

        def over() -> bool:
            nonlocal spent_s, steps
            running = self._learner.running
            if running is not None:
                spent_s += price_s(running.fit.phase, stepped=running.fit.done != steps)
                steps = running.fit.done
            return spent_s >= simulated_s

        while spent_s < simulated_s:
            before_s = spent_s
            if self._learner.work(over) is None and spent_s == before_s:
                break


def in_time(each: Corrected, limit_s: float) -> bool:
    """Whether the policy did it alone, and as fast as an evaluation wants it."""
    done = each.outcome is Outcome.SUCCESS and not each.corrected
    return done and each.duration_s <= limit_s


def price_s(phase: str, *, stepped: bool) -> float:
    """What a core of its own would have taken.

    Args:
        phase: of the fit.
        stepped: whether a step was made; otherwise images were encoded for the steps to come.
    """
    if not stepped:
        return SLICE_S
    return ENCODER_STEP_S if phase == "encoder" else STEP_S


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
