"""Recorded sessions for the window: asked for at once, told by signals when they have been read.

It is the only road by which the window's process comes to what lies in episodes.
"""

import threading
from collections.abc import Iterable
from concurrent.futures import Future

from PySide6.QtCore import QObject, QThread, Signal

from gui.review.held_session import GoOn, HeldSession, held
from gui.review.reading_child import ReaderDied, ReadingChild
from gui.review.reading_messages import (
    Answer,
    Clips,
    Failed,
    ListClips,
    ListSessions,
    MakeThumbnail,
    PictureRead,
    ReadPicture,
    ReadSession,
    ReadTrack,
    Request,
    SessionRead,
    Sessions,
    ThumbnailMade,
    TrackRead,
)
from gui.review.wanted import Wanted
from gui.texts import review as texts
from recorder.edits.log import read_log
from recorder.episode_paths import episode_paths
from teleop.errors import EpisodeError
from teleop.session_folder import SessionFolder

WAIT_S = 0.1  # between two looks at whether a session that is waited for is still wanted


class Library(QThread):
    """Has episodes read by a process of its own, one request at a time, the most urgent first.

    Signals:
        sessions_came: a `Sessions`.
        clips_came: a `Clips`; several until one is whole.
        clips_failed: session, and why its clips cannot be listed.
        track_came: a `ClipTrack`.
        track_failed: session, clip, and why it cannot be shown.
        picture_came: a `Picture`.
        picture_failed: the `ReadPicture`, and why there is none.
        thumbnail_came: a `ThumbnailMade`.
        thumbnail_failed: session, clip, and why there is none.
        clip_damaged: session, clip, and how the reading process died of it.
    """

    sessions_came = Signal(object)
    clips_came = Signal(object)
    clips_failed = Signal(str, str)
    track_came = Signal(object)
    track_failed = Signal(str, str, str)
    picture_came = Signal(object)
    picture_failed = Signal(object, str)
    thumbnail_came = Signal(object)
    thumbnail_failed = Signal(str, str, str)
    clip_damaged = Signal(str, str, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("review")
        self._wanted = Wanted()
        self._news = threading.Condition()
        self._over = False
        self._child = ReadingChild()
        self._waiting: dict[str, list[Future[SessionRead]]] = {}  # by the session
        self._served: list[Future[SessionRead]] = []  # by the reading that is under way

    def want_sessions(self, folder: str) -> None:
        """Have the sessions in or beside a folder listed."""
        with self._news:
            self._wanted.sessions(folder)
            self._news.notify()

    def want_clips(self, session: str) -> None:
        """Have the clips of a session listed, as its files are now."""
        with self._news:
            self._wanted.clips(session)
            self._news.notify()

    def want_track(self, session: str, clip: str) -> None:
        """Have a clip read, as its files are now."""
        with self._news:
            self._wanted.track(session, clip)
            self._news.notify()

    def want_picture(self, request: ReadPicture) -> None:
        """Have an image read; one of the same camera that still waits is given up."""
        with self._news:
            self._wanted.picture(request)
            self._news.notify()

    def want_thumbnails(self, session: str, clips: Iterable[str]) -> None:
        """Have small pictures made, in this order; others that still wait are given up."""
        with self._news:
            self._wanted.thumbnails(session, clips)
            self._news.notify()

    def read_held(self, folder: SessionFolder, go_on: GoOn) -> HeldSession | None:
        """Wait until a session was read, as its files are from now on; for other threads.

        What the reading process dies of is left out.

        Args:
            folder: the session; one in which nothing was recorded yet holds nothing.
            go_on: False: it is not wanted any more.

        Returns:
            The session; None if `go_on` said no.

        Raises:
            EpisodeError: it cannot be read, or the window is closing.
        """
        session, future = str(folder.path), Future[SessionRead]()
        try:
            if not episode_paths(folder):  # no process need be started for it
                return held(SessionRead(session, log=read_log(folder)))
        except OSError as error:
            raise EpisodeError(f"{session} cannot be read: {error}.") from error
        with self._news:
            if self._over:
                raise EpisodeError(texts.NOT_READ.format(name=session))
            self._waiting.setdefault(session, []).append(future)
            self._wanted.whole(session)
            self._news.notify()
        while True:
            try:
                read = future.result(WAIT_S)
            except TimeoutError:
                if not go_on():
                    return None
            else:
                return held(read)

    def forgive(self, session: str) -> None:
        """Have everything in a session tried again, even what the reading process died of."""
        with self._news:
            self._wanted.forgive(session)

    def close(self) -> None:
        """End thread and process and wait for them; nobody waits for a session then. Idempotent."""
        with self._news:
            self._over = True
            self._news.notify()
            left = [*self._served, *(each for many in self._waiting.values() for each in many)]
            self._served, self._waiting = [], {}
        for future in left:
            future.set_exception(EpisodeError(texts.NOT_READ.format(name="a session")))
        self._child.close()
        self.wait()
        self._child.close()

    def run(self) -> None:
        """Read until closed."""
        while (request := self._next()) is not None:
            try:
                answer = self._child.ask(request)
            except ReaderDied as error:
                if not self._over:
                    self._died(request, error)
            else:
                self._tell(request, answer)

    def _next(self) -> Request | None:
        with self._news:
            while not self._over:
                request = self._wanted.next()
                if isinstance(request, ReadSession) and request.anew:
                    self._served += self._waiting.pop(request.session, [])
                if request is not None:
                    return request
                self._news.wait()
        return None

    def _tell(self, request: Request, answer: Answer) -> None:
        match answer:
            case Clips():
                if not answer.whole:
                    with self._news:
                        self._wanted.more_clips(answer.session)
                self.clips_came.emit(answer)
            case SessionRead():
                for future in self._end_whole():
                    future.set_result(answer)
            case Sessions():
                self.sessions_came.emit(answer)
            case TrackRead():
                self.track_came.emit(answer.track)
            case PictureRead():
                self.picture_came.emit(answer.picture)
            case ThumbnailMade():
                self.thumbnail_came.emit(answer)
            case Failed():
                self._failed(request, answer.trouble)
            case _:
                pass

    def _end_whole(self) -> list[Future[SessionRead]]:
        """Whoever waits for the session that was read."""
        with self._news:
            self._wanted.whole_ended()
            served, self._served = self._served, []
        return served

    def _failed(self, request: Request, why: str) -> None:
        match request:
            case ListSessions():
                self.sessions_came.emit(Sessions(request.folder, (), why))
            case ListClips():
                self.clips_failed.emit(request.session, why)
            case ReadSession():
                for future in self._end_whole():
                    future.set_exception(EpisodeError(why))
            case ReadTrack():
                self.track_failed.emit(request.session, request.clip, why)
            case ReadPicture():
                self.picture_failed.emit(request, why)
            case MakeThumbnail():
                self.thumbnail_failed.emit(request.session, request.clip, why)

    def _died(self, request: Request, error: ReaderDied) -> None:
        """Try once more; then go on without what it died of."""
        if isinstance(request, ListSessions) or not error.name:
            self._failed(request, texts.DIED_UNNAMED.format(name=_name(request), why=error))
            return
        with self._news:
            once_more = self._wanted.died_of(request.session, error.name)
            if once_more or isinstance(request, ListClips | ReadSession):
                self._wanted.again(request)  # it begins anew: what was read went with the process
        if not once_more:
            why = texts.DIED.format(name=error.name, why=error)
            self.clip_damaged.emit(request.session, error.name, why)
            if not isinstance(request, ListClips | ReadSession):
                self._failed(request, why)


def _name(request: Request) -> str:
    match request:
        case ListSessions():
            return request.folder
        case ListClips() | ReadSession():
            return request.session
        case _:
            return request.clip
