"""Everything the window knows, folded from messages; one frozen `View` comes out. No Qt, no I/O.

Time comes in as an argument, so a test plays a whole shift in a millisecond.
"""

from collections.abc import Iterable

import numpy as np

from gui.authority import arm_view
from gui.episode_log import EpisodeLog
from gui.learner_log import LearnerLog
from gui.view import Level, View, WrenchSamples
from gui.vitals import Vitals
from teleop.config import SessionConfig
from teleop.learner_messages import (
    LearnerStatus,
    PolicyPublished,
    PolicyServing,
)
from teleop.messages import (
    Arm,
    EpisodeEnded,
    EpisodeOpened,
    EpisodeSaved,
    Health,
    Step,
)

LIMIT_OF_SAMPLES = 2000  # kept while the window does not ask, 20 s at 100 Hz


class Console:
    """Takes messages, gives views."""

    def __init__(self, config: SessionConfig, processes: Iterable[str]) -> None:
        self._config = config
        self._step: Step | None = None
        self._step_came_ns = 0
        self._episodes = EpisodeLog()
        self._learner = LearnerLog()
        self._vitals = Vitals(processes)
        self._stamps: list[int] = []
        self._wrenches: list[np.ndarray] = []

    def take(self, message: object, now_ns: int) -> None:
        """Fold one message that came at `now_ns` in; other kinds are ignored."""
        match message:
            case Step():
                self._take_step(message, now_ns)
            case EpisodeOpened():
                self._episodes.opened(message)
            case EpisodeEnded():
                self._episodes.ended(message)
            case EpisodeSaved():
                self._episodes.saved(message)
                self._vitals.saved(message)
            case LearnerStatus():
                self._learner.status(message)
            case PolicyPublished():
                self._learner.published(message)
            case PolicyServing():
                self._learner.serving(message)
            case Health():
                self._vitals.health(message, now_ns)
            case _:
                pass

    def note(self, text: str, level: Level, now_ns: int) -> None:
        """Show `text` as the newest notice."""
        self._vitals.note(text, level, now_ns)

    def _take_step(self, step: Step, now_ns: int) -> None:
        self._step = step
        self._step_came_ns = now_ns
        self._episodes.stepped(step, self._config.instruction)
        self._learner.stepped(step)
        self._vitals.stepped(step)
        self._stamps.append(step.stamp_ns)
        self._wrenches.append(step.observation.state.wrench)
        if len(self._stamps) > LIMIT_OF_SAMPLES:
            del self._stamps[0], self._wrenches[0]

    def view(self, now_ns: int) -> View:
        """Return what there is to show now, with the wrenches since the last call."""
        step = self._step
        age_s = (now_ns - self._step_came_ns) / 1e9 if step else float("inf")
        episode = self._episodes.view(step)
        samples = WrenchSamples()
        if self._stamps:
            samples = WrenchSamples(np.array(self._stamps, np.int64), np.stack(self._wrenches))
            self._stamps, self._wrenches = [], []
        return View(
            made_ns=now_ns,
            step_age_s=age_s,
            arms=(
                arm_view(step, Arm.LEFT, age_s, self._config),
                arm_view(step, Arm.RIGHT, age_s, self._config),
            ),
            episode=episode,
            learner=self._learner.view(),
            vitals=self._vitals.view(step, age_s, episode.running, now_ns),
            samples=samples,
        )
