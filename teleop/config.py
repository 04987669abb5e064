"""Every setting of a session: frozen dataclasses with units in the names, checked when made.

A setting's docstring is its `--help`. `SessionConfig` is written as JSON into the session folder,
so that a run can be repeated.
"""

from dataclasses import dataclass, field
from typing import Literal

from teleop.errors import ConfigError

DEFAULT_INSTRUCTION = "Plug the connector in."
NO_POLICY = "none"  # of SessionConfig.policy
LONGEST_NAME = 60  # characters of an operator's name


def require(name: str, value: float, low: float, high: float, unit: str) -> None:
    """Raise ConfigError unless low <= value <= high."""
    if not low <= value <= high:
        raise ConfigError(f"{name} is {value} {unit}; it must lie between {low} and {high} {unit}.")


def name_trouble(name: str) -> str:
    """Return why `name` cannot be an operator's, empty if it can: it stands in lists and files."""
    if len(name) > LONGEST_NAME:
        return f"The name has {len(name)} characters; it may have {LONGEST_NAME}."
    return "" if name.isprintable() else "The name holds characters that cannot be printed."


@dataclass(frozen=True)
class SafetyLimits:
    """What the safety filter keeps each arm within.

    An operator who lets go at 0.10 m/s has the arm's command at rest within 0.10 s: v/a + a/j.
    """

    linear_speed: float = 0.15
    """m/s"""
    angular_speed: float = 0.8
    """rad/s"""
    linear_acceleration: float = 1.5
    """m/s^2; also how fast a new source of motion is ramped in"""
    angular_acceleration: float = 8.0
    """rad/s^2"""
    linear_jerk: float = 80.0
    """m/s^3; how fast the acceleration itself may change, unless the motion shrinks"""
    angular_jerk: float = 400.0
    """rad/s^3"""
    leash_m: float = 0.010
    """most lead of the commanded over the measured pose; with the stiffness it bounds the push"""
    leash_rad: float = 0.15
    """the same for rotation"""
    soft_force: float = 25.0
    """N; above it the part of the motion that pushes further is removed"""
    hard_force: float = 45.0
    """N; above it the arm backs off along the force"""
    soft_torque: float = 5.0
    """Nm; above it the part of the rotation that twists further is removed"""
    retreat_speed: float = 0.02
    """m/s; of the backing off"""
    retreat_m: float = 0.03
    """farthest that an arm backs off before the force has fallen below `soft_force` again"""
    stale_state_s: float = 0.1
    """a robot state older than this stops the session: nobody knows where the arms are"""
    workspace_low: tuple[float, float, float] = (-0.40, -0.25, 0.25)
    """m, world; lower corner of the box the tools stay in"""
    workspace_high: tuple[float, float, float] = (0.40, 0.25, 0.70)
    """m, world; upper corner"""
    workspace_slow_m: float = 0.03
    """towards a wall of the box the speed falls from here on, to nothing at the wall"""
    joint_margin: float = 0.1
    """rad; joints stay this far from the ends of their travel"""
    joint_slow: float = 0.3
    """rad; towards that margin a joint's speed falls from this distance on"""
    joint_speed: float = 2.0
    """rad/s; of every joint"""
    singular_slow: float = 17.0
    """condition number of the Jacobian above which motion towards a singularity slows"""
    singular_stop: float = 30.0
    """condition number at which nothing moves further towards it"""
    characteristic_length: float = 0.4
    """m; makes metres of the Jacobian's radians before its condition number is taken"""
    arm_distance: float = 0.006
    """m between the two arms at which they come no nearer"""
    arm_distance_slow: float = 0.014
    """m; approaching that distance the speed falls from this far before it"""

    def __post_init__(self) -> None:
        require("linear_speed", self.linear_speed, 0.001, 1.0, "m/s")
        require("angular_speed", self.angular_speed, 0.001, 3.0, "rad/s")
        require("linear_acceleration", self.linear_acceleration, 0.01, 20.0, "m/s^2")
        require("angular_acceleration", self.angular_acceleration, 0.01, 100.0, "rad/s^2")
        require("linear_jerk", self.linear_jerk, 0.1, 10_000.0, "m/s^3")
        require("angular_jerk", self.angular_jerk, 0.1, 50_000.0, "rad/s^3")
        require("leash_m", self.leash_m, 0.001, 0.05, "m")
        require("leash_rad", self.leash_rad, 0.005, 0.5, "rad")
        require("stale_state_s", self.stale_state_s, 0.01, 2.0, "s")
        require("soft_force", self.soft_force, 1.0, 200.0, "N")
        require("hard_force", self.hard_force, self.soft_force, 500.0, "N")
        require("soft_torque", self.soft_torque, 0.1, 50.0, "Nm")
        require("retreat_speed", self.retreat_speed, 0.0, 0.05, "m/s")
        require("retreat_m", self.retreat_m, 0.0, 0.2, "m")
        require("workspace_slow_m", self.workspace_slow_m, 0.001, 0.2, "m")
        require("joint_margin", self.joint_margin, 0.0, 1.0, "rad")
        require("joint_slow", self.joint_slow, 0.01, 1.0, "rad")
        require("joint_speed", self.joint_speed, 0.01, 10.0, "rad/s")
        require("singular_slow", self.singular_slow, 1.0, 1000.0, "(condition number)")
        require(
            "singular_stop", self.singular_stop, self.singular_slow, 10_000.0, "(condition number)"
        )
        require("characteristic_length", self.characteristic_length, 0.05, 2.0, "m")
        require("arm_distance", self.arm_distance, 0.0, 0.2, "m")
        require("arm_distance_slow", self.arm_distance_slow, 0.001, 0.2, "m")
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
    engage: Literal["motion", "button", "clutch"] = "motion"
    """what takes an arm over: moving the device, its takeover button, or a clutch that is held;
    the button, the clutch and the order TAKE work in every case"""
    hand_back: Literal["release", "button"] = "release"
    """what gives it back: letting the device go for `dwell_s`, or only the button or an order"""
    authority: float = 1.0
    """0 adds the operator's motion to the policy's within the nudge caps, 1 overrides the policy;
    each arm's may be changed in flight"""
    nudge_linear: float = 0.03
    """m/s; most that a nudge adds at authority 0"""
    nudge_angular: float = 0.2
    """rad/s; the same for rotation"""
    needs_view: bool = True
    """refuse a takeover while every camera is stale: the operator would drive blind; without
    cameras it means nothing"""
    stale_view_s: float = 0.5
    """a picture older than this is stale to the operator"""
    drop_out_s: float = 1.0
    """an arm that had to hold for this long is not the policy's any more: it waits for an order"""
    rewind_s: float = 10.0
    """how far back a rewind may go"""
    rewind_speed: float = 0.03
    """m/s along the path"""

    def __post_init__(self) -> None:
        require("enter", self.enter, 0.01, 1.0, "of full deflection")
        require("leave", self.leave, 0.0, self.enter, "of full deflection")
        require("enter_samples", self.enter_samples, 1, 50, "readings")
        require("dwell_s", self.dwell_s, 0.0, 5.0, "s")
        require("stale_s", self.stale_s, 0.02, 2.0, "s")
        require("linear_scale", self.linear_scale, 0.001, 0.5, "m/s")
        require("angular_scale", self.angular_scale, 0.001, 3.0, "rad/s")
        require("authority", self.authority, 0.0, 1.0, "(0 nudges, 1 overrides)")
        require("nudge_linear", self.nudge_linear, 0.0, 0.5, "m/s")
        require("nudge_angular", self.nudge_angular, 0.0, 3.0, "rad/s")
        require("stale_view_s", self.stale_view_s, 0.05, 10.0, "s")
        require("drop_out_s", self.drop_out_s, 0.1, 60.0, "s")
        require("rewind_s", self.rewind_s, 0.1, 120.0, "s")
        require("rewind_speed", self.rewind_speed, 0.001, 0.5, "m/s")


