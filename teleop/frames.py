"""The newest images of all cameras: from ring files, or from memory in lockstep."""

from collections import deque
from collections.abc import Iterable
from pathlib import Path

from teleop.errors import FrameLost
from teleop.frame_ring import FrameRing, RingReader
from teleop.interfaces import Image
from teleop.messages import FrameRef

__all__ = ["FrameRing", "MemoryFrames", "RingFrames", "RingReader"]


class RingFrames:
    """Reads the ring files of `cameras` in the session's frames folder.

    Implements `teleop.interfaces.FrameReader`. Cameras may start late, die and be restarted.
    """

    def __init__(self, folder: Path, cameras: Iterable[str]) -> None:
        self._folder = folder
        self._cameras = tuple(cameras)
        self._readers = {camera: RingReader(folder, camera) for camera in self._cameras}

    @property
    def cameras(self) -> tuple[str, ...]:
        return self._cameras

    def newest(self, camera: str) -> tuple[FrameRef, Image] | None:
        return self._readers[camera].newest()

    def read(self, ref: FrameRef) -> Image:
        """Return the image that `ref` names, also of a camera that was not named before.

        Raises:
            FrameLost: it is no longer in its ring.
        """
        if ref.camera not in self._readers:
            self._readers[ref.camera] = RingReader(self._folder, ref.camera)
        return self._readers[ref.camera].read(ref)

    def close(self) -> None:
        """Idempotent."""
        for reader in self._readers.values():
            reader.close()


class MemoryFrames:
    """Images handed over within one process, for lockstep and tests.

    Implements `teleop.interfaces.FrameReader`. Images are kept as they are given, made read-only.
    """

    def __init__(self, cameras: Iterable[str], depth: int = 8) -> None:
        self._kept: dict[str, deque[tuple[FrameRef, Image]]] = {
            camera: deque(maxlen=depth) for camera in cameras
        }

    @property
    def cameras(self) -> tuple[str, ...]:
        return tuple(self._kept)

    def put(self, camera: str, image: Image, stamp_ns: int) -> FrameRef:
        """Make `image` the newest of `camera`."""
        kept = self._kept[camera]
        ref = FrameRef(camera, kept[-1][0].sequence + 1 if kept else 1, stamp_ns)
        image.flags.writeable = False
        kept.append((ref, image))
        return ref

    def newest(self, camera: str) -> tuple[FrameRef, Image] | None:
        kept = self._kept[camera]
        return kept[-1] if kept else None

    def read(self, ref: FrameRef) -> Image:
        """Return the image that `ref` names.

        Raises:
            FrameLost: newer ones have replaced it.
        """
        for kept, image in self._kept[ref.camera]:
            if kept == ref:
                return image
        raise FrameLost(f"Image {ref.sequence} of camera {ref.camera} is no longer kept.")
