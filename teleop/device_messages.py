"""What an operator's devices say, and how each of them is set up; units as in `messages`."""

from dataclasses import dataclass
from enum import StrEnum

from teleop.config import require
from teleop.messages import Arm, Array

Six = tuple[float, float, float, float, float, float]  # x y z, then about x y z
Flags6 = tuple[bool, bool, bool, bool, bool, bool]
AT_REST: Six = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
FULL: Six = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0)


class FrameKind(StrEnum):
    """Which axes a deflection is along."""

    WORLD = "world"
    TOOL = "tool"  # of the arm that it moves
    CAMERA = "camera"  # of a picture: x to its right, y into it, z up in it


@dataclass(frozen=True)
class MotionFrame:
    """The axes that an arm's deflection is given in."""

    kind: FrameKind = FrameKind.WORLD
    camera: str = ""  # of CAMERA


class MotionKind(StrEnum):
    """Which of the six axes count."""

    ALL = "all"
    TRANSLATION = "translation"
    ROTATION = "rotation"
    DOMINANT = "dominant"  # only the largest


@dataclass(frozen=True)
class DeviceProfile:
    """How one device is read; known by its serial, kept in a file of its own.

    Raises:
        ConfigError: a value is out of its range.
    """

    serial: str
    name: str = ""  # of the model, for people
    arm: Arm | None = None  # None: either, and a button moves it from one to the other
    sensitivity: Six = FULL
    """factor of each axis"""
    flip: Flags6 = (False, False, False, False, False, False)
    curve: float = 1.0
    """exponent of the deflection: above 1 it is finer near the centre"""
    motion: MotionKind = MotionKind.ALL
    frame: MotionFrame = MotionFrame()
    yaw_deg: float = 0.0
    """where the operator stands, about world z: 0 looks along +y, 180 faces the robot from beyond;
    counts in the frame WORLD only"""
    offset: Six = AT_REST
    """raw deflection at rest, as calibrated"""
    noise: Six = AT_REST
    """largest raw deflection about the offset while nobody touched it"""
    calibrated: str = ""
    """ISO date and time; empty: never"""

    def __post_init__(self) -> None:
        for value in self.sensitivity:
            require("sensitivity", value, 0.0, 3.0, "times")
        require("curve", self.curve, 0.2, 4.0, "(exponent)")
        require("yaw_deg", self.yaw_deg, -360.0, 360.0, "degrees")
        for value in (*self.offset, *self.noise):
            require("offset or noise", value, -1.0, 1.0, "of full deflection")


@dataclass(frozen=True, eq=False)
class DeviceReading:
    """An operator's device at `stamp_ns`, both arms.

    A device that drives one arm leaves the other's row at zero. A row of NaN says that nobody
    knows: of several devices the arm's own is gone and was not seen let go. The counters start at 0
    and never go down while the device object lives.
    """

    stamp_ns: int  # as old as the oldest that it is made of
    device: str
    deflection: Array  # (2, 6) in -1..1, along `frame`, before thresholds and scaling
    clutch: tuple[bool, bool] = (False, False)  # held: engage whatever the deflection
    gripper_presses: tuple[int, int] = (0, 0)  # counters, so that a short press is never lost
    take_presses: tuple[int, int] = (0, 0)  # of the button that takes over and hands back
    rewind_presses: tuple[int, int] = (0, 0)
    stop_presses: int = 0
    frame: tuple[MotionFrame, MotionFrame] = (MotionFrame(), MotionFrame())
    # The least thresholds that the device's own noise asks for, per arm; the configured ones count
    # where they are larger.
    enter: tuple[float, float] = (0.0, 0.0)
    leave: tuple[float, float] = (0.0, 0.0)
    # When each arm's row was sampled, where two devices at rest and moving are one reading; 0: at
    # `stamp_ns`.
    sample_ns: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class KeysHeld:
    """The window's keys, sent on every change and repeated while the window lives."""

    stamp_ns: int
    arm: Arm  # the arm the keys move
    keys: tuple[str, ...]  # names of `teleop.devices.keyboard.KEYS`
    gripper_presses: tuple[int, int] = (0, 0)
    stop_presses: int = 0
    clutch: tuple[bool, bool] = (False, False)  # a pedal, or a key that stands for one, is held
    take_presses: tuple[int, int] = (0, 0)
    rewind_presses: tuple[int, int] = (0, 0)


class DeviceLevel(StrEnum):
    """How far a device can be relied on."""

    OK = "ok"
    WARNING = "warning"  # it works, and something should be done: drifting, never calibrated
    ERROR = "error"  # gone, silent, forbidden


@dataclass(frozen=True)
class DeviceSeen:
    """One device as the operator should see it."""

    serial: str
    name: str
    level: DeviceLevel
    text: str  # one sentence: what it is at, or what is wrong and what to do
    arm: Arm | None  # the one it moves now
    raw: Six  # -1..1 as reported
    deflection: Six  # after its profile
    drift: float  # how far the centre has wandered since the calibration, of full deflection
    calibrating: float  # 0..1 done; -1: not calibrating
    profile: DeviceProfile


@dataclass(frozen=True)
class DevicesSeen:
    """All devices of the control process, some ten times a second."""

    stamp_ns: int
    devices: tuple[DeviceSeen, ...]
