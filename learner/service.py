"""The learner process: finished episodes and edits of them in, policy versions out.

It is niced: control comes first.
"""

import logging
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic_ns

import torch
import tyro

from learner.extract import extract_rows
from learner.learner import Learner, LearnerConfig, Published
from learner.material import Changes, Material
from learner.pack import load_demonstrations
from learner.seed import demonstrations_file
from learner.store import PolicyStore
from recorder.edits.clip import Clip
from recorder.edits.clip_reader import open_clip
from teleop.bus import EPISODE_SAVED, HEALTH, LEARNER, POLICY_PUBLISHED, Publisher, Subscriber
from teleop.cli_options import parse
from teleop.errors import EpisodeError, PolicyNotFound
from teleop.learner_messages import (
    LearnerState,
    LearnerStatus,
    PolicyPublished,
)
from teleop.lifetime import Lifetime
from teleop.messages import (
    EpisodeSaved,
    Health,
)
from teleop.priority import stand_back
from teleop.session_folder import SessionFolder
from teleop.session_record import read_record

log = logging.getLogger(__name__)

NICENESS = 10


@dataclass(frozen=True)
class LearnerOptions:
    """What `nudge learner` takes."""

    session: tyro.conf.Positional[Path]
    """the session folder"""
    exercise: bool = False
    """fit without pause, to load the machine as a busy learner would"""
    config: LearnerConfig = field(default_factory=LearnerConfig)


class Service:
    """Glue between the bus and `Learner`: what came in, what to do next, what to say about it."""

    def __init__(
        self,
        learner: Learner,
        store: PolicyStore,
        publisher: Publisher,
        subscriber: Subscriber,
        lifetime: Lifetime,
        material: Material,
    ) -> None:
        self._learner = learner
        self._material = material
        self._store = store
        self._publisher = publisher
        self._subscriber = subscriber
        self._lifetime = lifetime
        self._losses = (float("nan"), float("nan"))
        self._said_ns = 0
        self._cameras = store.load(store.serving())[0].config.cameras
        self._handback_ns = -1
        self._arrived: list[EpisodeSaved] = []
        self._fresh = False
        self._full_due = False

    def remember(self) -> None:
        """Read the episodes that were finished before this process started."""
        self._fresh |= self._follow(self._material.read())

    def work(self, exercise: bool) -> None:
        """One round: take what has come, then one fit if there is something to learn."""
        self._arrived += [message for _, message in self._subscriber.poll(0.05)]
        arrived, self._arrived = self._arrived, []
        for message in arrived:
            self._take(message)
        self._take_edits()
        if self._fresh:
            self._fresh = False
            self._say(LearnerState.HEAD_UPDATE, 0.0, force=True)
            self._publish(
                self._learner.update_head(
                    self._handback_age_s, self._progress(LearnerState.HEAD_UPDATE)
                )
            )
            self._full_due = True
        elif self._full_due or exercise:
            self._full_due = False
            done = self._learner.fit_full(self._progress(LearnerState.FULL_FIT), self._undisturbed)
            if done is None:
                self._full_due = True
            else:
                self._handback_ns = -1
                self._publish(done)
        self._say(LearnerState.WAITING, 0.0)

    def _take(self, message: EpisodeSaved) -> None:
        try:
            changes = self._material.saved(message)
        except EpisodeError as error:
            log.warning("%s", error)
            return
        if self._follow(changes):
            self._fresh = True
            # Without a hand-back the correction ended with the episode, just now.
            back = message.handback_ns
            self._handback_ns = back if back >= 0 else monotonic_ns()

    def _take_edits(self) -> None:
        """Learn from what edits left; the next full fit begins at the base and sees only that."""
        try:
            changes = self._material.edited()
        except EpisodeError as error:
            log.warning("%s", error)
            return
        if changes.gone or changes.fresh:
            log.info("edited: %d episodes, %d left out", len(changes.fresh), len(changes.gone))
            self._fresh |= self._follow(changes)
            self._full_due = True

    def _follow(self, changes: Changes) -> bool:
        """Forget and read anew; whether there are corrections that no version has learned."""
        for sentence in changes.trouble:
            log.warning("left out: %s", sentence)
        for name in changes.gone:
            self._learner.forget(name)
        unlearned = [clip.name for clip in changes.fresh if self._ingest(clip)]
        return bool(unlearned)

    def _ingest(self, clip: Clip) -> bool:
        try:
            with open_clip(clip) as episode:
                samples = extract_rows(episode, self._cameras)
        except EpisodeError as error:
            log.warning("left out: %s", error)
            self._learner.forget(clip.name)
            return False
        return self._learner.ingest(clip.name, samples)

    def _handback_age_s(self) -> float:
        return (monotonic_ns() - self._handback_ns) * 1e-9 if self._handback_ns >= 0 else -1.0

    def _undisturbed(self) -> bool:
        """False once a correction has come in or the process is to end: a full fit gives way."""
        self._arrived += [message for _, message in self._subscriber.drain()]
        corrected = any(message.interventions for message in self._arrived)
        return not corrected and not self._lifetime.over()

    def _publish(self, published: Published) -> None:
        manifest = published.manifest
        self._losses = (published.loss_demonstrations, published.loss_corrections)
        self._publisher.send(
            POLICY_PUBLISHED,
            PolicyPublished(
                version=manifest.version,
                parent=manifest.parent,
                path=str(self._store.path(manifest.version)),
                accepted=manifest.accepted,
                provisional=manifest.provisional,
                reason=manifest.reason,
                handback_ns=self._handback_ns,
                published_ns=monotonic_ns(),
            ),
        )
        log.info(
            "version %d (%s) %s in %.1f s: %s",
            manifest.version,
            manifest.method,
            "accepted" if manifest.accepted else "refused",
            manifest.fit_s,
            manifest.reason,
        )

    def _progress(self, state: LearnerState):  # noqa: ANN202
        def report(share: float, loss: float) -> None:
            del loss
            self._say(state, share)

        return report

    def _say(self, state: LearnerState, progress: float, *, force: bool = False) -> None:
        now_ns = monotonic_ns()
        if not force and now_ns - self._said_ns < 200_000_000:
            return
        self._said_ns = now_ns
        learner = self._learner
        self._publisher.send(
            LEARNER,
            LearnerStatus(
                stamp_ns=now_ns,
                state=state,
                progress=progress,
                newest_version=max(self._store.versions()),
                corrections=learner.corrections,
                demonstrations=learner.serving.demonstrations,
                loss_demonstrations=self._losses[0],
                loss_corrections=self._losses[1],
                message=learner.serving.reason,
            ),
        )
        self._publisher.send(HEALTH, Health("learner", os.getpid(), now_ns))


