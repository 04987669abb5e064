"""What the learner process says on the bus: what it is at, and what a version came to."""

import logging
import os
from collections import deque
from pathlib import Path
from time import monotonic_ns

from learner.coach import set_aside
from learner.debrief import Debrief
from learner.judging import Published
from learner.learner import Learner
from learner.manifest import version_report
from learner.methods.method import Speed
from learner.store import PolicyStore
from teleop.bus import (
    COACH,
    CORRECTION_REPORT,
    EPISODE_REPORT,
    HEALTH,
    LEARNER,
    POLICY_PUBLISHED,
    VERSION_REPORT,
    Publisher,
)
from teleop.errors import EpisodeError
from teleop.learner_messages import (
    CoachNote,
    CorrectionReport,
    LearnerState,
    LearnerStatus,
    PolicyPublished,
    StratumLoss,
)
from teleop.learner_told import keep_told
from teleop.messages import EpisodeSaved, Health

log = logging.getLogger(__name__)

PASSED_OVER = "not served, for more was corrected or another version chosen meanwhile"
SAID_EVERY_NS = 200_000_000


class Telling:
    """Owns nothing but what it said last."""

    def __init__(self, learner: Learner, store: PolicyStore, publisher: Publisher) -> None:
        self._learner = learner
        self._store = store
        self._publisher = publisher
        self._losses: tuple[StratumLoss, ...] = learner.serving.losses
        self._said: tuple[LearnerState, int] = (LearnerState.STARTING, 0)
        self._debrief = Debrief(learner.replay)
        self._recorded: deque[EpisodeSaved] = deque()

    def published(self, published: Published) -> None:
        """A version stands in the store."""
        manifest = published.manifest
        self._losses = manifest.losses
        path = self._store.path(manifest.version)
        self._publisher.send(POLICY_PUBLISHED, announced(published, path, monotonic_ns()))
        self._publisher.send(VERSION_REPORT, version_report(manifest))
        for name in published.suspects:
            self._publisher.send(COACH, set_aside(name, monotonic_ns()))
        corrected = [message for message in self._recorded if message.interventions]
        for message in corrected:  # what it may have learned from
            self._recorded.remove(message)
            self._tell_of(message)
        net = self._learner.outlook.served.load(manifest.version)
        for report in self._debrief.version(manifest.version, manifest.corrections, net):
            self._publisher.send(CORRECTION_REPORT, report)
            self._keep(report)
        log.info(
            "version %d (%s, %s) %s in %.1f s: %s",
            manifest.version,
            manifest.method,
            manifest.speed,
            "served" if published.served else "not served",
            manifest.fit_s,
            manifest.reason,
        )

    def episode(self, message: EpisodeSaved) -> None:
        """An episode was recorded, whole or up to a hand-back; it is told of when there is time."""
        self._recorded.append(message)

    def debrief(self) -> None:
        """Tell of one recorded episode, which takes a while."""
        if self._recorded:
            self._tell_of(self._recorded.popleft())

    def _tell_of(self, message: EpisodeSaved) -> None:
        net = self._learner.outlook.served.load(self._learner.serving.version)
        try:
            for told in self._debrief.episode(message, net):
                if isinstance(told, CoachNote):
                    self._publisher.send(COACH, told)
                    self._keep(told)
                else:
                    self._publisher.send(EPISODE_REPORT, told)
        except EpisodeError as error:
            log.warning("not told of: %s", error)

    def _keep(self, told: CorrectionReport | CoachNote) -> None:
        try:
            keep_told(self._store.folder, told)
        except OSError as error:
            log.warning("not kept for a window that is opened later: %s", error)

    def status(self) -> None:
        """What the learner is at, a few times a second and when that changes."""
        now_ns, state = monotonic_ns(), self._state()
        said, said_ns = self._said
        if state is said and now_ns - said_ns < SAID_EVERY_NS:
            return
        self._said = state, now_ns
        learner, running = self._learner, self._learner.running
        losses = {loss.stratum: loss.error for loss in self._losses}
        self._publisher.send(
            LEARNER,
            LearnerStatus(
                stamp_ns=now_ns,
                state=state,
                progress=running.share if running is not None else 0.0,
                newest_version=max(learner.outlook.served.manifests),
                corrections=learner.corrections,
                demonstrations=learner.serving.demonstrations,
                loss_demonstrations=losses.get("held out", float("nan")),
                loss_corrections=losses.get("corrections", float("nan")),
                message=learner.trouble or learner.serving.reason,
                serving=learner.serving.version,
                serving_speed=learner.serving.speed,
            ),
        )
        self._publisher.send(HEALTH, Health("learner", os.getpid(), now_ns))

    def _state(self) -> LearnerState:
        running = self._learner.running
        if self._learner.paused:
            return LearnerState.PAUSED
        if running is None:
            return LearnerState.WAITING
        if running.fit.finished:
            return LearnerState.GATE
        quick = running.record.begun.speed is Speed.QUICK
        return LearnerState.HEAD_UPDATE if quick else LearnerState.FULL_FIT


def announced(published: Published, path: Path, now_ns: int) -> PolicyPublished:
    """The news of a version."""
    manifest = published.manifest
    passed_over = manifest.accepted and not published.served
    return PolicyPublished(
        version=manifest.version,
        parent=manifest.parent,
        path=str(path),
        accepted=manifest.accepted,
        provisional=manifest.provisional,
        reason=f"{manifest.reason}; {PASSED_OVER}" if passed_over else manifest.reason,
        handback_ns=published.handback_ns,
        published_ns=now_ns,
    )
