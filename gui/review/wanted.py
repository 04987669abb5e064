"""What the window still wants to be read, and what of it comes next. Pure: no threads, no files."""

from collections import Counter
from collections.abc import Iterable

from gui.review.reading_messages import (
    ListClips,
    ListSessions,
    MakeThumbnail,
    ReadPicture,
    ReadSession,
    ReadTrack,
    Request,
)

TRIES = 2  # of an episode that a reading process dies of: it need not be the file's fault


class Wanted:
    """Requests that wait, each kind with its own rule for what overtakes what.

    The newest track and the newest list of sessions replace older ones. Of each camera the newest
    picture does, in the place of the one before, so that no camera starves. A new set of thumbnails
    replaces the old one. Where listings or readings of whole sessions and pictures wait, they take
    turns.
    """

    def __init__(self) -> None:
        self._track: ReadTrack | None = None
        self._sessions: ListSessions | None = None
        self._pictures: dict[str, ReadPicture] = {}
        self._listings: dict[str, bool] = {}  # by session: whether to begin anew
        self._whole: list[str] = []  # sessions to be read
        self._begun = ""  # the session that is being read
        self._thumbnails: list[MakeThumbnail] = []
        self._deaths: Counter[tuple[str, str]] = Counter()
        self._long_last = False  # whether the last one was a step of something long
        self._whole_last = False

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
        if not self._listings:
            self._listings = {session: False}

    def whole(self, session: str) -> None:
        """Want a session read as a whole, as it is from now on."""
        if session not in self._whole:
            self._whole.append(session)

    def whole_ended(self) -> None:
        """The session that was being read has been, or cannot be."""
        self._begun = ""

    def thumbnails(self, session: str, clips: Iterable[str]) -> None:
        """Want the pictures of these clips, in this order, and no others."""
        self._thumbnails = [
            MakeThumbnail(session, clip) for clip in clips if not self._deadly(session, clip)
        ]

    def died_of(self, session: str, name: str) -> bool:
        """A reading process died of that episode or clip; whether it may be tried again.

        If not, it is not listed or pictured any more.
        """
        self._deaths[session, name] += 1
        if not self._deadly(session, name):
            return True
        self._thumbnails = [each for each in self._thumbnails if each.clip != name]
        return False

    def forgive(self, session: str) -> None:
        """Have everything in a session tried again."""
        for each in [each for each in self._deaths if each[0] == session]:
            del self._deaths[each]

    def again(self, request: Request) -> None:
        """Want something once more whose process died, unless something newer came meanwhile."""
        match request:
            case ListSessions():
                self._sessions = self._sessions or request
            case ListClips():
                self._listings = self._listings or {request.session: True}
            case ReadSession():
                self._begun = ""
                self._whole = [request.session, *(x for x in self._whole if x != request.session)]
            case ReadTrack():
                self._track = self._track or request
            case ReadPicture():
                if self._track is None:
                    self._pictures.setdefault(request.camera, request)
            case MakeThumbnail():
                self._thumbnails.insert(0, request)

    def next(self) -> Request | None:
        """Take what is to be read now; None: nothing waits."""
        if self._track is not None:
            track, self._track = self._track, None
            return track
        if not (self._long_last and (self._pictures or self._thumbnails)):
            found = self._step()
            if found is not None:
                self._long_last = True
                return found
        self._long_last = False
        if self._pictures:
            return self._pictures.pop(next(iter(self._pictures)))
        if self._sessions is not None:
            sessions, self._sessions = self._sessions, None
            return sessions
        return self._thumbnails.pop(0) if self._thumbnails else None

    def _step(self) -> ListClips | ReadSession | None:
        """The next step of a listing or of a session that is read as a whole, in turns."""
        whole = bool(self._begun or self._whole)
        if whole and (not self._listings or not self._whole_last):
            self._whole_last = True
            anew = not self._begun
            self._begun = self._begun or self._whole.pop(0)
            return ReadSession(self._begun, anew, self._avoided(self._begun))
        self._whole_last = False
        if self._listings:
            session, anew = self._listings.popitem()
            return ListClips(session, anew, self._avoided(session))
        return None

    def _deadly(self, session: str, name: str) -> bool:
        return self._deaths[session, name] >= TRIES

    def _avoided(self, session: str) -> tuple[str, ...]:
        return tuple(sorted(n for of, n in self._deaths if of == session and self._deadly(of, n)))
