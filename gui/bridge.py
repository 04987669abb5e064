"""The thread between the bus and the window.

The bridge waits on the bus, folds what comes into a `Console`, and offers the newest view and the
newest picture of each camera. It signals only when the window has taken the last one, so a slow
window gets fewer and newer values, never a queue.
"""

import queue
import threading
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread, Signal

from gui.console import Console
from gui.view import Level, View
from teleop.bus import (
    COACH,
    CORRECTION_REPORT,
    DEVICES,
    EPISODE_ENDED,
    EPISODE_OPENED,
    EPISODE_REPORT,
    EPISODE_SAVED,
    FRAME,
    HEALTH,
    LEARNER,
    NOTICE,
    POLICY_PUBLISHED,
    POLICY_SERVING,
    SAMPLES,
    SETTINGS,
    STATE,
    TAKEOVER,
    VERSION_REPORT,
    Subscriber,
    Topic,
)
from teleop.config import SessionConfig
from teleop.errors import FrameLost
from teleop.frames import RingFrames
from teleop.messages import FrameRef
from teleop.session_folder import SessionFolder, camera_process

TOPICS: tuple[Topic[Any], ...] = (
    STATE,
    SAMPLES,
    EPISODE_OPENED,
    EPISODE_ENDED,
    EPISODE_SAVED,
    LEARNER,
    POLICY_PUBLISHED,
    POLICY_SERVING,
    VERSION_REPORT,
    CORRECTION_REPORT,
    EPISODE_REPORT,
    COACH,
    HEALTH,
    FRAME,
    TAKEOVER,
    NOTICE,
    DEVICES,
    SETTINGS,
)
PROCESSES = ("control", "policy", "recorder", "learner")
OF_A_POLICY = ("policy", "learner")  # which a session for demonstrations alone has not
VIEW_S = 1 / 25  # between views while anything happens; the eye follows 25 a second
IDLE_VIEW_S = 0.1  # between views in silence, so that ages go on

Picture = tuple[FrameRef, NDArray[np.uint8]]


def process_names(cameras: Sequence[str], has_policy: bool = True) -> tuple[str, ...]:
    """Return the processes whose signs of life are expected, in the order they are shown."""
    shared = (name for name in PROCESSES if has_policy or name not in OF_A_POLICY)
    return (*shared, *(camera_process(camera) for camera in cameras))


class Bridge(QThread):
    """Listens to every process of one session.

    Signals:
        view_ready: `take_view` has a new one.
        picture_ready: `take_picture` has a new one of the named camera.
    """

    view_ready = Signal()
    picture_ready = Signal(str)

    def __init__(
        self, folder: SessionFolder, cameras: Sequence[str], config: SessionConfig, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.setObjectName("bridge")
        self._folder = folder
        self._cameras = tuple(cameras)
        self._processes = process_names(cameras, config.has_policy)
        self._console = Console(config, self._processes)
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._view: View | None = None
        self._pictures: dict[str, Picture] = {}
        self._notes: queue.SimpleQueue[tuple[str, Level]] = queue.SimpleQueue()
        self._told: queue.SimpleQueue[object] = queue.SimpleQueue()

    def take_view(self) -> View | None:
        """Return the newest view, once."""
        with self._lock:
            view, self._view = self._view, None
            return view

    def take_picture(self, camera: str) -> Picture | None:
        """Return the newest picture of `camera`, once."""
        with self._lock:
            return self._pictures.pop(camera, None)

    def note(self, text: str, level: Level) -> None:
        """Show `text` as the newest notice, with the next view."""
        self._notes.put((text, level))

    def tell(self, message: object) -> None:
        """Fold in what did not come over the bus, with the next view."""
        self._told.put(message)

    def close(self) -> None:
        """End the thread and wait for it. Idempotent."""
        self._over.set()
        self.wait()

    def run(self) -> None:
        """Listen until closed."""
        endpoints = [self._folder.endpoint(name) for name in self._processes]
        frames = RingFrames(self._folder.frames, self._cameras)
        with Subscriber(endpoints, TOPICS) as subscriber:
            self._look_at_rings(frames, self._cameras)  # what was there before this window
            shown_s = time.monotonic()
            dirty = True
            while not self._over.is_set():
                due_s = shown_s + (VIEW_S if dirty else IDLE_VIEW_S)
                messages = subscriber.poll(max(0.001, due_s - time.monotonic()))
                dirty |= self._take(messages, frames)
                if time.monotonic() - shown_s >= (VIEW_S if dirty else IDLE_VIEW_S):
                    shown_s = time.monotonic()
                    dirty = not self._offer_view()
        frames.close()

    def _take(self, messages: list[tuple[Topic[Any], Any]], frames: RingFrames) -> bool:
        """Fold messages in; whether there were any for the view."""
        now_ns = time.monotonic_ns()
        fresh: dict[str, None] = {}
        for _, message in messages:
            if isinstance(message, FrameRef):
                fresh[message.camera] = None
            self._console.take(message, now_ns)
        self._look_at_rings(frames, fresh)
        return len(messages) > len(fresh)

    def _look_at_rings(self, frames: RingFrames, cameras: Sequence[str] | dict[str, None]) -> None:
        for camera in cameras:
            if camera not in self._cameras:
                continue
            try:
                picture = frames.newest(camera)
            except FrameLost as error:
                self.note(str(error), Level.WARNING)
                continue
            if picture is None:
                continue
            with self._lock:
                waiting = camera in self._pictures
                self._pictures[camera] = picture
            if not waiting:
                self.picture_ready.emit(camera)

    def _offer_view(self) -> bool:
        """Offer a new view unless the last one is still there; whether it was offered."""
        now_ns = time.monotonic_ns()
        while not self._told.empty():
            self._console.take(self._told.get(), now_ns)
        while not self._notes.empty():
            text, level = self._notes.get()
            self._console.note(text, level, now_ns)
        with self._lock:
            if self._view is not None:
                return False
        view = self._console.view(now_ns)  # not under the lock: the window would wait for it
        with self._lock:
            self._view = view
        self.view_ready.emit()
        return True
