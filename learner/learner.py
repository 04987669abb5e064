"""The learner: what there is to learn in, gated versions out.

The same object serves the learner process, which gives it slices of time, and the lockstep
benches, which let it finish. It decides nothing by a clock: what it makes follows from the
episodes, the log of fits (fit_log.py) and the moves of the serving pointer.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from learner.arena_index import About
from learner.fit_log import Cause, FitLog, Record, Suspected
from learner.fitting import Fitting, Recipe
from learner.gate import Gate
from learner.gate_trials import Trials
from learner.judging import Published, Publishing, Standard, judge
from learner.learner_config import LearnerConfig
from learner.lineage import covers
from learner.manifest import Manifest
from learner.methods.method import Speed
from learner.outlook import Outlook
from learner.replay import Demonstrations, Replay
from learner.running_fit import RunningFit, Until, remove_checkpoints
from learner.samples import Samples
from learner.schedule import Due, Task, next_task
from learner.served import Served
from learner.store import PolicyStore

_TAKEN_BACK = "what a later version had learned was taken back"


class Learner:
    """Owns the memory and the fits; the store is the only way out.

    Args:
        store: with version 0, and one that is served.
        demonstrations: beside every episode.
        config: how to learn.
        folder: of the memory; None: nothing is kept, for a learner that will not be restarted.
        trials: simulated scenes for the gate.
        clocks: the time of day and monotonic time, ns; they date versions and decide nothing.

    Attributes:
        replay: the memory, which the owner fills.
        paused: do nothing.
        handback_ns: monotonic, of the newest correction.
    """

    def __init__(
        self,
        store: PolicyStore,
        demonstrations: Demonstrations,
        config: LearnerConfig,
        folder: Path | None = None,
        trials: Trials | None = None,
        clocks: tuple[Callable[[], int], Callable[[], int]] = (time.time_ns, time.monotonic_ns),
    ) -> None:
        base, like = store.load(min(store.versions()))
        self._config = config
        self._served = Served(store)
        self.replay = Replay(folder, demonstrations, self._served.net, blend=config.mix.blends)
        self._log = FitLog(store.folder)
        self._outlook = Outlook(self.replay, self._log, self._served)
        recipe = Recipe(config, config.made(), base)
        self._fitting = Fitting(recipe, self._outlook, clocks[0])
        self._publishing = Publishing(store, like, *clocks)
        self._gate = Gate(base, config.gate, trials)
        self._quick: RunningFit | None = None
        self._slow: RunningFit | None = None
        self._ordered = False
        self._recovered = False
        self._outlook_of: tuple[object, ...] = ()
        self._due = Due()
        self.paused = False
        self.handback_ns = -1

    @property
    def serving(self) -> Manifest:
        """The manifest of the version that is served."""
        return self._served.manifest

    @property
    def outlook(self) -> Outlook:
        """What there is to do, and which version learned what."""
        return self._outlook

    @property
    def corrections(self) -> int:
        """Episodes with corrections that the next fit draws from."""
        return len(self._outlook.present())

    @property
    def running(self) -> RunningFit | None:
        """The fit that time is spent on, if one was begun."""
        return self._quick or self._slow

    @property
    def waited_for(self) -> bool:
        """Whether a fit goes on whose version is to be served within seconds."""
        return self._quick is not None

    @property
    def trouble(self) -> str:
        """Why the last fit came to nothing; "" if it did not."""
        return self._fitting.trouble

    def ingest(self, episode: str, samples: Samples, about: About | None = None) -> bool:
        """Take the rows of the episode of that name, in place of what was known of it.

        Returns:
            Whether there are corrections that no fit has drawn from yet.
        """
        self.replay.ingest(episode, samples, about)
        return self._outlook.fresh()

    def forget(self, episode: str) -> None:
        """Let no later fit see an episode."""
        self.replay.forget(episode)

    def order_consolidation(self) -> None:
        """Refit from the base on everything, before any other fit in the background."""
        self._ordered = True

    def prepare(self) -> None:
        """Have the served version see what there is: the first correction must not wait for it."""
        view = self.replay.view.working(self._config.rows).under(self._served.net)
        view.prepare(view.everything())

    def save(self) -> None:
        """Keep a fit in the background as far as it is."""
        if self._slow is not None:
            self._slow.save()

    def close(self) -> None:
        """Keep what there is, and let another process have the memory. Idempotent."""
        self.save()
        self.replay.close()

    def due(self, *, exercise: bool = False) -> Due:
        """What there is to do; `exercise`: fit without pause."""
        served = self._served
        versions = (len(served.manifests), served.manifest.version, served.moves)
        state = (self.replay.view, self._log.lines, versions)
        if state != self._outlook_of:
            self._outlook_of, self._due = state, self._outlook.due()
        return replace(
            self._due,
            paused=self.paused,
            quick_running=self._quick is not None,
            running=self._slow is not None,
            consolidate=self._due.consolidate or self._ordered,
            exercise=exercise,
        )

    def work(self, until: Until = lambda: False, *, exercise: bool = False) -> Published | None:
        """Do the next thing for a while; a version, if one was finished.

        Everything that the session recorded must be in the memory: what is missing there counts as
        taken back.

        Args:
            until: true when to return, asked between two steps.
            exercise: fit without pause.
        """
        self._look()
        task = next_task(self.due(exercise=exercise))
        if task is Task.NOTHING:
            return None
        self._begin(task)
        return self._go_on(until)

    def learn(self, speed: Speed) -> Published | None:
        """Make one fit of that speed to its end; None: the method has none, or there was trouble.

        For benches and tests, whose time waits for it.
        """
        self._look()
        cause = Cause.CORRECTION if speed is Speed.QUICK else Cause.BACKGROUND
        self._set(speed, self._fitting.begin(speed, self.serving.version, cause, self.handback_ns))
        return self._go_on(lambda: False)

    def _look(self) -> None:
        """Take note of what an operator did, and of what another process left."""
        if not self._recovered:
            self._recovered = True
            self._recover()
        self._served.follow()
        moves = self._served.operator_moves
        for running in (self._quick, self._slow):
            if running is None:
                continue
            learned = running.record.learned.items()
            if running.record.begun.moves != moves:
                self._drop(running, "An operator chose another version.", final=True)
            elif not all(self._outlook.still_so(name, revision) for name, revision in learned):
                self._drop(running, "A correction it draws from was taken back.", final=False)

    def _begin(self, task: Task) -> None:
        serving = self.serving.version
        match task:
            case Task.QUICK:
                self._begin_quick(serving, Cause.CORRECTION)
            case Task.CATCH_UP:
                self._begin_quick(self._outlook.behind() or serving, Cause.CATCH_UP)
            case Task.UNLEARN:
                self._unlearn()
            case Task.CONSOLIDATE:
                cause = Cause.ORDER if self._ordered else Cause.BACKGROUND
                self._ordered = False
                self._set(Speed.CONSOLIDATE, self._fitting.begin(Speed.CONSOLIDATE, serving, cause))
            case Task.FULL:
                exercise = not self._due.full
                cause = Cause.EXERCISE if exercise else Cause.BACKGROUND
                self._slow = self._fitting.begin(Speed.FULL, serving, cause)
            case _:
                pass

    def _begin_quick(self, ground: int, cause: Cause) -> None:
        handback_ns = self.handback_ns if cause is Cause.CORRECTION else -1
        self._quick = self._fitting.begin(Speed.QUICK, ground, cause, handback_ns)

    def _unlearn(self) -> None:
        """Refit from the last version that had not learned it, or serve that one if it will do."""
        ground, present = self._outlook.clean(), self._outlook.present()
        if covers(self._outlook.lineage.rows(ground), present, present):
            self._served.move(ground, _TAKEN_BACK)
        else:
            self._begin_quick(ground, Cause.TAKEN_BACK)

    def _set(self, speed: Speed, running: RunningFit | None) -> None:
        if speed is Speed.QUICK:
            self._quick = running
        else:
            self._slow = running

    def _drop(self, running: RunningFit, reason: str, *, final: bool) -> None:
        self._fitting.drop(running, reason, final=final)
        self._set(running.record.begun.speed, None)

    def _go_on(self, until: Until) -> Published | None:
        running = self.running
        if running is None or not running.work(until):
            return None
        published = self._publish(running)
        running.forget()
        self._set(running.record.begun.speed, None)
        return published

    def _publish(self, running: RunningFit) -> Published:
        begun = running.record.begun
        against = begun.ground if begun.cause is Cause.TAKEN_BACK else self.serving.version
        net, known = self._served.load(against), self._outlook.lineage.rows(against)
        drawn = running.record.corrections
        earlier = sorted(name for name, rows in drawn.items() if known.get(name, 0) >= rows)
        new = sorted(set(drawn) - set(earlier))
        standard = Standard(net, running.seen().under(net), earlier, new)
        verdict = judge(self._gate, running, standard)
        if verdict.suspects:
            learned = running.record.learned
            suspects = {name: learned[name] for name in verdict.suspects}
            self._log.append(Suspected(begun.fit, suspects))
        newest_ns = self._newest_ns(running.record)
        published = self._publishing.publish(running, verdict, newest_ns)
        self._served.add(published.manifest, running.fit.net)
        return replace(published, served=self._settle(published.manifest.version))

    def _settle(self, version: int) -> bool:
        """Move the pointer to a new version if it is to be served; whether it is now."""
        manifest, lineage = self._served.manifests[version], self._outlook.lineage
        begun = self._log.records[manifest.fit].begun
        if begun.moves != self._served.operator_moves:
            return False
        unlearns = begun.cause is Cause.TAKEN_BACK
        if unlearns and not manifest.accepted:
            self._served.move(begun.ground, _TAKEN_BACK)
        known = lineage.rows(self.serving.version)
        whole = covers(lineage.rows(version), known, self._outlook.present())
        if not manifest.accepted or not (unlearns or whole):
            return False
        self._served.move(version, manifest.reason)
        return True

    def _newest_ns(self, record: Record) -> int:
        kept = self.replay.episodes()
        ages = [kept[name].about.newest_ns for name in record.learned if name in kept]
        return max(ages, default=-1)

    def _recover(self) -> None:
        """Take up what another process left: a version not yet served, fits not yet finished."""
        newest = max(self._served.manifests)
        logged = self._served.manifests[newest].fit in self._log.records
        if logged and not self._served.was_served(newest):
            self._settle(newest)
        unfinished = self._outlook.lineage.unfinished()
        self._served.store.remove_leftovers()
        remove_checkpoints(self._served.store.folder, {begun.fit for begun in unfinished})
        for begun in unfinished:
            self._set(begun.speed, self._fitting.take_up(begun))
