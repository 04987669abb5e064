"""Threads that follow the cameras' rings and compress images; neither they nor HDF5 hold Python."""

import threading
from collections.abc import Callable
from pathlib import Path

from recorder.encoded import EncodedImage
from recorder.live.backlog import Backlog, Entry, Kind
from recorder.live.follower import CameraFollower
from recorder.live.losses import Loss
from recorder.live.spans import Spans

_REST_S = 0.02  # between two looks at rings that had nothing new
_IDLE_S = 0.05  # the same while no episode is open


class Encoders:
    """All images of the open episodes, into the backlog.

    Args:
        folder: the session's frames.
        spans: the episodes that are open.
        backlog: where images go.
        lost: told of each loss, from any thread.
        threads: how many compress at once; each takes the camera that nobody works at.
    """

    def __init__(
        self,
        folder: Path,
        spans: Spans,
        backlog: Backlog,
        lost: Callable[[int, Loss], None],
        threads: int,
    ) -> None:
        self._folder = folder
        self._spans = spans
        self._backlog = backlog
        self._lost = lost
        self._followers: dict[str, tuple[CameraFollower, threading.Lock]] = {}
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"encoder {number}", daemon=True)
            for number in range(threads)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def follow(self, cameras: tuple[str, ...]) -> None:
        """Follow these cameras from now on, also before an episode."""
        for camera in cameras:
            if camera not in self._followers:
                follower = CameraFollower(self._folder, camera)
                self._followers[camera] = (follower, threading.Lock())

    @property
    def alive(self) -> bool:
        """Whether every thread still works."""
        return all(thread.is_alive() for thread in self._threads)

    def newest_ns(self) -> dict[str, int]:
        """When each camera's newest image was noticed, 0: none yet."""
        return {name: follower.newest_ns for name, (follower, _) in self._followers.items()}

    def caught_up_ns(self, now_ns: int) -> int:
        """Everything that every ring had at this time was taken; `now_ns` if there are none."""
        return min(
            (follower.caught_up_ns for follower, _ in self._followers.values()), default=now_ns
        )

    def trouble(self) -> str:
        """What is wrong with a camera's ring, empty: nothing."""
        return " ".join(follower.trouble for follower, _ in list(self._followers.values())).strip()

    def stop(self) -> None:
        """End the threads. Idempotent."""
        self._over.set()
        for thread in self._threads:
            thread.join()
        for follower, _ in self._followers.values():
            follower.close()
        self._followers.clear()

    def has_room(self) -> bool:
        return self._backlog.has_room(Kind.IMAGE)

    def put(self, key: int, image: EncodedImage) -> bool:
        return self._backlog.put(Entry(key, image))

    def lost(self, key: int, loss: Loss) -> None:
        self._lost(key, loss)

    def passed(self, key: int, camera: str) -> None:
        self._spans.pass_by(key, camera)

    def _work(self) -> None:
        while not self._over.is_set():
            spans = self._spans.now()
            more = False
            for follower, lock in list(self._followers.values()):
                if lock.acquire(blocking=False):
                    try:
                        more |= follower.round(spans, self)
                    finally:
                        lock.release()
            if not more:
                self._over.wait(_REST_S if spans else _IDLE_S)
