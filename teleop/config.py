"""Every setting of a session: frozen dataclasses with units in the names, checked when made.

A setting's docstring is its `--help`, and what the window says of it; its `Span` is its range and
unit, for the check, for the window and for presets. `SessionConfig` is written as JSON into the
session folder, so that a run can be repeated.
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from teleop.errors import ConfigError
from teleop.safety_limits import SafetyLimits
from teleop.settings_span import Looser, Span, check_spans, require

__all__ = [
    "DEFAULT_INSTRUCTION",
    "LONGEST_NAME",
    "NO_POLICY",
    "CellConfig",
    "ChunkConfig",
    "EpisodeConfig",
    "HelpConfig",
    "LearningConfig",
    "RecordConfig",
    "SafetyLimits",
    "SessionConfig",
    "TakeoverConfig",
    "name_trouble",
    "require",
]

DEFAULT_INSTRUCTION = "Plug the connector in."
NO_POLICY = "none"  # of SessionConfig.policy
LONGEST_NAME = 60  # characters of an operator's name

UP, DOWN = Looser.UP, Looser.DOWN
DEFLECTION = "of full deflection"


def name_trouble(name: str) -> str:
    """Return why `name` cannot be an operator's, empty if it can: it stands in lists and files."""
    if len(name) > LONGEST_NAME:
        return f"The name has {len(name)} characters; it may have {LONGEST_NAME}."
    return "" if name.isprintable() else "The name holds characters that cannot be printed."


@dataclass(frozen=True)
class TakeoverConfig:
    """When the operator's device takes an arm over and when it hands it back."""

    enter: Annotated[float, Span(0.01, 1.0, DEFLECTION, step=0.01)] = 0.20
    """deflection (0..1) above which the operator takes over"""
    leave: Annotated[float, Span(0.0, "enter", DEFLECTION, step=0.01)] = 0.08
    """deflection below which the device counts as let go; less than `enter`, against flicker"""
    enter_samples: Annotated[int, Span(1, 50, "readings", step=1)] = 2
    """fresh readings in a row above `enter` before a takeover"""
    dwell_s: Annotated[float, Span(0.0, 5.0, "s", step=0.05)] = 0.25
    """how long the device must stay let go before the arm is handed back"""
    stale_s: Annotated[float, Span(0.02, 2.0, "s", UP, step=0.01)] = 0.15
    """a reading older than this is no reading: the arm holds, it is not handed back"""
    linear_scale: Annotated[float, Span(0.001, 0.5, "m/s", step=0.01)] = 0.10
    """m/s; the operator's speed at full deflection"""
    angular_scale: Annotated[float, Span(0.001, 3.0, "rad/s", step=0.05)] = 0.6
    """rad/s; the operator's turning speed at full deflection"""
    engage: Literal["motion", "button", "clutch"] = "motion"
    """what takes an arm over: moving the device, its takeover button, or a clutch that is held;
    the button, the clutch and the order TAKE work in every case"""
    hand_back: Literal["release", "button"] = "release"
    """what gives it back: letting the device go for `dwell_s`, or only the button or an order"""
    authority: Annotated[float, Span(0.0, 1.0, "(0 nudges, 1 overrides)", step=0.05)] = 1.0
    """0 adds the operator's motion to the policy's within the nudge caps, 1 overrides the policy;
    each arm's may be changed in flight"""
    nudge_linear: Annotated[float, Span(0.0, 0.5, "m/s", step=0.01)] = 0.03
    """m/s; most that a nudge adds at authority 0"""
    nudge_angular: Annotated[float, Span(0.0, 3.0, "rad/s", step=0.05)] = 0.2
    """rad/s; most turning that a nudge adds at authority 0"""
    needs_view: Annotated[bool, Span(0, 1, "", DOWN)] = True
    """refuse a takeover while every camera is stale: the operator would drive blind; without
    cameras it means nothing"""
    stale_view_s: Annotated[float, Span(0.05, 10.0, "s", UP, step=0.05)] = 0.5
    """a picture older than this is stale to the operator"""
    drop_out_s: Annotated[float, Span(0.1, 60.0, "s", UP, step=0.1)] = 1.0
    """an arm that had to hold for this long is not the policy's any more: it waits for an order"""
    rewind_s: Annotated[float, Span(0.1, 120.0, "s", step=1.0)] = 10.0
    """how far back a rewind may go"""
    rewind_speed: Annotated[float, Span(0.001, 0.5, "m/s", UP, step=0.005)] = 0.03
    """m/s; of the way back"""

    def __post_init__(self) -> None:
        check_spans(self)


