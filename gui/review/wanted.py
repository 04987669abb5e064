"""What the window still wants to be read, and what of it comes next. Pure: no threads, no files."""

from collections.abc import Iterable

from gui.review.reading_messages import (
    ListClips,
    ListSessions,
    MakeThumbnail,
    ReadPicture,
    ReadTrack,
    Request,
)


class Wanted:
    """Requests that wait, each kind with its own rule for what overtakes what.

    The newest track and the newest list of sessions replace older ones. Of each camera the newest
    picture does, in the place of the one before, so that no camera starves. A new set of thumbnails
    replaces the old one. Where a listing and pictures wait, they take turns.
    """

    def __init__(self) -> None:
        self._track: ReadTrack | None = None
        self._sessions: ListSessions | None = None
        self._pictures: dict[str, ReadPicture] = {}
        self._listings: dict[str, bool] = {}  # by session: whether to begin anew
        self._thumbnails: list[MakeThumbnail] = []
        self._deadly: set[tuple[str, str]] = set()
        self._listed_last = False

    def track(self, session: str, clip: str) -> None:
        """Want a clip; pictures that wait are of another one."""
        self._pictures.clear()
        self._track = ReadTrack(session, clip)

    def picture(self, request: ReadPicture) -> None:
        """Want an image."""
        self._pictures[request.camera] = request

    def sessions(self, folder: str) -> None:
        """Want the sessions of a folder."""
        self._sessions = ListSessions(folder)

    def clips(self, session: str) -> None:
        """Want the clips of a session, from the first one on; of no other one any more."""
        self._listings = {session: True}

    def more_clips(self, session: str) -> None:
        """Want the listing to go on, unless it is to begin anew or is not wanted any more."""
        self._listings.setdefault(session, False)

    def thumbnails(self, session: str, clips: Iterable[str]) -> None:
        """Want the pictures of these clips, in this order, and no others."""
        self._thumbnails = [
            MakeThumbnail(session, clip) for clip in clips if (session, clip) not in self._deadly
        ]

    def died_of(self, session: str, name: str) -> None:
        """A reading process died of that episode or clip: do not list or picture it any more."""
        self._deadly.add((session, name))
        self._thumbnails = [each for each in self._thumbnails if each.clip != name]

    def next(self) -> Request | None:
        """Take what is to be read now; None: nothing waits."""
        if self._track is not None:
            track, self._track = self._track, None
            return track
        if self._listings and not (self._listed_last and (self._pictures or self._thumbnails)):
            self._listed_last = True
            session, anew = self._listings.popitem()
            avoid = sorted(name for of, name in self._deadly if of == session)
            return ListClips(session, anew, tuple(avoid))
        self._listed_last = False
        if self._pictures:
            return self._pictures.pop(next(iter(self._pictures)))
        if self._sessions is not None:
            sessions, self._sessions = self._sessions, None
            return sessions
        return self._thumbnails.pop(0) if self._thumbnails else None
