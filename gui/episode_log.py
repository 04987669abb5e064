"""Folds episode messages into what the episode bar and the charts show. No Qt, no I/O."""

from dataclasses import dataclass, replace

from gui.view import EpisodeMark, EpisodeView
from teleop.messages import EpisodeEnded, EpisodeOpened, EpisodeSaved, Outcome, Step

KEPT = 2000  # marks; a long shift


@dataclass(frozen=True)
class PastEpisodes:
    """What the files hold, after all edits; it replaces what they held before.

    Attributes:
        marks: oldest first, discarded ones too, the newest `KEPT`.
        recordings: numbers of the recorded episodes that they were made of.
        newest: the last of them.
    """

    marks: tuple[EpisodeMark, ...]
    recordings: frozenset[int]
    newest: EpisodeSaved | None


class EpisodeLog:
    """The present episode and those that ended: from the files, and newer ones by number."""

    def __init__(self) -> None:
        self._opened: EpisodeOpened | None = None
        self._running = False
        self._elapsed_s = 0.0
        self._saved = ""
        self._saves = 0
        self._saved_episode = -1
        self._last = -1
        self._marks: dict[int, EpisodeMark] = {}
        self._past = PastEpisodes((), frozenset(), None)
        self._finished: tuple[EpisodeMark, ...] = ()

    def past(self, message: PastEpisodes) -> None:
        """Take what the files hold; what came of an episode by its edits counts, not its end."""
        self._past = message
        if message.newest is not None and not self._saved:
            self._saved = message.newest.path
        self._sort()

    def opened(self, message: EpisodeOpened) -> None:
        self._opened = message
        self._running = True
        self._elapsed_s = 0.0

    def stepped(self, step: Step, config_instruction: str) -> None:
        """Follow an episode that began before this window was opened."""
        number = self._opened.episode if self._opened else -1
        if step.episode > number:
            instruction = step.observation.instruction or config_instruction
            began_ns = step.stamp_ns
            self.opened(EpisodeOpened(step.episode, began_ns, instruction, (), ""))
            self._running = False  # until a step of the same episode moves on
        elif (
            step.episode == number and self._opened is not None and step.episode not in self._marks
        ):
            self._running = True
            self._elapsed_s = (step.stamp_ns - self._opened.stamp_ns) / 1e9
            if step.observation.instruction:
                self._opened = replace(self._opened, instruction=step.observation.instruction)

    def ended(self, message: EpisodeEnded) -> None:
        known = self._marks.get(message.episode, EpisodeMark(message.episode, message.outcome))
        self._keep(replace(known, outcome=message.outcome, reason=message.reason))
        self._last = message.episode
        if self._opened is None or message.episode >= self._opened.episode:
            self._running = False

    def saved(self, message: EpisodeSaved) -> None:
        self._saved = message.path.rsplit("/", 1)[-1]
        if not message.final:
            return
        self._saves += 1
        self._saved_episode = message.episode
        self._keep(
            EpisodeMark(
                message.episode,
                message.outcome,
                message.reason,
                message.interventions,
                message.operator_s,
                message.policy_version,
            )
        )
        self._last = max(self._last, message.episode)

    def _keep(self, mark: EpisodeMark) -> None:
        self._marks[mark.episode] = mark
        while len(self._marks) > KEPT:
            del self._marks[next(iter(self._marks))]
        self._sort()

    def _sort(self) -> None:
        live = [m for _, m in sorted(self._marks.items()) if m.episode not in self._past.recordings]
        marks = (*self._past.marks, *live)[-KEPT:]
        self._finished = tuple(mark for mark in marks if mark.outcome is not Outcome.DISCARDED)

    def view(self, step: Step | None) -> EpisodeView:
        return EpisodeView(
            number=self._opened.episode if self._opened else -1,
            running=self._running,
            elapsed_s=self._elapsed_s,
            instruction=self._opened.instruction if self._opened else "",
            scene=self._opened.scene if self._opened else "",
            session_mode=step.session_mode if step else None,
            last=self._marks.get(self._last) or (self._past.marks or (None,))[-1],
            saved=self._saved,
            saves=self._saves,
            saved_episode=self._saved_episode,
            finished=self._finished,
        )