@dataclass(frozen=True)
class HelpConfig:
    """When a policy that is likely to fail calls the operator."""

    alerts_per_hour: Annotated[float, Span(0.0, 3600.0, "an hour", step=1.0)] = 20.0
    """alerts that the operator allows; the threshold follows from recent episodes"""
    force_weight: Annotated[float, Span(0.0, 10.0, "of novelty", step=0.05)] = 0.25
    """what a force surprise counts against novelty: a normal insertion feels foreign too"""
    second: Annotated[float, Span(1.0, 10.0, "times", step=0.1)] = 1.5
    """the arm slows or holds at this many times the alert's threshold"""
    at_second: Literal["alert", "slow", "hold"] = "slow"
    """what an arm does at `second`"""
    slow: Annotated[float, Span(0.0, 1.0, "of the speed", step=0.05)] = 0.3
    """share of the policy's speed that is left when it slows"""
    slow_s: Annotated[float, Span(0.1, 60.0, "s", step=0.5)] = 3.0
    """it slows for at most this long: an arm that gets on slowly looks as if it were stuck"""

    def __post_init__(self) -> None:
        check_spans(self)


@dataclass(frozen=True)
class ChunkConfig:
    """How action chunks are played."""

    blend_s: Annotated[float, Span(0.0, 2.0, "s", step=0.05)] = 0.2
    """a new chunk is blended over the old one for this long"""
    stale_camera_s: Annotated[float, Span(0.05, 10.0, "s", UP, step=0.05)] = 0.5
    """the policy holds when a camera has been silent for this long"""

    def __post_init__(self) -> None:
        check_spans(self)


@dataclass(frozen=True)
class EpisodeConfig:
    """When an episode ends by itself."""

    time_limit_s: Annotated[float, Span(1.0, 600.0, "s", step=1.0)] = 25.0
    """the episode fails after this long"""
    settle_s: Annotated[float, Span(0.0, 5.0, "s", step=0.1)] = 0.3
    """an inserted plug must stay inserted for this long"""
    automatic: bool = True
    """end and begin episodes by the cell's own detection; otherwise the operator's buttons do"""

    def __post_init__(self) -> None:
        check_spans(self)


@dataclass(frozen=True)
class CellConfig:
    """Which scenes the simulated cell draws."""

    distribution: str = "shifted"
    """a name in teleop.cells.plug.layout.DISTRIBUTIONS"""
    seed: Annotated[int, Span(0, 2**31 - 1, "(a number)", step=1)] = 0
    """of the first episode; each further episode takes the next one"""


@dataclass(frozen=True)
class LearningConfig:
    """How the session learns from corrections."""

    method: Literal["finetune", "residual", "steer"] = "finetune"
    """finetune moves the policy's weights; residual and steer leave them as they are and learn
    something small beside them, for a base that is not to be touched"""
    gate_scenes: Annotated[int, Span(0, 200, "scenes", step=1)] = 0
    """simulated scenes that the candidate of a full fit does beside the serving version before it
    may be served; each takes some seconds of a core, so none unless asked for"""

    def __post_init__(self) -> None:
        check_spans(self)


@dataclass(frozen=True)
class RecordConfig:
    """What is recorded, and how."""

    keep: Literal["all", "corrections"] = "all"
    """all: every row; corrections: only around takeovers, and demonstrations whole"""
    before_s: Annotated[float, Span(0.0, 60.0, "s", step=0.5)] = 5.0
    """corrections only: what is kept before a takeover"""
    after_s: Annotated[float, Span(0.0, 60.0, "s", step=0.5)] = 2.0
    """corrections only: what is kept after a hand-back"""
    reserve_mb: Annotated[float, Span(10.0, 1e6, "MB", step=10.0)] = 100.0
    """of the disk, left free; below it the open episode is finished and no other is begun"""
    queue_mb: Annotated[float, Span(8.0, 1e5, "MB", step=8.0)] = 256.0
    """memory for what waits to be written; beyond it images are dropped, and that is told"""
    encoders: Annotated[int, Span(1, 32, "threads", step=1)] = 1
    """threads that compress images; four 640x480 cameras at 30 Hz take a seventh of a core"""

    def __post_init__(self) -> None:
        check_spans(self)


@dataclass(frozen=True)
class SessionConfig:
    """A whole session."""

    rate_hz: Annotated[float, Span(50.0, 500.0, "Hz", step=10.0)] = 100.0
    """control ticks a second"""
    view_hz: Annotated[float, Span(1.0, 120.0, "Hz", step=1.0)] = 15.0
    """frames a second of the operator's view, which costs ten times a close-up without a GPU"""
    camera_hz: Annotated[float, Span(1.0, 120.0, "Hz", step=1.0)] = 30.0
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
        check_spans(self)
        if trouble := name_trouble(self.operator):
            raise ConfigError(f"operator: {trouble}")

    @property
    def has_policy(self) -> bool:
        """Whether a policy is served and a learner runs; otherwise it is for demonstrations."""
        return self.policy != NO_POLICY
