"""Every image of a camera, from its ring to its episode; what the ring overwrote is counted."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from recorder.encoded import EncodedImage
from recorder.image_log import encode_jpeg
from recorder.live.losses import Cause, Loss
from recorder.live.spans import Span
from teleop.errors import FrameLost
from teleop.frame_ring import RingReader
from teleop.messages import FrameRef
from teleop.stream_messages import EventKind

AT_ONCE = 4  # images of one camera before the next one's turn
HOLD_NS = 100_000_000  # until then the message that an episode has ended, or begun, has come


class Takers(Protocol):
    """Where a follower's images and losses go."""

    def has_room(self) -> bool:
        """Whether an image would be taken."""
        ...

    def put(self, key: int, image: EncodedImage) -> bool:
        """Take an image; False: there is no room."""
        ...

    def lost(self, key: int, loss: Loss) -> None: ...

    def passed(self, key: int, camera: str) -> None:
        """The camera can give no more images of an episode that has ended."""
        ...


class CameraFollower:
    """Takes each image of one camera once, in the ring's own memory; used by one thread at a time.

    While no episode is open it stays half a ring behind, so that images that came before the
    message of an opening are not missed.

    Attributes:
        newest_ns: when the newest image was noticed, 0: none yet.
        caught_up_ns: everything that the ring had at this time was taken.
        trouble: why there are none, empty: it is well.
    """

    def __init__(self, folder: Path, camera: str) -> None:
        self.camera = camera
        self.newest_ns = 0
        self.caught_up_ns = 0
        self.trouble = ""
        self._reader = RingReader(folder, camera)
        self._position = 0
        self._newest = 0
        self._stamp_ns = 0  # of the image at the position
        self._named = 0  # key of the last episode whose first image was looked at

    def round(self, spans: Sequence[Span], takers: Takers) -> bool:
        """Take in up to `AT_ONCE` images; True: there may be more."""
        until_ns = time.monotonic_ns() - HOLD_NS
        more = self._round(spans, takers, until_ns)
        if not more:
            self.caught_up_ns = until_ns
        return more

    def _round(self, spans: Sequence[Span], takers: Takers, until_ns: int) -> bool:
        try:
            news = self._reader.since(self._position)
            self.trouble = ""
        except FrameLost as error:
            self.trouble = str(error)
            return False
        if news.refs and news.refs[-1].sequence != self._newest:
            self._newest = news.refs[-1].sequence
            self.newest_ns = time.monotonic_ns()
        mine = [span for span in spans if self.camera in span.opened.cameras]
        if not mine:
            self._stay_behind(news.refs)
            return False
        if news.refs:
            self._count_missed(mine, news.refs[0], takers)
        due = [ref for ref in news.refs if ref.stamp_ns <= until_ns]
        for ref in due[:AT_ONCE]:
            self._take(mine, ref, takers)
        return len(due) > AT_ONCE

    def close(self) -> None:
        """Idempotent."""
        self._reader.close()

    def _stay_behind(self, refs: Sequence[FrameRef]) -> None:
        half = self._reader.slots // 2
        if len(refs) > half:
            self._position = refs[-half - 1].sequence
            self._stamp_ns = refs[-half - 1].stamp_ns

    def _count_missed(self, spans: Sequence[Span], ref: FrameRef, takers: Takers) -> None:
        """Tell of images that were overwritten before `ref`, the oldest that is still there."""
        span = _span_of(spans, ref.stamp_ns) or _span_of(spans, self._stamp_ns)
        if span is None:
            return
        due, cause = self._position + 1, Cause.ENCODER
        if span.key != self._named:
            self._named = span.key
            named = span.first.get(self.camera, 0)
            if named and not self._position:
                due, cause = named, Cause.AWAY
        if self._position <= ref.sequence and 1 < due < ref.sequence:
            takers.lost(span.key, self._loss(cause, due, ref.sequence - 1))
            self._position = ref.sequence - 1

    def _take(self, spans: Sequence[Span], ref: FrameRef, takers: Takers) -> None:
        self._position, self._stamp_ns = ref.sequence, ref.stamp_ns
        for span in spans:
            if span.is_past(ref.stamp_ns):
                takers.passed(span.key, self.camera)
        span = _span_of(spans, ref.stamp_ns)
        if span is None:
            return
        if cause := self._keep(span, ref, takers):
            takers.lost(span.key, self._loss(cause, ref.sequence, ref.sequence))

    def _keep(self, span: Span, ref: FrameRef, takers: Takers) -> Cause | None:
        """Hand an image on; why it could not be, None: it was."""
        if span.broken:
            return Cause.STOPPED
        if not takers.has_room():
            return Cause.DISK
        found = self._reader.look(ref, lambda image: (encode_jpeg(image), image.shape))
        if found is None:
            return Cause.ENCODER
        code, (height, width, channels) = found
        image = EncodedImage(ref, code, (height, width, channels))
        return None if takers.put(span.key, image) else Cause.DISK

    def _loss(self, cause: Cause, first: int, last: int) -> Loss:
        count = last - first + 1
        return Loss(EventKind.IMAGES_LOST, self.camera, cause, first, last, count)


def _span_of(spans: Sequence[Span], stamp_ns: int) -> Span | None:
    return next((span for span in spans if span.holds(stamp_ns)), None)
