"""What a policy sees, as arrays: the same function of robot states in serving and in replay.

Only what a real cell measures enters here: tool poses from forward kinematics, gripper openings,
wrist wrenches, the tactile arrays, camera images and the instruction. The simulation's knowledge of
where the plug is never does.
"""

from collections import deque
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from teleop.messages import NUM_ARMS, Array, frozen_array
from teleop.se3 import conjugate, multiply, rotate, to_rotvec

Float32 = NDArray[np.float32]

WRENCH_SAMPLES = 8
WRENCH_PERIOD_NS = 50_000_000
PROPRIO_SIZE = 20
MAX_WORDS = 16
WORD_BUCKETS = 256

# Scales bring every input to the order of one. Metres, radians, newtons, newton metres.
POSITION_SCALE = 0.03
ROTATION_SCALE = 0.15
# Where `proprioception` puts the left tool's pose, and the left tool in the right one's frame:
# position, attitude.
LEFT_TOOL = (slice(0, 3), slice(6, 9))
ACROSS = (slice(12, 15), slice(15, 18))
_WRENCH_SCALE = np.array([8.0, 8.0, 8.0, 0.8, 0.8, 0.8])
_TAXEL_SCALE = 1.0


@dataclass(frozen=True, eq=False)
class Reference:
    """Tool poses that proprioception is measured from: the demonstrations' mean final ones."""

    position: Array  # (2, 3) m, world
    quaternion: Array  # (2, 4) w-first

    @staticmethod
    def mean_of(position_N23: Array, quaternion_N24: Array) -> "Reference":
        """The mean of N final tool poses (quaternions averaged after aligning their signs)."""
        signs = np.sign(np.sum(quaternion_N24 * quaternion_N24[:1], axis=-1, keepdims=True))
        mean = np.mean(quaternion_N24 * signs, axis=0)
        mean /= np.linalg.norm(mean, axis=-1, keepdims=True)
        return Reference(frozen_array(position_N23.mean(axis=0)), frozen_array(mean))


class Measured(Protocol):
    """What proprioception needs; a `RobotState` and a row of an episode both are one."""

    @property
    def position(self) -> Array: ...
    @property
    def quaternion(self) -> Array: ...
    @property
    def opening(self) -> Array: ...


def proprioception(measured: Measured, reference: Reference) -> Float32:
    """Tool poses from their references, left in the right's frame, openings: (20,)."""
    return proprioceptions(
        measured.position[None], measured.quaternion[None], measured.opening[None], reference
    )[0]


def proprioceptions(
    position_N23: Array, quaternion_N24: Array, opening_N2: Array, reference: Reference
) -> Float32:
    """The same for N states: (N, 20)."""
    left, right = reference.quaternion
    shift = position_N23 - reference.position
    turn = to_rotvec(multiply(quaternion_N24, conjugate(reference.quaternion)))
    back_N4 = conjugate(quaternion_N24[:, 1])
    across = rotate(back_N4, position_N23[:, 0] - position_N23[:, 1]) - rotate(
        conjugate(right), reference.position[0] - reference.position[1]
    )
    twist = to_rotvec(
        multiply(
            multiply(back_N4, quaternion_N24[:, 0]),
            conjugate(multiply(conjugate(right), left)),
        )
    )
    return np.concatenate(
        [
            shift.reshape(-1, 6) / POSITION_SCALE,
            turn.reshape(-1, 6) / ROTATION_SCALE,
            across / POSITION_SCALE,
            twist / ROTATION_SCALE,
            opening_N2,
        ],
        axis=1,
    ).astype(np.float32)


def squash_wrench(wrench: Array) -> Float32:
    """Wrenches (..., 6) in N and Nm, compressed so that a knock does not drown a touch."""
    return np.arcsinh(wrench / _WRENCH_SCALE).astype(np.float32)


def squash_tactile(tactile: Array) -> Float32:
    """Taxel forces in N, compressed."""
    return np.arcsinh(tactile / _TAXEL_SCALE).astype(np.float32)


def wrench_history(stamps_ns: NDArray[np.int64], wrenches: Array, now_ns: int) -> Float32:
    """The last 8 wrenches at 50 ms, oldest first, squashed: (8, 2, 6).

    Before the first stamp, the first is repeated.

    Args:
        stamps_ns: (T,) increasing.
        wrenches: (T, 2, 6) N, Nm.
        now_ns: the newest sample's time.
    """
    wanted = now_ns - WRENCH_PERIOD_NS * np.arange(WRENCH_SAMPLES - 1, -1, -1)
    rows = np.clip(np.searchsorted(stamps_ns, wanted, side="right") - 1, 0, len(stamps_ns) - 1)
    return squash_wrench(wrenches[rows])


def word_ids(instruction: str) -> NDArray[np.int64]:
    """(16,) hashed words, padded with 0. FNV-1a, so that it is the same on every machine."""
    ids = np.zeros(MAX_WORDS, dtype=np.int64)
    words = "".join(c if c.isalnum() else " " for c in instruction.lower()).split()
    for place, word in enumerate(words[:MAX_WORDS]):
        value = 2166136261
        for byte in word.encode():
            value = (value ^ byte) * 16777619 % 2**32
        ids[place] = 1 + value % (WORD_BUCKETS - 1)
    return ids


class WrenchRing:
    """The recent wrenches of a running robot, for `wrench_history`."""

    def __init__(self) -> None:
        self._rows: deque[tuple[int, Array]] = deque(maxlen=512)

    def clear(self) -> None:
        self._rows.clear()

    def append(self, stamp_ns: int, wrench: Array) -> None:
        self._rows.append((stamp_ns, wrench))
        oldest = stamp_ns - WRENCH_SAMPLES * WRENCH_PERIOD_NS
        while len(self._rows) > 1 and self._rows[1][0] <= oldest:
            self._rows.popleft()

    def history(self) -> Float32:
        """(8, 2, 6) up to the newest row; zeros before the first."""
        if not self._rows:
            return np.zeros((WRENCH_SAMPLES, NUM_ARMS, 6), dtype=np.float32)
        stamps = np.array([stamp for stamp, _ in self._rows], dtype=np.int64)
        return wrench_history(stamps, np.stack([w for _, w in self._rows]), int(stamps[-1]))
