"""What a session gives its recorder, in real time; everything in it can be told again."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recorder.drills.load import CAMERAS, STREAMS, Load
from teleop.bus import EPISODE_ENDED, EPISODE_OPENED, SAMPLES, STATE, Outbox
from teleop.frame_ring import FrameRing
from teleop.messages import EpisodeEnded, EpisodeOpened, FrameRef, Outcome
from teleop.session_folder import STEPS, SessionFolder
from teleop.stream_messages import SampleBlock

TICK_NS = 10_000_000
_TICKS_PER_IMAGE = 3
_LEVELS = 150  # an image's brightness tells its number, up to this many


class Feed:
    """Steps at 100 Hz, four cameras at 33 Hz, six streams at 500 and 1000 Hz.

    Args:
        folder: the session.
        frames: where its rings are made; not on the disk that suffers.
        shape: of an image.

    Attributes:
        episode: that is open, or was last.
        sent: steps of that episode.
    """

    def __init__(self, folder: SessionFolder, frames: Path, shape: tuple[int, int, int]) -> None:
        self._outbox = Outbox(folder.endpoint(STEPS))
        self._rings = {name: FrameRing(frames, name, shape) for name in CAMERAS}
        noise = np.random.default_rng(5).integers(0, 30, shape, np.uint8)
        self._noise: NDArray[np.uint8] = noise
        self._newest: dict[str, FrameRef] = {}
        self._ticks = 0
        self._due_ns = time.monotonic_ns()
        self._open = False
        self.episode = -1
        self.sent = 0

    def open(self) -> None:
        """Begin the next episode."""
        self.episode += 1
        self.sent = 0
        self._open = True
        self._newest.clear()
        stamp_ns = time.monotonic_ns()
        opened = EpisodeOpened(self.episode, stamp_ns, "Plug it in.", CAMERAS, "drill")
        self._outbox.send(EPISODE_OPENED, opened)

    def end(self) -> None:
        """End the episode as a success."""
        self._open = False
        ended = EpisodeEnded(self.episode, time.monotonic_ns(), Outcome.SUCCESS, "drill")
        self._outbox.send(EPISODE_ENDED, ended)

    def tick(self) -> None:
        """Wait for the next tick and give what belongs to it."""
        self._due_ns += TICK_NS
        wait_ns = self._due_ns - time.monotonic_ns()
        if wait_ns > 0:
            time.sleep(wait_ns / 1e9)
        elif wait_ns < -20 * TICK_NS:  # the machine stood still; nobody catches up on that
            self._due_ns = time.monotonic_ns()
        self._ticks += 1
        if self._ticks % _TICKS_PER_IMAGE == 0:
            self._shoot()
        self._sample()
        if self._open:
            self._step()

    def close(self) -> None:
        """Idempotent."""
        self._outbox.close()
        for ring in self._rings.values():
            ring.close()

    def _shoot(self) -> None:
        level = brightness(self._ticks // _TICKS_PER_IMAGE)
        for name, ring in self._rings.items():
            self._newest[name] = ring.write(self._noise + np.uint8(level), time.monotonic_ns())

    def _sample(self) -> None:
        now_ns = time.monotonic_ns()
        for place, stream in enumerate(STREAMS):
            count = stream.per_tick
            sequence = np.arange((self._ticks - 1) * count, self._ticks * count)
            host_ns = now_ns - np.arange(count, dtype=np.int64)[::-1] * (TICK_NS // count)
            block = SampleBlock(
                stream.info,
                sequence,
                host_ns,
                sequence * 2,
                sample_values(place, sequence, stream.info.shape),
            )
            self._outbox.send(SAMPLES, block)

    def _step(self) -> None:
        step = Load(self.episode).step(self.sent)
        observation = replace(step.observation, frames=tuple(self._newest.values()))
        stamp_ns = time.monotonic_ns()
        self._outbox.send(STATE, replace(step, stamp_ns=stamp_ns, observation=observation, seen=()))
        self.sent += 1


def brightness(number: int) -> int:
    """What is added to the noise of the image of that number."""
    return number % _LEVELS


def sample_values(
    place: int, sequence: NDArray[np.int64], shape: tuple[int, ...]
) -> NDArray[np.float32]:
    """The samples of those numbers of the stream at that place of `STREAMS`."""
    size = int(np.prod(shape))
    values = sequence[:, None] % 1000 + np.arange(size) * 0.5 + place
    return values.astype(np.float32).reshape((len(sequence), *shape))