@dataclass(frozen=True)
class HelpConfig:
    """When a policy that is likely to fail calls the operator."""

    alerts_per_hour: float = 20.0
    """alerts that the operator allows; the threshold follows from recent episodes"""
    force_weight: float = 0.25
    """what a force surprise counts against novelty: a normal insertion feels foreign too"""
    second: float = 1.5
    """the arm slows or holds at this many times the alert's threshold"""
    at_second: Literal["alert", "slow", "hold"] = "slow"
    """what happens there"""
    slow: float = 0.3
    """share of the policy's speed that is left when it slows"""
    slow_s: float = 3.0
    """it slows for at most this long: an arm that gets on slowly looks as if it were stuck"""

    def __post_init__(self) -> None:
        require("alerts_per_hour", self.alerts_per_hour, 0.0, 3600.0, "an hour")
        require("force_weight", self.force_weight, 0.0, 10.0, "of novelty")
        require("second", self.second, 1.0, 10.0, "times")
        require("slow", self.slow, 0.0, 1.0, "of the speed")
        require("slow_s", self.slow_s, 0.1, 60.0, "s")


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
class LearningConfig:
    """How the session learns from corrections."""

    method: Literal["finetune", "residual", "steer"] = "finetune"
    """finetune moves the policy's weights; residual and steer leave them as they are and learn
    something small beside them, for a base that is not to be touched"""
    gate_scenes: int = 0
    """simulated scenes that the candidate of a full fit does beside the serving version before it
    may be served; each takes some seconds of a core, so none unless asked for"""

    def __post_init__(self) -> None:
        require("gate_scenes", self.gate_scenes, 0, 200, "scenes")


