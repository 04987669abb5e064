"""Every setting of a session: frozen dataclasses with units in the names, checked when made.

A setting's docstring is its `--help`. `SessionConfig` is written as JSON into the session folder,
so that a run can be repeated.
"""

from dataclasses import dataclass, field
from typing import Literal

from teleop.errors import ConfigError

DEFAULT_INSTRUCTION = "Plug the connector in."


def require(name: str, value: float, low: float, high: float, unit: str) -> None:
    """Raise ConfigError unless low <= value <= high."""
    if not low <= value <= high:
        raise ConfigError(f"{name} is {value} {unit}; it must lie between {low} and {high} {unit}.")


@dataclass(frozen=True)
class SafetyLimits:
    """What the safety filter keeps each arm within."""

    linear_speed: float = 0.15
    """m/s"""
    angular_speed: float = 0.8
    """rad/s"""
    linear_acceleration: float = 1.5
    """m/s^2; also how fast a new source of motion is ramped in"""
    angular_acceleration: float = 8.0
    """rad/s^2"""
    leash_m: float = 0.010
    """most lead of the commanded over the measured pose; with the stiffness it bounds the push"""
    leash_rad: float = 0.15
    """the same for rotation"""
    soft_force: float = 25.0
    """N; above it the part of the motion that pushes further is removed"""
    workspace_low: tuple[float, float, float] = (-0.40, -0.25, 0.25)
    """m, world; lower corner of the box the tools stay in"""
    workspace_high: tuple[float, float, float] = (0.40, 0.25, 0.70)
    """m, world; upper corner"""

    def __post_init__(self) -> None:
        require("linear_speed", self.linear_speed, 0.001, 1.0, "m/s")
        require("angular_speed", self.angular_speed, 0.001, 3.0, "rad/s")
        require("linear_acceleration", self.linear_acceleration, 0.01, 20.0, "m/s^2")
        require("angular_acceleration", self.angular_acceleration, 0.01, 100.0, "rad/s^2")
        require("leash_m", self.leash_m, 0.001, 0.05, "m")
        require("leash_rad", self.leash_rad, 0.005, 0.5, "rad")
        require("soft_force", self.soft_force, 1.0, 200.0, "N")
        if any(
            low >= high for low, high in zip(self.workspace_low, self.workspace_high, strict=True)
        ):
            raise ConfigError("workspace_low must lie below workspace_high on every axis.")


@dataclass(frozen=True)
class TakeoverConfig:
    """When the operator's device takes an arm over and when it hands it back."""

    enter: float = 0.20
    """deflection (0..1) above which the operator takes over"""
    leave: float = 0.08
    """deflection below which the device counts as let go; less than `enter`, against flicker"""
    enter_samples: int = 2
    """fresh readings in a row above `enter` before a takeover"""
    dwell_s: float = 0.25
    """how long the device must stay let go before the arm is handed back"""
    stale_s: float = 0.15
    """a reading older than this is no reading: the arm holds, it is not handed back"""
    linear_scale: float = 0.10
    """m/s at full deflection"""
    angular_scale: float = 0.6
    """rad/s at full deflection"""

    def __post_init__(self) -> None:
        require("enter", self.enter, 0.01, 1.0, "of full deflection")
        require("leave", self.leave, 0.0, self.enter, "of full deflection")
        require("enter_samples", self.enter_samples, 1, 50, "readings")
        require("dwell_s", self.dwell_s, 0.0, 5.0, "s")
        require("stale_s", self.stale_s, 0.02, 2.0, "s")
        require("linear_scale", self.linear_scale, 0.001, 0.5, "m/s")
        require("angular_scale", self.angular_scale, 0.001, 3.0, "rad/s")


@dataclass(frozen=True)
class ChunkConfig:
    """How action chunks are played."""

    blend_s: float = 0.2
    """a new chunk is blended over the old one for this long"""
    stale_camera_s: float = 0.5
    """the policy holds when a camera has been silent for this long"""

    def __post_init__(self) -> None:
        require("blend_s", self.blend_s, 0.0, 2.0, "s")
        require("stale_camera_s", self.stale_camera_s, 0.05, 10.0, "s")


@dataclass(frozen=True)
class EpisodeConfig:
    """When an episode ends by itself."""

    time_limit_s: float = 25.0
    """the episode fails after this long"""
    settle_s: float = 0.3
    """an inserted plug must stay inserted for this long"""
    automatic: bool = True
    """end and begin episodes by the cell's own detection; otherwise the operator's buttons do"""

    def __post_init__(self) -> None:
        require("time_limit_s", self.time_limit_s, 1.0, 600.0, "s")
        require("settle_s", self.settle_s, 0.0, 5.0, "s")


@dataclass(frozen=True)
class CellConfig:
    """Which scenes the simulated cell draws."""

    distribution: str = "shifted"
    """a name in teleop.cells.plug.layout.DISTRIBUTIONS"""
    seed: int = 0
    """of the first episode; each further episode takes the next one"""


@dataclass(frozen=True)
class SessionConfig:
    """A whole session."""

    rate_hz: float = 100.0
    """control ticks a second"""
    view_hz: float = 15.0
    """frames a second of the operator's view, which costs ten times a close-up without a GPU"""
    camera_hz: float = 30.0
    """frames a second of each camera"""
    cameras: tuple[str, ...] = ("close_front", "close_top", "overhead", "operator")
    """cameras of the cell that run, each in a process of its own"""
    instruction: str = DEFAULT_INSTRUCTION
    """what the policy is told to do"""
    device: Literal["auto", "spacemouse", "keyboard", "scripted"] = "auto"
    """the operator's device; auto: a SpaceMouse if there is one, and the window's keys beside it"""
    policy: str = "base"
    """version directory or checkpoint file to start from; base: the one shipped with the program"""
    cell: CellConfig = field(default_factory=CellConfig)
    episode: EpisodeConfig = field(default_factory=EpisodeConfig)
    takeover: TakeoverConfig = field(default_factory=TakeoverConfig)
    chunks: ChunkConfig = field(default_factory=ChunkConfig)
    limits: SafetyLimits = field(default_factory=SafetyLimits)

    def __post_init__(self) -> None:
        require("rate_hz", self.rate_hz, 50.0, 500.0, "Hz")
        require("camera_hz", self.camera_hz, 1.0, 120.0, "Hz")
        require("view_hz", self.view_hz, 1.0, 120.0, "Hz")
