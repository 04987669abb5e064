"""A session as the window holds it: read by the process that may die of it. Nothing is opened here.

Whatever in the window needs headers or clips asks by a `ReadHeld`, which `gui.review.library` is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gui.review.reading_messages import Head, SessionRead
from recorder.catalog import CatalogEntry
from recorder.edits.listed import ListedClip
from recorder.edits.session_views import SessionViews, source_of
from recorder.edits.views import replay
from teleop.session_folder import SessionFolder

GoOn = Callable[[], bool]


@dataclass(frozen=True)
class HeldSession:
    """A session when it was read.

    Attributes:
        views: what can be read of it, after all edits.
        clips: those whose headers can be read, in the order of their recording, discarded ones too.
    """

    views: SessionViews
    clips: tuple[ListedClip, ...]

    def finished(self, each: ListedClip) -> bool:
        """Whether no row can be added to a clip any more."""
        return all(self.views.recorded[piece.episode].finished for piece in each.clip.pieces)


# Waits until a session was read; None: it was told not to go on. Raises EpisodeError where its
# edits may not be read.
ReadHeld = Callable[[SessionFolder, GoOn], HeldSession | None]


def told(session: str, views: SessionViews, edited: Sequence[ListedClip]) -> SessionRead:
    """A session as it crosses to the window."""
    return SessionRead(
        session=session,
        recorded=tuple(
            Head(name, str(entry.path), entry.header, entry.size)
            for name, entry in views.recorded.items()
        ),
        edited=tuple(
            Head(each.clip.name, str(each.clip.pieces[0].path), each.header, each.size)
            for each in edited
        ),
        log=views.log,
        trouble=views.trouble,
    )


def held(read: SessionRead) -> HeldSession:
    """What was read; the edits are played again, which needs no file."""
    recorded = {
        each.name: CatalogEntry(Path(each.path), each.header, each.size) for each in read.recorded
    }
    clips = replay(read.log.entries, [source_of(entry) for entry in recorded.values()]).clips
    heads = {each.name: (each.header, each.size) for each in read.edited}
    listed: list[ListedClip] = []
    for clip in clips:
        if not clip.edits:
            entry = recorded[clip.name]
            listed.append(ListedClip(clip, entry.header, entry.size))
        elif clip.name in heads:
            listed.append(ListedClip(clip, *heads[clip.name]))
    return HeldSession(SessionViews(clips, recorded, read.log, read.trouble), tuple(listed))
