"""What there is to learn from: a session's episodes as edits show them, and what changed.

The learner's process watches the size of the log of edits itself, once a round. So it needs nobody
to tell it, and learns of edits that were made while it was away.
"""

from dataclasses import dataclass
from pathlib import Path

from recorder.edits.clip import Clip, Piece
from recorder.edits.log import log_size
from recorder.edits.session_views import SessionViews, session_views
from recorder.episode_paths import name_of
from teleop.messages import EpisodeSaved, Outcome
from teleop.session_folder import SessionFolder


@dataclass(frozen=True)
class Changes:
    """What is to be done with what was learned from.

    Attributes:
        gone: names of clips that nothing is to be learned from any more.
        fresh: clips that are new, or not as they were.
        trouble: a sentence for each episode or edit that cannot be followed.
    """

    gone: tuple[str, ...] = ()
    fresh: tuple[Clip, ...] = ()
    trouble: tuple[str, ...] = ()


class Material:
    """The clips of a session that were handed out, by name."""

    def __init__(self, folder: SessionFolder) -> None:
        self._folder = folder
        self._known: dict[str, Clip] = {}
        self._log_size = 0
        self._edited: frozenset[str] = frozenset()  # recorded episodes that some edit is about

    def read(self) -> Changes:
        """Look at everything.

        Raises:
            EpisodeError: the log of edits may not be read.
        """
        self._log_size = log_size(self._folder)
        views = session_views(self._folder)
        self._edited = _edited(views)
        wanted = {clip.name: clip for clip in views.clips if not clip.discarded}
        gone = tuple(name for name in self._known if name not in wanted)
        fresh = tuple(clip for clip in wanted.values() if self._known.get(clip.name) != clip)
        self._known = wanted
        return Changes(gone, fresh, views.trouble)

    def edited(self) -> Changes:
        """What edits changed since the last look; it costs microseconds if there were none.

        Raises:
            EpisodeError: the log of edits may not be read.
        """
        return self.read() if log_size(self._folder) != self._log_size else Changes()

    def saved(self, message: EpisodeSaved) -> Changes:
        """An episode was finished, or was handed back in.

        Raises:
            EpisodeError: the log of edits may not be read.
        """
        name = name_of(message.path)
        if name in self._edited:
            return self.read()
        if message.outcome is Outcome.DISCARDED:
            self._known.pop(name, None)
            return Changes(gone=(name,))
        piece = Piece(name, Path(message.path), 0, message.steps)
        self._known[name] = Clip(name, (piece,), message.outcome)
        return Changes(fresh=(self._known[name],))


def _edited(views: SessionViews) -> frozenset[str]:
    return frozenset(name for entry in views.log.entries for name in entry.uids)
