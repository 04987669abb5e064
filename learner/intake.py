"""Brings a session's clips into the learner's memory, a few at a time, and says what it leaves out.

What the arena holds from an earlier run is taken as it is; an episode is read once in its life.
Reading takes 20 ms an episode, so a session of thousands that no arena knows is read in many
rounds, between which the learner goes on working: what was just recorded goes first.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from learner.admission import instructions_of
from learner.material import Changes
from learner.observe import word_ids
from learner.reading import read_clip, source_of
from learner.replay import Demonstrations, Replay
from learner.samples import Stratum
from recorder.edits.clip import Clip
from teleop.errors import EpisodeError


@dataclass(frozen=True)
class Taken:
    """A clip that is in the memory now.

    Attributes:
        name: the clip's.
        corrections: rows of them.
        revision: of what may be learned from it, empty: nothing.
        fresh: it was not there before in this revision, so no version has learned it.
    """

    name: str
    corrections: int
    revision: str
    fresh: bool


class Intake:
    """Follows a `Material`.

    Args:
        replay: what to bring the clips into.
        demonstrations: whose instructions a correction may follow.
        cameras: that the policy sees by.
        say: told one sentence about each episode that is left out.
    """

    def __init__(
        self,
        replay: Replay,
        demonstrations: Demonstrations,
        cameras: tuple[str, ...],
        say: Callable[[str], None],
    ) -> None:
        self._replay = replay
        self._shown = instructions_of(demonstrations.train)
        self._cameras = cameras
        self._say = say
        self._waiting: dict[str, Clip] = {}
        self._refused: dict[str, Clip] = {}
        self._said: dict[str, str] = {}  # of each episode that is left out

    @property
    def waiting(self) -> int:
        """How many clips are still to be taken."""
        return len(self._waiting)

    def follow(self, changes: Changes, *, first: bool = False) -> None:
        """Forget what is gone and queue what is fresh, before all else if `first`."""
        for sentence in changes.trouble:
            self._say(f"left out: {sentence}")
        for name in changes.gone:
            self._waiting.pop(name, None)
            self._refused.pop(name, None)
            self._replay.forget(name)
        fresh = {clip.name: clip for clip in changes.fresh}
        others = {name: clip for name, clip in self._waiting.items() if name not in fresh}
        self._waiting = fresh | others if first else others | fresh

    def work(self, keep_going: Callable[[], bool] = lambda: True) -> list[Taken]:
        """Take what is queued until told to stop; at least one clip if there is any."""
        taken: list[Taken] = []
        while self._waiting:
            name = next(iter(self._waiting))
            taken += self._take(self._waiting.pop(name))
            if not keep_going():
                break
        return taken

    def _take(self, clip: Clip) -> list[Taken]:
        before = self._replay.entry(clip.name)
        revision = before.revision if before is not None else ""
        if not self._replay.known(clip.name, source_of(clip, self._cameras)):
            taught = self._taught()
            try:
                samples, about = read_clip(clip, self._cameras, taught)
            except EpisodeError as error:
                self._refuse(clip, str(error))
                return []
            self._replay.ingest(clip.name, samples, about)
            if not _words(about.shows) <= taught:
                # A task that nobody had shown: corrections of it may have been refused.
                self._waiting = self._refused | self._waiting
                self._refused = {}
        self._said.pop(clip.name, None)
        entry = self._replay.entry(clip.name)
        if entry is None:
            return [Taken(clip.name, 0, "", fresh=revision != "")]
        rows = entry.rows_of(Stratum.CORRECTION)
        return [Taken(clip.name, rows, entry.revision, fresh=entry.revision != revision)]

    def _refuse(self, clip: Clip, why: str) -> None:
        self._replay.forget(clip.name)
        self._refused[clip.name] = clip
        if self._said.get(clip.name) != why:
            self._said[clip.name] = why
            self._say(f"left out: {why}")

    def _taught(self) -> frozenset[bytes]:
        shows = (entry.about.shows for entry in self._replay.episodes().values())
        return self._shown | _words(name for each in shows for name in each)


def _words(instructions: Iterable[str]) -> frozenset[bytes]:
    return frozenset(word_ids(name).tobytes() for name in set(instructions))
