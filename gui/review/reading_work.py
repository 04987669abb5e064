"""The process that reads episodes for the window: HDF5 may crash it, and nothing but it.

`python -m gui.review.reading_work FD`, where FD is its end of a socket. It holds no Qt.
"""

import contextlib
import socket
import sys
import time
from pathlib import Path

from gui.review.held_session import told
from gui.review.reading_clips import BATCH_S, Listing
from gui.review.reading_messages import (
    Answer,
    Asked,
    At,
    Failed,
    ListClips,
    ListSessions,
    MakeThumbnail,
    MoreToRead,
    PictureRead,
    ReadPicture,
    ReadSession,
    ReadTrack,
    Request,
    ThumbnailMade,
    Told,
    TrackRead,
)
from gui.review.reading_pipe import receive, send
from gui.review.reading_sessions import sessions_in
from gui.review.reading_track import track_of
from gui.review.thumbnails import keep_picture, kept_picture, small_picture
from gui.review.values import Picture
from recorder.catalog import entry_of
from recorder.edits.clip import Clip, untouched
from recorder.edits.clip_reader import open_clip
from recorder.edits.log import log_size
from recorder.edits.session_views import SessionViews, session_views, source_of
from recorder.episode_data import EpisodeData
from teleop.errors import EpisodeError, NudgeError
from teleop.session_folder import SessionFolder
from teleop.wire import decoder, encode


class Reading:
    """Answers requests. What is likely to be asked for next stays open."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._listings: dict[str, Listing] = {}
        self._whole: dict[str, Listing] = {}  # for those who ask for a session as a whole
        self._views: dict[str, tuple[int, SessionViews]] = {}  # with the size of the log
        self._open: tuple[str, str, EpisodeData] | None = None

    def run(self) -> None:
        """Answer until the window closes its end."""
        decode = decoder(Asked)
        while (payload := receive(self._sock)) is not None:
            try:
                answer = self._answer(decode(payload).request)
            except NudgeError as error:
                answer = Failed(str(error))
            except OSError as error:
                answer = Failed(f"{error.filename or 'a file'}: {error.strerror or error}.")
            self._tell(answer)

    def _tell(self, answer: Answer) -> None:
        send(self._sock, encode(Told(answer)))

    def _note(self, name: str) -> None:
        self._tell(At(name))

    def _answer(self, request: Request) -> Answer:
        match request:
            case ListSessions():
                return sessions_in(Path(request.folder))
            case ListClips():
                return self._list(request)
            case ReadSession():
                return self._session(request)
            case ReadTrack():
                return self._track(request)
            case ReadPicture():
                return self._picture(request)
            case MakeThumbnail():
                return self._thumbnail(request)

    def _list(self, request: ListClips) -> Answer:
        folder = SessionFolder(Path(request.session))
        if request.anew or request.session not in self._listings:
            avoid = frozenset(request.avoid)
            self._listings[request.session] = Listing(folder, avoid, self._note)
        listing = self._listings[request.session]
        size = log_size(folder)
        clips = listing.more(time.monotonic() + BATCH_S)
        if listing.views is not None:
            self._views[request.session] = (size, listing.views)
            del self._listings[request.session]
        return clips

    def _session(self, request: ReadSession) -> Answer:
        folder = SessionFolder(Path(request.session))
        if request.anew or request.session not in self._whole:
            avoid = frozenset(request.avoid)
            self._whole[request.session] = Listing(folder, avoid, self._note)
        listing = self._whole[request.session]
        listing.more(time.monotonic() + BATCH_S)
        if listing.views is None:
            return MoreToRead(request.session)
        del self._whole[request.session]
        return told(request.session, listing.views, listing.edited)

    def _track(self, request: ReadTrack) -> Answer:
        folder = SessionFolder(Path(request.session))
        self._note(request.clip)
        clip = self._clip(folder, request.clip)
        episode = self._opened(request.session, clip, anew=True)
        return TrackRead(track_of(folder, clip, episode))

    def _picture(self, request: ReadPicture) -> Answer:
        clip = self._clip(SessionFolder(Path(request.session)), request.clip)
        episode = self._opened(request.session, clip)
        table = episode.image_table(request.camera)
        pixels = episode.images(request.camera, [request.index])[0]
        return PictureRead(
            Picture(
                request.session,
                request.clip,
                request.camera,
                request.index,
                int(table.host_ns[request.index]),
                pixels,
            )
        )

    def _thumbnail(self, request: MakeThumbnail) -> Answer:
        folder = SessionFolder(Path(request.session))
        clip = self._clip(folder, request.clip)
        pixels = kept_picture(folder, clip)
        if pixels is None:
            self._note(request.clip)
            with open_clip(clip) as episode:
                pixels = small_picture(episode)
                finished = episode.header.state.finished
            if finished:
                keep_picture(folder, clip, pixels)
        return ThumbnailMade(request.session, request.clip, pixels)

    def _clip(self, folder: SessionFolder, name: str) -> Clip:
        """The clip as it is after the edits of now."""
        session = str(folder.path)
        size = log_size(folder)
        if not size:  # nothing was edited, so that no other episode need be looked at
            return untouched(source_of(entry_of(episode_path(folder, name))))
        known = self._views.get(session)
        clip = _found(known[1], name) if known is not None and known[0] == size else None
        if clip is None:
            views = session_views(folder)
            self._views[session] = (size, views)
            clip = _found(views, name)
        if clip is None:
            raise EpisodeError(f"{session} has no clip {name} any more; read the list again.")
        return clip

    def _opened(self, session: str, clip: Clip, *, anew: bool = False) -> EpisodeData:
        if self._open is not None:
            open_session, open_name, episode = self._open
            if not anew and (open_session, open_name) == (session, clip.name):
                return episode
            self._open = None
            episode.close()
        episode = open_clip(clip)
        self._open = (session, clip.name, episode)
        return episode


def episode_path(folder: SessionFolder, name: str) -> Path:
    """Where an episode lies; in older sessions it is a single file."""
    path = folder.episodes / name
    return path if path.is_dir() else path.with_suffix(".h5")


def _found(views: SessionViews, name: str) -> Clip | None:
    return next((clip for clip in views.clips if clip.name == name), None)


def main() -> int:
    """Answer on the socket that the first argument names."""
    closed = contextlib.suppress(BrokenPipeError, ConnectionResetError)
    with socket.socket(fileno=int(sys.argv[1])) as sock, closed:  # by the window, meanwhile
        Reading(sock).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
