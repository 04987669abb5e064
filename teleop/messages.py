"""The values that cross a process, with their units, frames and shapes. Stated here, once.

What devices say is in `device_messages`, samples and events in `stream_messages`, orders in
`order_messages`, what is told of takeovers in `takeover_messages`, what the learner says in
`learner_messages`.

Arms are the first axis of every array: index 0 is the left arm, 1 the right (`Arm`). World axes: x
to the operator's right, y away from the operator, z up. Poses are `T_world_ee`, quaternion w-first.
Twist: linear first, world axes at the ee origin, m/s and rad/s. Wrench: force first, on the tool,
in ee axes, N and Nm, tared. Gripper opening: 0 closed to 1 open. `_ns` is integer monotonic time of
this host.

The values are frozen and their arrays are made read-only by `frozen_array`; they are shared, never
copied.
"""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from teleop.camera_model import CameraModel

Array = NDArray[np.float64]

NUM_ARMS = 2
TACTILE_SHAPE = (NUM_ARMS, 2, 8, 8)  # arm, finger pad, row, column


def frozen_array(values: ArrayLike) -> Array:
    """A read-only float64 copy of `values`."""
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


class Arm(IntEnum):
    """Index of an arm on the first axis of every array."""

    LEFT = 0
    RIGHT = 1


class Mode(StrEnum):
    """Who drives one arm."""

    POLICY = "POLICY"
    OPERATOR = "OPERATOR"
    HOLD = "HOLD"
    REWIND = "REWIND"  # by itself, back along the path it came


class SessionMode(StrEnum):
    """What the session as a whole is at."""

    IDLE = "IDLE"
    ROLLOUT = "ROLLOUT"
    TELEOP = "TELEOP"
    STOPPED = "STOPPED"


class Outcome(StrEnum):
    """How an episode ended. A crash leaves UNLABELLED, never success."""

    SUCCESS = "SUCCESS"
    FAIL = "FAIL"
    DISCARDED = "DISCARDED"
    UNLABELLED = "UNLABELLED"


@dataclass(frozen=True, eq=False)
class RobotState:
    """What the robot measured at `stamp_ns`."""

    stamp_ns: int
    q: Array  # (2, 6) rad
    dq: Array  # (2, 6) rad/s
    position: Array  # (2, 3) m, of T_world_ee
    quaternion: Array  # (2, 4) w-first, of T_world_ee
    twist: Array  # (2, 6)
    wrench: Array  # (2, 6)
    opening: Array  # (2,)
    tactile: Array  # (2, 2, 8, 8) N normal force per taxel
    fault: str = ""  # empty: none


@dataclass(frozen=True, eq=False)
class ToolTarget:
    """What the robot is to track: `T_world_ee` per arm, and the gripper openings."""

    position: Array  # (2, 3) m
    quaternion: Array  # (2, 4)
    opening: Array  # (2,)


@dataclass(frozen=True, eq=False)
class Action:
    """What an arm is asked to do: the one action space of operator, policy and safety filter."""

    twist: Array  # (2, 6)
    opening: Array  # (2,)


@dataclass(frozen=True)
class FrameRef:
    """An image in a camera's ring file."""

    camera: str
    sequence: int
    stamp_ns: int


@dataclass(frozen=True, eq=False)
class Observation:
    """What a policy may see at one tick; `frames` names the newest image of each camera."""

    state: RobotState
    frames: tuple[FrameRef, ...]
    instruction: str


@dataclass(frozen=True)
class TaskStatus:
    """How the work stands, from a simulation's truth or from a sensor at a real cell."""

    inserted: bool = False
    dropped: bool = False
    jammed: bool = False


@dataclass(frozen=True, eq=False)
class Scene:
    """A scene that has been set up for an episode."""

    name: str  # e.g. "plug/shifted/17"
    opening: Array  # (2,) as the grippers are commanded now; a held part keeps them wider open
    camera_models: tuple[CameraModel, ...] = ()  # of the cameras whose place is known


