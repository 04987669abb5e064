"""Begins fits and takes them up again: the line of the log first, then the method."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from learner.fit_log import Begun, Cause, Dropped, FitLog, Record, Widened, seed_of
from learner.fit_memory import FitMemory
from learner.learner_config import LearnerConfig
from learner.methods.method import Ground, Method, Speed
from learner.model import PolicyNet, same_weights
from learner.outlook import SLOW, Outlook
from learner.running_fit import Memories, RunningFit, Views
from teleop.errors import EpisodeIncomplete, PolicyError


@dataclass(frozen=True)
class Recipe:
    """What all fits of a learner have in common."""

    config: LearnerConfig
    method: Method
    base: PolicyNet


class Fitting:
    """Knows how to begin a fit.

    Attributes:
        trouble: a sentence, why the last one came to nothing; "" if it did not.
    """

    def __init__(self, recipe: Recipe, outlook: Outlook, wall_ns: Callable[[], int]) -> None:
        self._recipe = recipe
        self._outlook = outlook
        self._wall_ns = wall_ns
        self.trouble = ""

    @property
    def _log(self) -> FitLog:
        return self._outlook.log

    @property
    def _folder(self) -> Path:
        return self._outlook.served.store.folder

    def begin(
        self, speed: Speed, ground: int, cause: Cause, handback_ns: int = -1
    ) -> RunningFit | None:
        """Write down what a fit learns from, and set it up; None if there is none to make."""
        fit = self._log.next_fit()
        begun = Begun(
            fit=fit,
            method=self._recipe.config.method,
            speed=speed,
            ground=ground,
            seed=seed_of(self._recipe.config.seed, fit),
            revisions=self._outlook.revisions(),
            corrections=self._outlook.present(),
            cause=cause,
            handback_ns=handback_ns,
            moves=self._outlook.served.operator_moves,
            wall_ns=self._wall_ns(),
        )
        self._log.append(begun)
        return self.take_up(begun)

    def take_up(self, begun: Begun) -> RunningFit | None:
        """A fit of the log, from its checkpoint or from its beginning."""
        record, recipe = self._log.records[begun.fit], self._recipe
        try:
            net = self._outlook.served.load(begun.ground)
            views = self._views(net)
            shown = views(record, 0)
            memories = Memories(FitMemory(shown.ground), FitMemory(shown.base))
            settled = self._outlook.lineage.settled(begun.ground)
            settled_net = self._outlook.served.load(settled)
            ground = Ground(
                recipe.base,
                net,
                settled_net,
                memories.ground,
                memories.base,
                recipe.config.mix,
                begun.seed,
                settled_net if self._still_stands(settled, begun) else None,
            )
            fit = recipe.method.fit(ground, begun.speed)
        except (PolicyError, EpisodeIncomplete) as error:
            self.trouble = str(error)
            self._drop(begun.fit, str(error), final=isinstance(error, PolicyError))
            return None
        if fit is None:
            self._drop(begun.fit, "The method has no fit of this speed.", final=True)
            return None
        self.trouble = ""
        origins = ((net, begun.ground), (ground.settled, settled), (recipe.base, 0))
        return RunningFit(
            record,
            fit,
            next((version for other, version in origins if same_weights(fit.net, other)), settled),
            memories,
            views,
            self._widen,
            self._folder if begun.speed in SLOW else None,
            recipe.config.checkpoint_s,
        )

    def _still_stands(self, version: int, begun: Begun) -> bool:
        """Whether a version learned something, and nothing that was taken back or changed since."""
        lineage = self._outlook.lineage
        learned = lineage.learned(version)
        drawn = bool(learned) and learned.keys() <= begun.revisions.keys()
        return drawn and not lineage.taken_back(version, self._outlook.still_so)

    def drop(self, running: RunningFit, reason: str, *, final: bool) -> None:
        """Let a fit come to nothing.

        Args:
            running: that fit.
            reason: a sentence for the log.
            final: another one on the same corrections is not wanted.
        """
        self._drop(running.record.begun.fit, reason, final=final)
        running.forget()

    def _drop(self, fit: int, reason: str, *, final: bool) -> None:
        self._log.append(Dropped(fit, reason, final))

    def _views(self, net: PolicyNet) -> Callable[[Record, int], Views]:
        replay, limit = self._outlook.replay, self._recipe.config.rows

        def views(record: Record, phase: int) -> Views:
            view = replay.snapshot(record.revisions(phase)).working(limit)
            return Views(view.under(net), view.under(self._recipe.base))

        return views

    def _widen(self, record: Record, phase: int) -> Record:
        """A phase begins with what there is now; what was suspected or taken back is not in it."""
        fit = record.begun.fit
        self._log.append(Widened(fit, phase, self._outlook.revisions(), self._outlook.present()))
        return self._log.records[fit]
