"""What travels between `RemoteRobot` and `RobotServer`: one type each way.

A message is (number, payload): a request is answered under its own number, once. Arms, units and
frames are those of `teleop.messages`; what comes from the other side is held against them before
anybody uses it.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from teleop.messages import (
    NUM_ARMS,
    TACTILE_SHAPE,
    Array,
    RobotState,
    Scene,
    TaskStatus,
    ToolTarget,
)
from teleop.wire import decoder

VERSION = 1
WATCHDOG_S = 0.2  # a robot that nobody commands for so long holds by itself
_WIDTH = 8  # bytes of a number


class Verb(StrEnum):
    """What is asked of the robot."""

    HELLO = "HELLO"  # what are you
    READ = "READ"
    COMMAND = "COMMAND"
    STOP = "STOP"
    BEGIN = "BEGIN"  # set the scene of an episode up


@dataclass(frozen=True, eq=False)
class Request:
    """What control asks.

    Attributes:
        verb: which fields below are looked at.
        sender: whoever asks; a number drawn once.
        now_ns: by the sender's clock; comes back in the reply, and is the time of a simulation
            that runs in lockstep with its sender.
        seen_ns: `Reply.far_ns` of the newest reply that the sender has, 0: none yet. It proves how
            old the picture is that a command was made from, whatever held the command up.
        target: of a COMMAND.
        episode: of a BEGIN.
        version: of this protocol.
    """

    verb: Verb
    sender: int
    now_ns: int
    seen_ns: int = 0
    target: ToolTarget | None = None
    episode: int = 0
    version: int = VERSION


@dataclass(frozen=True, eq=False)
class Reply:
    """What the robot's side answers; READ, BEGIN and HELLO carry a state.

    Attributes:
        asked_ns: `Request.now_ns`.
        far_ns: the robot's host's monotonic time.
        refusal: one sentence, empty: done.
        age_ns: how long ago the state was measured, by the clock that it is stamped with.
        state: measured.
        status: of the task, if there is one.
        features: further observation vectors, by name; may be empty.
        sent: what was really sent, of a COMMAND.
        scene: of a BEGIN.
        name: of the robot, for sentences.
        has_task: whether BEGIN and `status` mean something.
    """

    asked_ns: int
    far_ns: int
    refusal: str = ""
    age_ns: int = 0
    state: RobotState | None = None
    status: TaskStatus = field(default_factory=TaskStatus)
    features: dict[str, Array] = field(default_factory=dict[str, Array])
    sent: ToolTarget | None = None
    scene: Scene | None = None
    name: str = ""
    has_task: bool = False


decode_request = decoder(Request)
decode_reply = decoder(Reply)

_TARGET_SHAPES = {"position": (NUM_ARMS, 3), "quaternion": (NUM_ARMS, 4), "opening": (NUM_ARMS,)}
_STATE_SHAPES = _TARGET_SHAPES | {
    "q": (NUM_ARMS, 6),
    "dq": (NUM_ARMS, 6),
    "twist": (NUM_ARMS, 6),
    "wrench": (NUM_ARMS, 6),
    "tactile": TACTILE_SHAPE,
}


def number_of(count: int) -> bytes:
    """The number of a message as it travels."""
    return count.to_bytes(_WIDTH, "little")


def count_of(number: bytes) -> int:
    """The inverse of `number_of`."""
    return int.from_bytes(number[:_WIDTH], "little")


def wrong_with(value: RobotState | ToolTarget) -> str:
    """Say what is wrong with the numbers of a message; empty: nothing."""
    shapes = _STATE_SHAPES if isinstance(value, RobotState) else _TARGET_SHAPES
    for name, shape in shapes.items():
        array: Array = getattr(value, name)
        if array.shape != shape or array.dtype != np.float64:
            return f"its {name} is {array.dtype} of shape {array.shape} instead of {shape}"
        if not np.isfinite(array).all():
            return f"its {name} holds a number that is none"
    norms = np.linalg.norm(value.quaternion, axis=1)
    if np.abs(norms - 1.0).max() > 1e-3:
        return "its quaternion is not of length one"
    return ""
