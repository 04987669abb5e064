"""The learner process: finished episodes and edits of them in, policy versions out.

It is niced: control comes first. Whatever it is at, it looks at the bus ten times a second.
"""

import logging
import os
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic_ns

import torch
import tyro

from learner.gate_trials import simulated_trials
from learner.intake import Intake
from learner.learner import Learner
from learner.learner_config import LearnerConfig
from learner.material import Material
from learner.orders import Orders
from learner.pack import load_demonstrations
from learner.seed import checkpoint_folder, demonstrations_file
from learner.store import PolicyStore
from learner.telling import Telling
from learner.warm import warm_up
from teleop.bus import EPISODE_SAVED, HEALTH, OrderServer, Publisher, Subscriber
from teleop.cli_options import parse
from teleop.errors import EpisodeError, PolicyNotFound
from teleop.learner_messages import LearnerOrder
from teleop.lifetime import Lifetime
from teleop.messages import EpisodeSaved, Health
from teleop.priority import stand_back
from teleop.session_folder import LEARNER_ORDERS, SessionFolder
from teleop.session_record import read_record

log = logging.getLogger(__name__)

NICENESS = 10
SLICE_S = 0.1  # of a fit, between two looks at the bus
QUICK_SLICE_S = 1.0  # of one that is waited for, and gives way to nothing
READING_S = 0.1  # of episodes, the same


@dataclass(frozen=True)
class LearnerOptions:
    """What `nudge learner` takes."""

    session: tyro.conf.Positional[Path]
    """the session folder"""
    exercise: bool = False
    """fit without pause, to load the machine as a busy learner would"""
    config: LearnerConfig = field(default_factory=LearnerConfig)
    """how; the session's own method counts unless another than the default is named"""


class Service:
    """Glue between the bus and `Learner`: what came in, what to do next, what to say about it."""

    def __init__(
        self,
        learner: Learner,
        intake: Intake,
        material: Material,
        telling: Telling,
        subscriber: Subscriber,
        orders: OrderServer[LearnerOrder],
    ) -> None:
        self._learner = learner
        self._intake = intake
        self._material = material
        self._telling = telling
        self._subscriber = subscriber
        self._server = orders
        self._orders = Orders(learner)
        self._idle = False

    def remember(self) -> None:
        """Read the episodes that were finished before this process started."""
        self._intake.follow(self._material.read())

    def work(self, exercise: bool) -> None:
        """One round: take what has come, then a slice of a fit if there is something to learn.

        What can wait does, while a fit goes on that somebody waits for.
        """
        self._server.poll(self._orders.answer)
        for _, message in self._subscriber.poll(0.05 if self._idle else 0.0):
            self._take(message)
            self._telling.episode(message)
        hurried = self._learner.waited_for
        if not hurried:
            until = _in(READING_S)
            self._intake.work(lambda: not until())
        self._idle = False
        if hurried or self._intake.waiting == 0:
            published = self._learner.work(self._slice(), exercise=exercise)
            if published is not None:
                self._telling.published(published)
            self._idle = published is None and self._learner.running is None
        self._telling.status()
        if not self._learner.waited_for:
            self._take_edits()
            self._telling.debrief()

    def _slice(self) -> Callable[[], bool]:
        short, long = _in(SLICE_S), _in(QUICK_SLICE_S)

        def over() -> bool:
            return long() if self._learner.waited_for else short()

        return over

    def _take(self, message: EpisodeSaved) -> None:
        try:
            changes = self._material.saved(message)
        except EpisodeError as error:
            log.warning("%s", error)
            return
        self._intake.follow(changes, first=True)
        if message.interventions:
            # Without a hand-back the correction ended with the episode, just now.
            back = message.handback_ns
            self._learner.handback_ns = back if back >= 0 else monotonic_ns()

    def _take_edits(self) -> None:
        """Learn from what edits left."""
        try:
            changes = self._material.edited()
        except EpisodeError as error:
            log.warning("%s", error)
            return
        if changes.gone or changes.fresh:
            log.info("edited: %d episodes, %d left out", len(changes.fresh), len(changes.gone))
            self._intake.follow(changes)


def _in(seconds: float):  # noqa: ANN202
    """Whether so much time has passed."""
    deadline_s = time.monotonic() + seconds
    return lambda: time.monotonic() >= deadline_s


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
    checkpoint_folder(record.config.policy)  # before it waits for versions that never come
    store = PolicyStore(folder.policies)
    with (
        Publisher(folder.endpoint("learner")) as publisher,
        Subscriber([folder.endpoint("recorder")], [EPISODE_SAVED]) as subscriber,
        closing(OrderServer(folder.endpoint(LEARNER_ORDERS), LearnerOrder)) as orders,
    ):
        publisher.send(HEALTH, Health("learner", os.getpid(), monotonic_ns(), text="reading"))
        if not _wait_for_store(store, lifetime):
            return 0
        warm_up()
        demonstrations = load_demonstrations(demonstrations_file(record.config.policy))
        config = options.config
        if config.method == LearnerConfig.method:
            config = replace(config, method=record.config.learning.method)
        with (
            simulated_trials(record.config, lambda: publisher.send(HEALTH, _alive())) as trials,
            closing(Learner(store, demonstrations, config, folder.learner, trials)) as learner,
        ):
            cameras = store.load(store.serving())[0].config.cameras
            intake = Intake(learner.replay, demonstrations, cameras, log.warning)
            telling = Telling(learner, store, publisher)
            service = Service(learner, intake, Material(folder), telling, subscriber, orders)
            service.remember()
            learner.prepare()
            stand_back(os.getpid(), NICENESS)  # only now: a session begins when all are ready
            while not lifetime.over():
                service.work(options.exercise)
    return 0


def _alive() -> Health:
    return Health("learner", os.getpid(), monotonic_ns(), text="rollouts before the gate")


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
