"""What the control loop works with, in one place: real, simulated or made up for a test."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from teleop.interfaces import (
    ChunkSource,
    Clock,
    Device,
    Kinematics,
    Robot,
    StepSink,
    Switch,
    Task,
    Tunable,
)
from teleop.messages import Array, FrameRef
from teleop.order_messages import Order
from teleop.settings_live import Configured
from teleop.takeover_messages import Notice


def keep_quiet(_notice: Notice) -> None:
    """Tell nobody."""


def take_no_note(_order: Order) -> None:
    """Remember nothing."""


def write_nothing(_configured: Configured) -> None:
    """Keep the settings nowhere."""


@dataclass(frozen=True)
class Station:
    """Everything around the control loop."""

    clock: Clock
    robot: Robot
    device: Device
    chunks: ChunkSource
    task: Task
    sinks: Sequence[StepSink]
    cameras: tuple[str, ...] = ()
    frames: Callable[[], tuple[FrameRef, ...]] = tuple  # the newest of each camera
    kinematics: Kinematics | None = None  # of the robot, for its safety filter
    scripted: Switch | None = None
    tunable: Tunable | None = None  # the devices that can be set up
    first_episode: int = 0  # a session that is continued counts on
    tell: Callable[[Notice], None] = keep_quiet  # the operator, at once
    ordered: Callable[[Order], None] = take_no_note  # told of every order that was granted
    configured: Callable[[Configured], None] = write_nothing  # told of settings in force from now
    camera_axes: Mapping[str, Array] = field(default_factory=dict[str, Array])  # see operator_frame
