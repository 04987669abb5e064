"""What there is to do, from what was recorded, what was fitted and what is served."""

from dataclasses import dataclass

from learner.fit_log import Cause, FitLog
from learner.lineage import Lineage, covers
from learner.methods.method import Speed
from learner.replay import Replay
from learner.samples import Stratum
from learner.schedule import Due
from learner.served import Served
from learner.taken_back import still_so

SLOW = (Speed.FULL, Speed.CONSOLIDATE)


@dataclass(frozen=True)
class Outlook:
    """Looks at the files' contents only, so a learner that was restarted sees the same."""

    replay: Replay
    log: FitLog
    served: Served

    @property
    def lineage(self) -> Lineage:
        return Lineage(self.served.manifests, self.log.records)

    def revisions(self) -> dict[str, str]:
        """What the next fit draws from: all but what the gate found to contradict the rest."""
        suspected = self.log.suspected()
        return {
            name: revision
            for name, revision in self.replay.view.revisions().items()
            if (name, revision) not in suspected
        }

    def present(self) -> dict[str, int]:
        """Rows of corrections in each episode that has some, of those."""
        wanted = self.revisions()
        rows = {
            name: entry.rows_of(Stratum.CORRECTION)
            for name, entry in self.replay.episodes().items()
            if name in wanted
        }
        return {name: count for name, count in sorted(rows.items()) if count}

    def fresh(self) -> bool:
        """Whether there are corrections that no fit has drawn from."""
        drawn = self.lineage.drawn_rows()
        return any(rows > drawn.get(name, 0) for name, rows in self.present().items())

    def still_so(self, name: str, revision: str) -> bool:
        """Whether nothing of a correction that was learned was taken back."""
        return still_so(self.replay, name, revision)

    def clean(self) -> int:
        """The newest version that has learned nothing that was taken back."""
        return self.lineage.clean(self.served.manifest.version, self.still_so)

    def behind(self) -> int | None:
        """An accepted version of a full fit that lacks only corrections that came meanwhile."""
        record = self.lineage.newest(*SLOW)
        version = self.lineage.version_of(record.begun.fit) if record else None
        if record is None or version is None or self.served.was_served(version):
            return None
        tried = any(
            each.begun.cause is Cause.CATCH_UP and each.begun.ground == version
            for each in self.log.records.values()
        )
        chosen = record.begun.moves != self.served.operator_moves
        return (
            version if self.served.manifests[version].accepted and not (tried or chosen) else None
        )

    def due(self) -> Due:
        """All but what depends on what was asked for and on what is running."""
        lineage, present = self.lineage, self.present()
        quick, slow = lineage.newest(Speed.QUICK), lineage.newest(*SLOW)
        # After an operator went back nothing is refitted until there is something new.
        wanted = quick is not None and quick.begun.moves == self.served.operator_moves
        left = quick is not None and not covers(
            slow.corrections if slow else {}, quick.corrections, present
        )
        return Due(
            taken_back=bool(lineage.taken_back(self.served.manifest.version, self.still_so)),
            behind=self.behind() is not None,
            fresh=self.fresh(),
            consolidate=self._unlearning(lineage),
            full=wanted and left,
        )

    def _unlearning(self, lineage: Lineage) -> bool:
        """Whether a consolidation has yet to follow a quick fit that unlearned."""
        fits = [
            record.begun.fit
            for record in self.log.records.values()
            if record.begun.cause is Cause.TAKEN_BACK
        ]
        record = lineage.newest(Speed.CONSOLIDATE)
        return bool(fits) and (record is None or record.begun.fit < max(fits))