@dataclass(frozen=True, eq=False)
class ActionChunk:
    """H actions from `start_ns` on, one every `period_ns`."""

    chunk_id: int
    policy_version: int
    observation_ns: int  # stamp of the newest observation it was computed from
    start_ns: int
    period_ns: int
    twist: Array  # (H, 2, 6)
    opening: Array  # (H, 2)
    inference_ns: int
    # How far the policy is from what it was taught, per arm, in standard deviations of the
    # demonstrations; 0: nobody judges it.
    novelty: tuple[float, float] = (0.0, 0.0)
    force_surprise: tuple[float, float] = (0.0, 0.0)  # of the wrench against what was expected
    frames: tuple[FrameRef, ...] = ()  # the images that it was computed from


@dataclass(frozen=True, eq=False)
class Step:
    """The row that everything is a function of: one control tick, both arms."""

    index: int  # within the episode
    stamp_ns: int
    episode: int  # -1: between episodes; such a step is shown, not recorded
    session_mode: SessionMode
    observation: Observation
    device: str  # name of the device whose reading was used, empty: none
    operator: Action  # zero twist where the operator asks for nothing
    proposed: Action  # the policy's; see `proposal_valid`
    proposal_valid: tuple[bool, bool]
    executed: Action  # what the robot was really sent
    authority: tuple[float, float]  # the operator's while they have the arm, else 0; see `modes`
    modes: tuple[Mode, Mode]
    policy_version: int  # -1: no proposal yet
    chunk_id: int
    chunk_index: int
    limits_hit: tuple[str, ...]
    device_age_ns: int  # -1: no reading yet
    camera_age_ns: int  # of the oldest camera; -1: none yet
    inference_ns: int
    late_ns: int  # this tick's lateness against its deadline
    novelty: tuple[float, float] = (0.0, 0.0)  # as in `ActionChunk`
    force_surprise: tuple[float, float] = (0.0, 0.0)
    observed_ns: int = -1  # stamp of the state that the proposal was computed from, -1: none
    seen: tuple[FrameRef, ...] = ()  # the images that the proposal was computed from


@dataclass(frozen=True)
class EpisodeOpened:
    """An episode begins."""

    episode: int
    stamp_ns: int
    instruction: str
    cameras: tuple[str, ...]
    scene: str  # e.g. "plug/shifted/17": which scene and seed, where there is a simulation
    demonstration: bool = False  # recorded without a policy
    operator: str = ""  # the name of who is at the devices, empty: nobody has said
    camera_models: tuple[CameraModel, ...] = ()  # of the cameras whose place is known


@dataclass(frozen=True)
class EpisodeEnded:
    """An episode is over."""

    episode: int
    stamp_ns: int
    outcome: Outcome
    reason: str  # "inserted", "dropped", "time out", "operator", ...


@dataclass(frozen=True)
class EpisodeSaved:
    """The recorder has an episode on the disk, or (`final` False) what came up to a hand-back.

    `path` is the episode's folder in both cases; what `final` tells never changes again.
    """

    episode: int
    path: str
    final: bool
    steps: int
    interventions: int  # takeovers
    operator_s: float
    outcome: Outcome
    reason: str
    policy_version: int  # the newest that drove in it
    dropped_steps: int
    handback_ns: int  # stamp of the last hand-back, -1: none


@dataclass(frozen=True, eq=False)
class SceneState:
    """A simulation's generalised positions, for the camera processes that draw it."""

    stamp_ns: int
    qpos: Array  # (nq,)
    name: str = ""  # of the scene, as in `Scene`: cells draw a look by it


ENDED = "ended"  # among the numbers of a process' last sign of life: it ends in order


@dataclass(frozen=True)
class Health:
    """A sign of life from one process, about once a second."""

    process: str
    pid: int
    stamp_ns: int
    level: str = "ok"  # ok, warning, error
    text: str = ""
    numbers: dict[str, float] = field(default_factory=dict[str, float])
