"""What an episode of a drill is made of: everything in it can be told again from its numbers."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recorder.encoded import EncodedImage
from recorder.image_log import encode_jpeg
from recorder.writer import EpisodeWriter
from teleop.messages import (
    Action,
    EpisodeOpened,
    FrameRef,
    Mode,
    Observation,
    RobotState,
    SessionMode,
    Step,
)
from teleop.stream_messages import EventKind, RecordedEvent, SampleBlock, StreamInfo

TICK_NS = 10_000_000
TICKS_PER_IMAGE = 3
CAMERAS = ("left", "right", "overhead", "operator")
_SIZE = 64  # doubles of the state in a row, and then some
_TAKEOVER_TICKS = 150  # every so often the operator takes the right arm for a third of that
_SHAPE = (48, 64, 3)
_random = np.random.default_rng(4)
_POOL = _random.integers(0, 256, 1 << 18, np.uint8).tobytes()
_JPEGS = tuple(encode_jpeg(_random.integers(0, 256, _SHAPE, np.uint8)) for _ in range(16))
_START, _COMMENT = b"\xff\xd8", b"\xff\xfe"
_LONGEST_COMMENT = 60_000


@dataclass(frozen=True)
class SampleRate:
    """A stream of samples, so many a tick."""

    info: StreamInfo
    per_tick: int


STREAMS = (
    *(
        SampleRate(StreamInfo(f"wrench_{arm}", (6,), "N, Nm", rate_hz=1000.0), 10)
        for arm in ("left", "right")
    ),
    *(
        SampleRate(StreamInfo(f"tactile_{pad}", (8, 8), "N", rate_hz=500.0), 5)
        for pad in ("left_0", "left_1", "right_0", "right_1")
    ),
)


@dataclass(frozen=True)
class Load:
    """An episode's content.

    Attributes:
        episode: its number; another one has other content.
        image_bytes: about the size of an image, which is small and has long comments.
    """

    episode: int
    image_bytes: int = 20_000

    @property
    def opened(self) -> EpisodeOpened:
        return EpisodeOpened(self.episode, self.stamp_ns(0), "Plug it in.", CAMERAS, "drill")

    def stamp_ns(self, index: int) -> int:
        """When the tick was."""
        return (self.episode + 1) * 10_000_000_000_000 + index * TICK_NS

    def step(self, index: int) -> Step:
        """One row. Its images are those of the last tick that had some."""
        numbers = np.sin(np.arange(_SIZE) + index * 0.37 + self.episode)
        flat = numbers[:12].reshape(2, 6)
        newest = self._refs(index // TICKS_PER_IMAGE)
        seen = self._refs(max(0, index // TICKS_PER_IMAGE - 1))
        place = index % _TAKEOVER_TICKS
        right = Mode.OPERATOR if place >= 2 * _TAKEOVER_TICKS // 3 else Mode.POLICY
        state = RobotState(
            stamp_ns=self.stamp_ns(index) - 1000,
            q=flat,
            dq=flat + 1,
            position=numbers[12:18].reshape(2, 3),
            quaternion=numbers[18:26].reshape(2, 4),
            twist=flat * 2,
            wrench=flat * 3,
            opening=numbers[26:28],
            tactile=np.resize(numbers, (2, 2, 8, 8)),
        )
        return Step(
            index=index,
            stamp_ns=self.stamp_ns(index),
            episode=self.episode,
            session_mode=SessionMode.ROLLOUT,
            observation=Observation(state, newest, "Plug it in."),
            device="spacemouse" if right is Mode.OPERATOR else "",
            operator=Action(flat * 4, numbers[28:30]),
            proposed=Action(flat * 5, numbers[30:32]),
            proposal_valid=(True, index % 7 > 0),
            executed=Action(flat * 6, numbers[32:34]),
            authority=(0.0, float(right is Mode.OPERATOR)),
            modes=(Mode.POLICY, right),
            policy_version=3,
            chunk_id=index // 20,
            chunk_index=index % 20,
            limits_hit=("speed",) if index % 11 == 0 else (),
            device_age_ns=index,
            camera_age_ns=2 * index,
            inference_ns=3 * index,
            late_ns=4 * index,
            observed_ns=self.stamp_ns(index) - 2000,
            seen=seen,
        )

    def _refs(self, number: int) -> tuple[FrameRef, ...]:
        stamp_ns = self.stamp_ns(number * TICKS_PER_IMAGE)
        return tuple(FrameRef(camera, number + 1, stamp_ns) for camera in CAMERAS)

    def images(self, index: int) -> tuple[EncodedImage, ...]:
        """What the cameras gave at that tick."""
        if index % TICKS_PER_IMAGE:
            return ()
        refs = self._refs(index // TICKS_PER_IMAGE)
        return tuple(EncodedImage(ref, self.code(ref), _SHAPE) for ref in refs)

    def code(self, ref: FrameRef) -> bytes:
        """A JPEG whose first comment is its name."""
        picture = _JPEGS[(ref.sequence + self.episode) % len(_JPEGS)]
        size = self.image_bytes - len(picture) + ref.sequence * 37 % 1000
        start = (ref.sequence * 7919 + CAMERAS.index(ref.camera) * 104_729) % (len(_POOL) // 2)
        padding = _POOL[start : start + max(0, size)]
        comments = [f"{self.episode} {ref.camera} {ref.sequence}".encode()]
        places = range(0, len(padding), _LONGEST_COMMENT)
        comments += (padding[place : place + _LONGEST_COMMENT] for place in places)
        marked = (_COMMENT + struct.pack(">H", len(each) + 2) + each for each in comments)
        return _START + b"".join(marked) + picture[len(_START) :]

    def blocks(self, index: int) -> Iterator[SampleBlock]:
        """What the sensors gave during that tick."""
        for place, stream in enumerate(STREAMS):
            sequence = np.arange(index * stream.per_tick, (index + 1) * stream.per_tick)
            yield self.block(place, sequence)

    def block(self, place: int, sequence: NDArray[np.int64]) -> SampleBlock:
        """Samples of the stream at that place of `STREAMS`, by their numbers."""
        stream = STREAMS[place]
        host_ns = self.stamp_ns(0) + sequence * (TICK_NS // stream.per_tick)
        size = int(np.prod(stream.info.shape))
        data = np.sin(sequence[:, None] * 0.01 + np.arange(size) + place + self.episode)
        shape = (len(sequence), *stream.info.shape)
        return SampleBlock(
            stream.info, sequence, host_ns, host_ns // 2, data.astype(np.float32).reshape(shape)
        )

    def record(self, index: int, writer: EpisodeWriter) -> bool:
        """Hand all of a tick to a writer; whether an arm was handed back."""
        for image in self.images(index):
            writer.image(image)
        for block in self.blocks(index):
            writer.samples(block)
        event = self.event(index)
        if event is not None:
            writer.event(event)
        return writer.append(self.step(index))

    def event(self, index: int) -> RecordedEvent | None:
        """What happened at that tick, if anything."""
        if index % 50:
            return None
        return RecordedEvent(self.stamp_ns(index), EventKind.NOTICE, f"tick {index}", "drill")
