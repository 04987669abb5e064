"""The seams of the control process: small Protocols.

Each has one conformance suite over all that implement it.
"""

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from teleop.device_messages import DeviceProfile, DeviceReading, DeviceSeen
from teleop.kinematics import Configuration
from teleop.messages import (
    ActionChunk,
    Array,
    EpisodeEnded,
    EpisodeOpened,
    FrameRef,
    Mode,
    Observation,
    RobotState,
    Scene,
    Step,
    TaskStatus,
    ToolTarget,
)
from teleop.order_messages import Reply
from teleop.stream_messages import RecordedEvent, SampleBlock

Image = NDArray[np.uint8]  # (H, W, 3) RGB


class Clock(Protocol):
    """Monotonic time, real or simulated."""

    def now_ns(self) -> int: ...

    def sleep_until_ns(self, deadline_ns: int) -> None:
        """Return at the deadline, at once if it has passed."""
        ...


class Device(Protocol):
    """An operator's input device."""

    @property
    def name(self) -> str: ...

    def read(self, now_ns: int) -> DeviceReading | None:
        """The newest reading, without blocking; None if there has been none yet.

        A device that has gone away keeps returning its last reading, whose stamp grows old: the
        arbiter holds then.
        """
        ...

    def close(self) -> None:
        """Idempotent."""
        ...


@runtime_checkable
class Tunable(Protocol):
    """Devices that are set up by a profile each and tell how they are."""

    def seen(self, now_ns: int) -> tuple[DeviceSeen, ...]: ...

    def tune(self, profile: DeviceProfile) -> Reply:
        """Read the device of that serial by `profile` from now on, and keep it on disk."""
        ...

    def calibrate(self, serial: str, now_ns: int) -> Reply:
        """Begin to measure its rest for three seconds; `seen` tells how far it is."""
        ...

    def show(self, modes: tuple[Mode, Mode]) -> None:
        """Show on each device that can (a light) whether the operator has its arm."""
        ...


class Robot(Protocol):
    """Two arms that track tool poses."""

    def read(self) -> RobotState: ...

    def command(self, target: ToolTarget) -> ToolTarget:
        """Track `target` from now on; returns what was really sent."""
        ...

    def stop(self) -> None:
        """Hold where the arms are. Idempotent, from any thread, never raises."""
        ...

    def close(self) -> None: ...


class Kinematics(Protocol):
    """Knows where the joints and links of both arms are; pure."""

    def at(self, q: Array) -> Configuration:
        """The arms at the joint angles `q` (2, 6), rad."""
        ...


class Task(Protocol):
    """The work in front of the robot: a simulated cell, or a table that a person sets up."""

    def begin(self, episode: int) -> Scene:
        """Set the scene up for `episode`. The arms may stand elsewhere afterwards."""
        ...

    def status(self) -> TaskStatus: ...


class Switch(Protocol):
    """Something that can be turned on and off while it works."""

    enabled: bool


class Camera(Protocol):
    """One camera."""

    @property
    def name(self) -> str: ...

    def capture(self) -> Image: ...

    def close(self) -> None: ...


class FrameReader(Protocol):
    """The newest image of each camera, whoever took it."""

    @property
    def cameras(self) -> tuple[str, ...]: ...

    def newest(self, camera: str) -> tuple[FrameRef, Image] | None: ...


class ChunkSource(Protocol):
    """Where the control loop gets action chunks from."""

    def exchange(self, observation: Observation) -> ActionChunk | None:
        """Hand over this tick's observation; a chunk if a new one has come. Never waits."""
        ...


class Policy(Protocol):
    """Lives in the policy process, or inline in lockstep."""

    @property
    def version(self) -> int: ...

    def reset(self) -> None:
        """Forget the history; an episode begins."""
        ...

    def observe(self, state: RobotState) -> None:
        """Take one robot state into the history (called at the control rate)."""
        ...

    def infer(self, instruction: str, frames: FrameReader) -> ActionChunk:
        """A chunk that starts at the newest observed state."""
        ...


class StepSink(Protocol):
    """Where steps and episode boundaries go: the recorder, the bus, a test's list."""

    def opened(self, message: EpisodeOpened) -> None: ...

    def step(self, step: Step) -> None: ...

    def ended(self, message: EpisodeEnded) -> None: ...


@runtime_checkable
class SampleSink(Protocol):
    """Step sinks that take samples and events too, between `opened` and `ended`."""

    def samples(self, block: SampleBlock) -> None: ...

    def event(self, event: RecordedEvent) -> None: ...


class Sampled(Protocol):
    """Something that samples sensors between the ticks: a robot, an operator's device.

    Attributes:
        sampling: whether it does; nothing is kept before it is turned on.
    """

    sampling: bool

    def samples(self) -> tuple[SampleBlock, ...]:
        """What was sampled since the last call, a block a stream at most; never waits."""
        ...
