"""What the window asks of the process that reads episodes, and what that answers.

One request is answered at a time, by the notes and the one answer that follow it; a listing is
asked for again until it is whole, so that nothing else waits for it for long.
"""

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from gui.review.values import ClipRow, ClipTrack, Picture
from recorder.edits.log import EditLog
from recorder.schema import Header


class ListSessions(msgspec.Struct, frozen=True, tag=True):
    """The session in `folder` or those that lie in it, and the siblings of a session."""

    folder: str


class ListClips(msgspec.Struct, frozen=True, tag=True):
    """The next clips of a session.

    Attributes:
        anew: begin at the first one.
        avoid: names of episodes that a reading process died of.
    """

    session: str
    anew: bool
    avoid: tuple[str, ...] = ()


class ReadSession(msgspec.Struct, frozen=True, tag=True):
    """A session as a whole: headers and edits. It is asked for again until it is read.

    Attributes:
        anew: begin at the first episode.
        avoid: names of episodes that a reading process died of.
    """

    session: str
    anew: bool
    avoid: tuple[str, ...] = ()


class ReadTrack(msgspec.Struct, frozen=True, tag=True):
    """Everything of a clip but its images, as its files are now."""

    session: str
    clip: str


class ReadPicture(msgspec.Struct, frozen=True, tag=True):
    """One image of a clip whose track was read."""

    session: str
    clip: str
    camera: str
    index: int


class MakeThumbnail(msgspec.Struct, frozen=True, tag=True):
    """A small picture of a clip."""

    session: str
    clip: str


Request = ListSessions | ListClips | ReadSession | ReadTrack | ReadPicture | MakeThumbnail


class Asked(msgspec.Struct, frozen=True):
    """A request on its way."""

    request: Request


@dataclass(frozen=True)
class SessionRow:
    """A session that can be looked at.

    Attributes:
        episodes: how many were recorded in it.
        changed_epoch_ns: when the last one was begun.
    """

    path: str
    name: str
    episodes: int
    changed_epoch_ns: int


class At(msgspec.Struct, frozen=True, tag=True):
    """A note: a file is opened now, that of an episode or clip."""

    name: str


class Sessions(msgspec.Struct, frozen=True, tag=True):
    """The sessions in a folder, newest first.

    Attributes:
        trouble: why there are none, empty: there are some.
    """

    folder: str
    rows: tuple[SessionRow, ...]
    trouble: str = ""


class Clips(msgspec.Struct, frozen=True, tag=True):
    """Clips of a session.

    Attributes:
        rows: those that were found since the last answer; if `whole`, all, after all edits.
        first: how many came before, since the listing began.
        total: how many episodes there are.
        trouble: sentences about what could not be read, once it is whole.
    """

    session: str
    rows: tuple[ClipRow, ...]
    first: int
    total: int
    whole: bool
    trouble: tuple[str, ...] = ()


class MoreToRead(msgspec.Struct, frozen=True, tag=True):
    """There is more of a session than could be read at once."""

    session: str


class Head(msgspec.Struct, frozen=True):
    """What is known of an episode or clip without its rows.

    Attributes:
        path: of its first recording.
        size: bytes on the disk.
    """

    name: str
    path: str
    header: Header
    size: int


class SessionRead(msgspec.Struct, frozen=True, tag=True):
    """A session, as far as it can be read.

    Attributes:
        recorded: its episodes, in the order of their names.
        edited: the clips that edits made of them.
        log: the edits.
        trouble: a sentence for everything that cannot be read or has no effect.
    """

    session: str
    recorded: tuple[Head, ...] = ()
    edited: tuple[Head, ...] = ()
    log: EditLog = EditLog()
    trouble: tuple[str, ...] = ()


class TrackRead(msgspec.Struct, frozen=True, tag=True):
    """A clip."""

    track: ClipTrack


class PictureRead(msgspec.Struct, frozen=True, tag=True):
    """An image."""

    picture: Picture


class ThumbnailMade(msgspec.Struct, frozen=True, tag=True):
    """A small picture.

    Attributes:
        pixels: (H, W, 3) RGB.
    """

    session: str
    clip: str
    pixels: NDArray[np.uint8]


class Failed(msgspec.Struct, frozen=True, tag=True):
    """Why a request has no answer."""

    trouble: str


Answer = (
    At
    | Sessions
    | Clips
    | MoreToRead
    | SessionRead
    | TrackRead
    | PictureRead
    | ThumbnailMade
    | Failed
)


class Told(msgspec.Struct, frozen=True):
    """A note or an answer on its way."""

    answer: Answer