@dataclass(frozen=True)
class RecordConfig:
    """What is recorded, and how."""

    keep: Literal["all", "corrections"] = "all"
    """all: every row; corrections: only around takeovers, and demonstrations whole"""
    before_s: float = 5.0
    """corrections only: what is kept before a takeover"""
    after_s: float = 2.0
    """corrections only: what is kept after a hand-back"""
    reserve_mb: float = 100.0
    """of the disk, left free; below it the open episode is finished and no other is begun"""
    queue_mb: float = 256.0
    """memory for what waits to be written; beyond it images are dropped, and that is told"""
    encoders: int = 1
    """threads that compress images; four 640x480 cameras at 30 Hz take a seventh of a core"""

    def __post_init__(self) -> None:
        require("before_s", self.before_s, 0.0, 60.0, "s")
        require("after_s", self.after_s, 0.0, 60.0, "s")
        require("reserve_mb", self.reserve_mb, 10.0, 1e6, "MB")
        require("queue_mb", self.queue_mb, 8.0, 1e5, "MB")
        require("encoders", self.encoders, 1, 32, "threads")


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
    device: Literal["auto", "spacemouse", "gamepad", "keyboard", "scripted"] = "auto"
    """the operator's device, beside the window's keys and foot pedals; auto: any SpaceMouse, also
    one that is plugged in later, and a gamepad if there is one at the start"""
    policy: str = "base"
    """version directory or checkpoint file to start from; base: the one shipped with the program;
    none: demonstrations only, nothing is served and nothing learns"""
    operator: str = ""
    """who is at the devices at first, as it is recorded; the window can change it"""
    cell: CellConfig = field(default_factory=CellConfig)
    episode: EpisodeConfig = field(default_factory=EpisodeConfig)
    takeover: TakeoverConfig = field(default_factory=TakeoverConfig)
    help: HelpConfig = field(default_factory=HelpConfig)
    chunks: ChunkConfig = field(default_factory=ChunkConfig)
    limits: SafetyLimits = field(default_factory=SafetyLimits)
    record: RecordConfig = field(default_factory=RecordConfig)
    learning: LearningConfig = field(default_factory=LearningConfig)

    def __post_init__(self) -> None:
        if trouble := name_trouble(self.operator):
            raise ConfigError(f"operator: {trouble}")
        require("rate_hz", self.rate_hz, 50.0, 500.0, "Hz")
        require("camera_hz", self.camera_hz, 1.0, 120.0, "Hz")
        require("view_hz", self.view_hz, 1.0, 120.0, "Hz")

    @property
    def has_policy(self) -> bool:
        """Whether a policy is served, and a learner runs; otherwise there are demonstrations only."""
        return self.policy != NO_POLICY
