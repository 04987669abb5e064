"""Camera images in a memory-mapped ring file, one writer and any number of readers.

Images never ride the bus. A slot's sequence number is written before and after its image (a
seqlock), so a reader that was overtaken knows it. A plain mapped file is used, because on Python
3.11 a reader that exits would destroy a `multiprocessing.shared_memory` segment. The check relies
on stores becoming visible in order, as on x86; elsewhere the depth of the ring is what protects.

    header   64 bytes: magic, format, slots, height, width, channels, newest sequence
    slot     32 bytes: sequence before, sequence after, stamp_ns, 8 spare; then the image
"""

import contextlib
import mmap
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from teleop.errors import FrameLost, SessionError
from teleop.interfaces import Image
from teleop.messages import FrameRef

T = TypeVar("T")

_MAGIC = int.from_bytes(b"NUDGERNG", "little")
_FORMAT = 1
_HEADER = 64  # bytes
_SLOT = 32  # bytes before each image
_NEWEST = 6  # place of the newest sequence in the header's words
_BEFORE, _AFTER, _STAMP = 0, 1, 2


class _Map(NamedTuple):
    """A ring file as arrays over its memory."""

    header: NDArray[np.int64]
    words: list[NDArray[np.int64]]  # of each slot
    images: list[Image]

    @classmethod
    def over(cls, memory: mmap.mmap, slots: int, shape: tuple[int, int, int]) -> Self:
        size = slot_bytes(shape)
        starts = [_HEADER + slot * size for slot in range(slots)]
        pixels = int(np.prod(shape))
        return cls(
            np.frombuffer(memory, np.int64, _HEADER // 8),
            [np.frombuffer(memory, np.int64, _SLOT // 8, start) for start in starts],
            [
                np.frombuffer(memory, np.uint8, pixels, start + _SLOT).reshape(shape)
                for start in starts
            ],
        )


def slot_bytes(shape: tuple[int, int, int]) -> int:
    """Size of one slot, a multiple of 64 so that no two slots share a cache line."""
    return -(-(_SLOT + int(np.prod(shape))) // 64) * 64


def ring_path(folder: Path, camera: str) -> Path:
    """Where the ring of `camera` lies in the frames folder."""
    return folder / f"{camera}.ring"


class FrameRing:
    """The writing end; one process per camera.

    It replaces the ring of an earlier process whole, and counts on from that one's sequence, so
    that a sequence number names one image of the session.

    Args:
        folder: the session's frames folder, made if it is missing.
        camera: name, unique in the session.
        shape: (height, width, 3).
        slots: how many images it keeps; at 30 frames a second 32 are about a second.

    Raises:
        SessionError: the file cannot be made.
    """

    def __init__(
        self, folder: Path, camera: str, shape: tuple[int, int, int], slots: int = 32
    ) -> None:
        self._camera = camera
        self._shape = shape
        path = ring_path(folder, camera)
        fresh = path.with_suffix(".ring.new")
        size = _HEADER + slots * slot_bytes(shape)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb+") as file:
                os.posix_fallocate(file.fileno(), 0, size)  # a full disk shows here, not as SIGBUS
                self._memory = mmap.mmap(file.fileno(), size)
            self._sequence = _last_sequence(path)
            self._map = _Map.over(self._memory, slots, shape)
            self._map.header[:_NEWEST] = (_MAGIC, _FORMAT, slots, *shape)
            self._map.header[_NEWEST] = 0
            fresh.replace(path)
        except OSError as error:
            raise SessionError(
                f"Cannot make the frame ring {path}: {error}. Is the session folder writable, with "
                f"{size / 1e6:.0f} MB free?"
            ) from error

    def write(self, image: Image, stamp_ns: int) -> FrameRef:
        """Put `image` into the next slot.

        Raises:
            ValueError: the image has another shape than the ring.
        """
        if image.shape != self._shape:
            raise ValueError(f"{self._camera}: image is {image.shape}, its ring {self._shape}")
        sequence = self._sequence + 1
        slot = sequence % len(self._map.words)
        words = self._map.words[slot]
        words[_BEFORE] = sequence
        self._map.images[slot][...] = image
        words[_STAMP] = stamp_ns
        words[_AFTER] = sequence
        self._map.header[_NEWEST] = sequence
        self._sequence = sequence
        return FrameRef(self._camera, sequence, stamp_ns)

    def close(self) -> None:
        """Let the memory go; the file stays, with its last images. Idempotent."""
        self._map = _Map(np.zeros(8, np.int64), [], [])
        _unmap(self._memory)


class RingNews(NamedTuple):
    """The images of a ring after one of them.

    Attributes:
        refs: those that are still there, oldest first.
        lost: how many were overwritten before the first of them.
    """

    refs: tuple[FrameRef, ...]
    lost: int


class RingReader:
    """One reader's view of one camera's ring. It follows a camera process that was restarted."""

    def __init__(self, folder: Path, camera: str) -> None:
        self._path = ring_path(folder, camera)
        self._camera = camera
        self._inode = 0
        self._memory: mmap.mmap | None = None
        self._map = _Map(np.zeros(8, np.int64), [], [])

    def newest(self) -> tuple[FrameRef, Image] | None:
        """Return a copy of the newest image and its name; None if there has been none yet."""
        self._follow()
        for _ in range(3):  # overtaken within a copy: only by a writer that is never idle
            sequence = int(self._map.header[_NEWEST])
            if sequence == 0:
                return None
            found = self._copy(sequence)
            if found is not None:
                return found
        return None

    def read(self, ref: FrameRef) -> Image:
        """Return a copy of the image that `ref` names.

        Raises:
            FrameLost: it was overwritten, or never was in this ring.
        """
        self._follow()
        found = self._copy(ref.sequence)
        if found is None or found[0].stamp_ns != ref.stamp_ns:
            raise FrameLost(
                f"Image {ref.sequence} of camera {ref.camera} is no longer in its ring; the reader "
                "is too slow or the camera was restarted."
            )
        return found[1]

    def since(self, sequence: int) -> RingNews:
        """Name every image after `sequence`, of a camera that was restarted too; 0: all there are.

        What an ended camera process left unread is named before its successor's images. Numbers
        that begin anew, because the ring was removed, are all taken as new.
        """
        news = self._since(sequence)
        if not news.refs:
            self._follow()
            news = self._since(sequence)
        return news

    def _since(self, sequence: int) -> RingNews:
        newest = int(self._map.header[_NEWEST])
        if 0 < newest < sequence:
            sequence = 0
        refs: list[FrameRef] = []
        oldest = max(sequence, newest - len(self._map.words))
        for wanted in range(newest, oldest, -1):
            ref = self._names(wanted)
            if ref is None:
                break
            refs.append(ref)
        lost = refs[-1].sequence - sequence - 1 if refs and sequence else 0
        return RingNews(tuple(reversed(refs)), lost)

    def look(self, ref: FrameRef, function: Callable[[Image], T]) -> T | None:
        """Return `function` of the image in its place, None if it was overwritten meanwhile.

        For what can do with a torn image as long as its result is thrown away; it saves a copy.
        """
        if self._names(ref.sequence) != ref:
            return None
        found = function(self._map.images[ref.sequence % len(self._map.words)])
        return found if self._names(ref.sequence) == ref else None

    @property
    def slots(self) -> int:
        """How many images the ring keeps; 0: there is none yet."""
        return len(self._map.words)

    def close(self) -> None:
        """Idempotent."""
        self._map = _Map(np.zeros(8, np.int64), [], [])
        if self._memory is not None:
            _unmap(self._memory)
        self._memory = None
        self._inode = 0

    def _names(self, sequence: int) -> FrameRef | None:
        """The name of the image in the place of `sequence`, None if another one is there."""
        if not self._map.words or sequence <= 0:
            return None
        words = self._map.words[sequence % len(self._map.words)]
        after, stamp_ns = int(words[_AFTER]), int(words[_STAMP])
        whole = after == sequence == int(words[_BEFORE])
        return FrameRef(self._camera, sequence, stamp_ns) if whole else None

    def _copy(self, sequence: int) -> tuple[FrameRef, Image] | None:
        if not self._map.words or sequence <= 0:
            return None
        slot = sequence % len(self._map.words)
        words = self._map.words[slot]
        after = int(words[_AFTER])
        stamp_ns = int(words[_STAMP])
        image = self._map.images[slot].copy()
        if not after == sequence == int(words[_BEFORE]):
            return None
        image.flags.writeable = False
        return FrameRef(self._camera, sequence, stamp_ns), image

    def _follow(self) -> None:
        """Open the file if it has come or was replaced; keep what is open if it has gone."""
        try:
            inode = self._path.stat().st_ino
        except OSError:  # its disk may be gone as well
            return
        if inode == self._inode:
            return
        self.close()
        with contextlib.suppress(FileNotFoundError), self._path.open("rb") as file:
            memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._inode = os.fstat(file.fileno()).st_ino
            slots, shape = _check_header(memory, self._path)
            self._memory = memory
            self._map = _Map.over(memory, slots, shape)


def _check_header(memory: mmap.mmap, path: Path) -> tuple[int, tuple[int, int, int]]:
    header = [int(word) for word in np.frombuffer(memory[:_HEADER].ljust(_HEADER), np.int64)]
    magic, version, slots, height, width, channels = header[:_NEWEST]
    shape = (height, width, channels)
    if (magic, version) != (_MAGIC, _FORMAT) or (
        len(memory) < _HEADER + slots * slot_bytes(shape) or slots < 1
    ):
        raise FrameLost(f"{path} is no frame ring of this version; restart its camera process.")
    return slots, shape


def _last_sequence(path: Path) -> int:
    """The newest sequence of the ring at `path`, 0 if there is none that can be read."""
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER)
    except FileNotFoundError:
        return 0
    words = np.frombuffer(header.ljust(_HEADER, b"\0"), np.int64)
    return int(words[_NEWEST]) if int(words[0]) == _MAGIC else 0


def _unmap(memory: mmap.mmap) -> None:
    """Close the mapping now, or with the last array that still looks into it."""
    with contextlib.suppress(BufferError):
        memory.close()
