"""What is generated: everything can be told again from its numbers, so that it can be checked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teleop.messages import (
    Action,
    FrameRef,
    Mode,
    Observation,
    RobotState,
    SessionMode,
    Step,
)
from teleop.stream_messages import NO_STAMP, SampleBlock, StreamInfo

CAMERAS = ("still_left", "moving_left", "still_right", "moving_right")
FRAME_NS = 33_333_333
TICK_NS = 10_000_000
BLOCK_TICKS = 5  # samples travel in blocks of 50 ms, as those of the control process
_TAKEOVER_TICKS, _DRIVEN_TICKS = 800, 200  # every 8 s the operator drives for 2 s
_TABLE = np.random.default_rng(9).standard_normal((997, 64)).astype(np.float32)


@dataclass(frozen=True)
class Stream:
    """One sensor."""

    info: StreamInfo
    period_ns: int

    def numbers(self, sequence: NDArray[np.int64]) -> NDArray[np.float32]:
        """What it measures: the table's rows in turn, so that no two near each other are alike."""
        size = int(np.prod(self.info.shape))
        rows = _TABLE[sequence % len(_TABLE), :size]
        return rows.reshape(len(sequence), *self.info.shape)

    def block(self, start_ns: int, first: int, until_ns: int) -> SampleBlock:
        """The samples from number `first` on, those stamped `until_ns` or earlier."""
        last = (until_ns - start_ns) // self.period_ns
        sequence = np.arange(first, last + 1, dtype=np.int64)
        host_ns = start_ns + sequence * self.period_ns
        none = np.full(len(sequence), NO_STAMP, np.int64)
        return SampleBlock(self.info, sequence, host_ns, none, self.numbers(sequence))


STREAMS = (
    *(
        Stream(StreamInfo(f"wrench_{arm}", (6,), "N, Nm", rate_hz=1000.0), 1_000_000)
        for arm in ("left", "right")
    ),
    *(
        Stream(StreamInfo(f"tactile_{pad}", (8, 8), "N", rate_hz=500.0), 2_000_000)
        for pad in ("left_0", "left_1", "right_0", "right_1")
    ),
)


@dataclass(frozen=True)
class Plan:
    """When what is generated.

    Attributes:
        start_ns: monotonic; of the first tick, of sample 0 of every stream, of the first image.
        seconds: of all episodes together; each begins with the tick after the last one's end.
        episodes: how many.
        cameras: those that run.
    """

    start_ns: int
    seconds: float
    episodes: int
    cameras: tuple[str, ...] = CAMERAS

    @property
    def ticks(self) -> int:
        return round(self.seconds * 1e9 / TICK_NS)

    def place(self, tick: int) -> tuple[int, int]:
        """The episode of a tick, and its index there."""
        episode = tick * self.episodes // self.ticks
        return episode, tick - self.first(episode)

    def first(self, episode: int) -> int:
        """The first tick of an episode."""
        return -(-episode * self.ticks // self.episodes)


def make_step(episode: int, index: int, stamp_ns: int, frames: tuple[FrameRef, ...]) -> Step:
    """A step whose numbers follow from its place."""
    row = _TABLE[(index * 7 + episode) % len(_TABLE)].astype(np.float64)
    flat = row[:12].reshape(2, 6)
    state = RobotState(
        stamp_ns=stamp_ns,
        q=flat,
        dq=flat,
        position=row[12:18].reshape(2, 3),
        quaternion=row[18:26].reshape(2, 4),
        twist=flat,
        wrench=flat,
        opening=row[26:28],
        tactile=np.broadcast_to(row.reshape(8, 8), (2, 2, 8, 8)),
    )
    action = Action(flat, row[28:30])
    driven = index % _TAKEOVER_TICKS >= _TAKEOVER_TICKS - _DRIVEN_TICKS
    return Step(
        index=index,
        stamp_ns=stamp_ns,
        episode=episode,
        session_mode=SessionMode.ROLLOUT,
        observation=Observation(state, frames, "Plug the connector in."),
        device="generator",
        operator=action,
        proposed=action,
        proposal_valid=(True, True),
        executed=action,
        authority=(float(driven), 0.0),
        modes=(Mode.OPERATOR if driven else Mode.POLICY, Mode.POLICY),
        policy_version=1,
        chunk_id=index // 20,
        chunk_index=index % 20,
        limits_hit=(),
        device_age_ns=1_000_000,
        camera_age_ns=20_000_000,
        inference_ns=30_000_000,
        late_ns=0,
        seen=frames,
    )