def main(arguments: list[str]) -> int:
    """Learn from the session's episodes until told to end."""
    options = parse(
        LearnerOptions,
        arguments,
        prog="nudge learner",
        description="Learn from a session's corrections and publish gated policy versions.",
    )
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format="%(asctime)s learner %(levelname)s %(message)s",
    )
    torch.set_num_threads(1)
    lifetime = Lifetime()
    folder = SessionFolder(options.session.absolute())
    record = read_record(folder)
    store = PolicyStore(folder.policies)
    with (
        Publisher(folder.endpoint("learner")) as publisher,
        Subscriber([folder.endpoint("recorder")], [EPISODE_SAVED]) as subscriber,
    ):
        publisher.send(HEALTH, Health("learner", os.getpid(), monotonic_ns(), text="reading"))
        if not _wait_for_store(store, lifetime):
            return 0
        demonstrations = load_demonstrations(demonstrations_file(record.config.policy))
        learner = Learner(store, demonstrations, options.config)
        service = Service(learner, store, publisher, subscriber, lifetime, Material(folder))
        service.remember()
        stand_back(os.getpid(), NICENESS)  # only now: a session begins when all are ready
        while not lifetime.over():
            service.work(options.exercise)
    return 0


def _wait_for_store(store: PolicyStore, lifetime: Lifetime) -> bool:
    """The policy process puts the first version there; False if this process is to end before."""
    while not lifetime.over():
        try:
            store.serving()
        except PolicyNotFound:
            time.sleep(0.1)
        else:
            return True
    return False
