"""What is told of an episode once it is recorded, and of its corrections once a version learned."""

from collections.abc import Iterator
from pathlib import Path

from learner.coaching import Coach
from learner.memory import Memory
from learner.methods.inversion import expressible, of_arm
from learner.model import PolicyNet
from learner.reports import CorrectedArm, corrected_arms, correction_report, episode_report
from learner.rows import Rows
from recorder.episode_paths import name_of
from recorder.reader import EpisodeReader
from teleop.learner_messages import CoachNote, CorrectionReport, EpisodeReport
from teleop.messages import EpisodeSaved

KEPT = 12  # corrected episodes that are told of again with every version


class Debrief:
    """Remembers the newest corrected episodes.

    Args:
        memory: with the rows of what was corrected.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._coach = Coach()
        self._corrected: dict[str, tuple[CorrectedArm, ...]] = {}

    def episode(self, message: EpisodeSaved, net: PolicyNet) -> Iterator[EpisodeReport | CoachNote]:
        """Yield what an episode came to, and what its corrections could have been.

        Args:
            message: of an episode, whole or up to a hand-back.
            net: any version of the lineage.

        Raises:
            EpisodeError: the episode cannot be read.
        """
        name = name_of(message.path)
        with EpisodeReader(Path(message.path)) as episode:
            if message.final:
                yield episode_report(name, episode)
            if message.interventions == 0:
                return
            self._corrected.pop(name, None)
            self._corrected[name] = corrected_arms(name, episode)
            while len(self._corrected) > KEPT:
                del self._corrected[next(iter(self._corrected))]
            memory = self._memory.under(net)
            rows = memory.rows(memory.corrections((name,)))
            yield from self._coach.look(name, episode, rows, net)
        if net.config.adapter == "steer" and len(rows):
            yield from self._beyond_the_base(name, rows, net)

    def _beyond_the_base(self, name: str, rows: Rows, net: PolicyNet) -> Iterator[CoachNote]:
        """Yield a note for each arm that no noise makes the base move so; other methods can."""
        for corrected in self._corrected[name]:
            if not expressible(net.head, of_arm(rows, corrected.arm)).yes:
                yield from self._coach.cannot_express(name, corrected.arm, corrected.start_ns)

    def version(
        self, version: int, learned: tuple[str, ...], net: PolicyNet
    ) -> Iterator[CorrectionReport]:
        """Yield what a new version does where the operator corrected.

        Args:
            version: its number.
            learned: names of the episodes that it learned from.
            net: it.
        """
        memory = self._memory.under(net)
        for name, arms in self._corrected.items():
            if name not in learned:
                continue
            rows = memory.rows(memory.corrections((name,)))
            for arm in arms if len(rows) else ():
                report = correction_report(arm, version, net, rows)
                if report is not None:
                    yield report
