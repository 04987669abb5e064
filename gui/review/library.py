"""Recorded sessions for the window: asked for at once, told by signals when they have been read."""

import threading
from collections.abc import Iterable

from PySide6.QtCore import QObject, QThread, Signal

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
    ReadTrack,
    Request,
    Sessions,
    ThumbnailMade,
    TrackRead,
)
from gui.review.wanted import Wanted
from gui.texts import review as texts


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

    def close(self) -> None:
        """End thread and process and wait for them. Idempotent."""
        with self._news:
            self._over = True
            self._news.notify()
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

    def _failed(self, request: Request, why: str) -> None:
        match request:
            case ListSessions():
                self.sessions_came.emit(Sessions(request.folder, (), why))
            case ListClips():
                self.clips_failed.emit(request.session, why)
            case ReadTrack():
                self.track_failed.emit(request.session, request.clip, why)
            case ReadPicture():
                self.picture_failed.emit(request, why)
            case MakeThumbnail():
                self.thumbnail_failed.emit(request.session, request.clip, why)

    def _died(self, request: Request, error: ReaderDied) -> None:
        """Go on without what it died of; a listing begins anew, for it went with the process."""
        why = texts.DIED.format(name=error.name or "the session", why=error)
        session = "" if isinstance(request, ListSessions) else request.session
        if session and error.name:
            with self._news:
                self._wanted.died_of(session, error.name)
                if isinstance(request, ListClips):
                    self._wanted.clips(session)
            self.clip_damaged.emit(session, error.name, why)
        if not (isinstance(request, ListClips) and error.name):
            self._failed(request, why)
