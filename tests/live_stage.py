"""A recording that a test feeds by hand, without the bus."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from recorder.folder_lock import locked
from recorder.live.recording import Recording
from recorder.reader import EpisodeReader
from teleop.config import RecordConfig, SessionConfig
from teleop.frames import FrameRing
from teleop.messages import EpisodeEnded, EpisodeOpened, EpisodeSaved, Outcome, Step
from teleop.session_folder import SessionFolder
from teleop.stream_messages import RecordedEvent, SampleBlock
from tests.sample_steps import plain_step

CAMERAS = ("left", "room")
SHAPE = (32, 32, 3)
RING = 400  # deep enough that nothing is overwritten before it is looked at
MS = 1_000_000
USUAL = RecordConfig()


class Stage:
    """A recording that is fed by hand; `start_ns` is when its first episode begins."""

    def __init__(self, folder: SessionFolder, recording: Recording) -> None:
        self.folder = folder
        self.recording = recording
        self.saved: list[EpisodeSaved] = []
        self.rings = {name: FrameRing(folder.frames, name, SHAPE, RING) for name in CAMERAS}
        self.start_ns = time.monotonic_ns()

    def at(self, ms: float) -> int:
        return self.start_ns + round(ms * MS)

    def take(
        self, message: EpisodeOpened | EpisodeEnded | Step | SampleBlock | RecordedEvent
    ) -> None:
        self.recording.take(message, time.monotonic_ns())

    def open(self, episode: int, ms: float) -> None:
        self.take(EpisodeOpened(episode, self.at(ms), "Plug it in.", CAMERAS, "plug/1"))

    def step(self, index: int, ms: float, episode: int = 4) -> None:
        step = plain_step(index)
        observation = replace(step.observation, frames=())
        self.take(replace(step, stamp_ns=self.at(ms), episode=episode, observation=observation))

    def end(self, ms: float, episode: int = 4) -> None:
        self.take(EpisodeEnded(episode, self.at(ms), Outcome.SUCCESS, "inserted"))

    def shoot(self, ms: float, camera: str = "left") -> None:
        noise = np.random.default_rng(0).integers(0, 255, SHAPE, np.uint8)
        self.rings[camera].write(noise, self.at(ms))

    def until(self, found: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + 20.0
        while not found():
            assert time.monotonic() < deadline_s, (self.recording.told(), self.saved)
            self.saved += self.recording.round(time.monotonic_ns())
            time.sleep(0.005)

    def lost(self, what: str) -> float:
        return self.recording.numbers()[f"lost_{what}"]

    def opened(self, number: int = -1) -> EpisodeReader:
        return EpisodeReader(Path(self.saved[number].path))


@contextmanager
def staged(path: Path, record: RecordConfig = USUAL) -> Generator[Stage]:
    folder = SessionFolder(path)
    config = SessionConfig(cameras=CAMERAS, record=record)
    with locked(folder) as lock:
        stage = Stage(folder, Recording(folder, lock, config))
        stage.recording.start()
        try:
            yield stage
        finally:
            stage.recording.end(time.monotonic_ns())
            stage.until(lambda: stage.recording.ended(0.01))
            stage.recording.close()
            for ring in stage.rings.values():
                ring.close()
