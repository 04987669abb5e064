"""What there is to learn from: a session's episodes as edits show them, and what changed.

The learner's process watches the size of the log of edits and the folder of the episodes itself,
once a round. So it needs nobody to tell it: it learns of edits that were made while it was away,
and of episodes that an import or a repair put there while it runs.
"""

from dataclasses import dataclass
from pathlib import Path

from recorder.catalog import entry_of
from recorder.edits.clip import Clip, Piece, untouched
from recorder.edits.log import log_size
from recorder.edits.session_views import SessionViews, session_views, source_of
from recorder.episode_paths import episode_paths, name_of
from teleop.errors import EpisodeError
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
        self._stamp = (-1, -1)  # of the folder of the episodes
        self._listed: frozenset[Path] = frozenset()
        self._unfinished: dict[Path, int] = {}  # when its folder changed

    def read(self) -> Changes:
        """Look at everything.

        Raises:
            EpisodeError: the log of edits may not be read.
        """
        self._log_size = log_size(self._folder)
        self._list()
        views = session_views(self._folder)
        self._edited = _edited(views)
        self._unfinished = {
            each.path: _stamp(each.path)[0] for each in views.recorded.values() if not each.finished
        }
        wanted = {clip.name: clip for clip in views.clips if not clip.discarded}
        gone = tuple(name for name in self._known if name not in wanted)
        fresh = tuple(clip for clip in wanted.values() if self._known.get(clip.name) != clip)
        self._known = wanted
        return Changes(gone, fresh, views.trouble)

    def edited(self) -> Changes:
        """What edits, imports and repairs changed since the last look; microseconds if nothing.

        Raises:
            EpisodeError: the log of edits may not be read.
        """
        if log_size(self._folder) != self._log_size:
            return self.read()
        return self._arrived()

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

    def _arrived(self) -> Changes:
        """What was put into the folder of the episodes, finished or taken away."""
        before = self._listed
        added = self._list()
        vanished = {name_of(path) for path in before - self._listed}
        if (vanished | {name_of(path) for path in added}) & self._edited:
            return self.read()
        gone = tuple(sorted(vanished & self._known.keys()))
        for name in gone:
            del self._known[name]
        grown = [path for path, stamp in self._unfinished.items() if _stamp(path)[0] != stamp]
        fresh: list[Clip] = []
        trouble: list[str] = []
        for path in sorted({*added, *grown}):
            self._unfinished.pop(path, None)
            try:
                fresh += self._finished(path)
            except EpisodeError as error:
                trouble.append(str(error))
        return Changes(gone, tuple(fresh), tuple(trouble))

    def _list(self) -> frozenset[Path]:
        """Look at the folder of the episodes if it has changed; what came since the last look."""
        stamp = _stamp(self._folder.episodes)
        if stamp == self._stamp:
            return frozenset()
        before = self._listed
        self._stamp, self._listed = stamp, frozenset(episode_paths(self._folder))
        return self._listed - before

    def _finished(self, path: Path) -> list[Clip]:
        """The clip of an episode that no edit is about, if it is finished and not handed out."""
        stamp, entry = _stamp(path)[0], entry_of(path)
        if not entry.finished:
            self._unfinished[path] = stamp  # the recorder announces it, or a repair finishes it
            return []
        clip = untouched(source_of(entry))
        if clip.discarded or self._known.get(clip.name) == clip:
            return []
        self._known[clip.name] = clip
        return [clip]


def _stamp(folder: Path) -> tuple[int, int]:
    """Changes when something is put into a folder, also within one tick of the file's clock."""
    try:
        found = folder.stat()
    except OSError:
        return (-1, -1)
    return (found.st_mtime_ns, found.st_nlink)


def _edited(views: SessionViews) -> frozenset[str]:
    return frozenset(name for entry in views.log.entries for name in entry.uids)
