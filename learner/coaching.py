"""A session's coach: looks at every corrected episode once and says each thing once."""

from learner.coach import (
    CoachConfig,
    GripperCount,
    gripper_count,
    inexpressible,
    notes_on,
    unbalanced,
)
from learner.coach_opposed import Pull, contradiction, pulls
from learner.model import PolicyNet
from learner.rows import Rows
from recorder.episode_data import EpisodeData
from teleop.learner_messages import Coaching, CoachNote
from teleop.messages import Arm


class Coach:
    """Remembers what earlier corrections were, for what only shows across several.

    Args:
        config: from where on a correction is worth a note.
    """

    def __init__(self, config: CoachConfig | None = None) -> None:
        self._config = config or CoachConfig()
        self._pulls: dict[str, tuple[Pull, ...]] = {}
        self._grippers: dict[str, GripperCount] = {}
        self._said: set[tuple[str, Coaching]] = set()

    def look(
        self, name: str, episode: EpisodeData, rows: Rows, net: PolicyNet
    ) -> tuple[CoachNote, ...]:
        """Return what there is to say of an episode that was not said of it before.

        Args:
            name: of the episode, as the operator sees it.
            episode: its rows as recorded, so far or whole.
            rows: its correction rows, whose features are those of `net`.
            net: any version of the lineage.

        Raises:
            EpisodeIncomplete: what it needs of the episode is damaged.
        """
        notes = list(notes_on(name, episode, self._config))
        stamp_ns = int(episode.column("stamp_ns")[-1]) if len(episode) else 0
        found = pulls(name, rows, net) if len(rows) else ()
        earlier = [
            pull for other, theirs in self._pulls.items() if other != name for pull in theirs
        ]
        against = contradiction(name, found, earlier, stamp_ns)
        if against is not None:
            notes.append(against)
        self._pulls[name] = found
        self._grippers[name] = gripper_count(episode)
        balance = unbalanced(sum(self._grippers.values(), GripperCount()), stamp_ns, self._config)
        if balance is not None:
            notes.append(balance)
        return self._fresh(notes)

    def cannot_express(self, name: str, arm: Arm, stamp_ns: int) -> tuple[CoachNote, ...]:
        """Return the note on a correction that the method's manifold check refused."""
        return self._fresh([inexpressible(name, arm, stamp_ns)])

    def forget(self, name: str) -> None:
        """An episode was discarded: nothing is compared with it any more."""
        self._pulls.pop(name, None)
        self._grippers.pop(name, None)

    def _fresh(self, notes: list[CoachNote]) -> tuple[CoachNote, ...]:
        fresh = tuple(note for note in notes if (note.episode, note.kind) not in self._said)
        self._said |= {(note.episode, note.kind) for note in fresh}
        return fresh
