"""What the review shows, as plain frozen values. Units, frames and axes as in `teleop.messages`.

T rows are control ticks of one clip, after all edits; M are images of one camera.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teleop.camera_model import CameraModel
from teleop.messages import Arm, Array, Outcome


@dataclass(frozen=True)
class ClipRow:
    """One line of the browser: an episode, or what edits made of it.

    Attributes:
        session: its folder.
        name: of the clip, as `nudge record list` prints it.
        started_epoch_ns: wall clock.
        versions: policy versions that drove in it, none for a demonstration; in a list only the
            newest, for the others stand in its rows.
        operator: who drove, where that was told.
        edited: whether it differs from what was recorded.
        open: whether it is being recorded now.
        trouble: why it cannot be shown, empty: nothing is wrong.
    """

    session: str
    name: str
    episode: int
    started_epoch_ns: int
    duration_s: float
    outcome: Outcome
    reason: str
    interventions: int
    operator_s: float
    versions: tuple[int, ...] = ()
    instruction: str = ""
    scene: str = ""
    demonstration: bool = False
    operator: str = ""
    edited: bool = False
    open: bool = False
    trouble: str = ""


@dataclass(frozen=True)
class EventMark:
    """Something that happened, in seconds since the clip's first row."""

    at_s: float
    kind: str
    arm: Arm | None
    text: str


@dataclass(frozen=True, eq=False)
class CameraTrack:
    """One camera of a clip: when its images were taken; the images are asked for one by one.

    Attributes:
        stamps_ns: (M,)
        model: None: not known, so nothing can be drawn into its images.
    """

    name: str
    width: int
    height: int
    stamps_ns: NDArray[np.int64]
    model: CameraModel | None = None


@dataclass(frozen=True, eq=False)
class ClipTrack:
    """Everything of one clip but its images.

    Attributes:
        stamps_ns: (T,)
        rows: (T,) row of the recording that each is, for edits, and (T,) which recording.
        modes: (T, 2) places in `mode_names`.
        labels: (T, 2) codes of `recorder.labels.Label`.
        proposal_valid: (T, 2)
        version: (T,) policy version, -1: none.
        limits: (T,) the safety filter's limits that were hit, as a sentence; often empty.
    """

    row: ClipRow
    stamps_ns: NDArray[np.int64]
    recordings: tuple[str, ...]
    recording: NDArray[np.int64]
    rows: NDArray[np.int64]
    mode_names: tuple[str, ...]
    modes: NDArray[np.int64]
    labels: NDArray[np.int8]
    authority: Array  # (T, 2)
    position: Array  # (T, 2, 3)
    quaternion: Array  # (T, 2, 4)
    wrench: Array  # (T, 2, 6)
    tactile: Array  # (T, 2, 2, 8, 8)
    opening: Array  # (T, 2) measured
    proposed: Array  # (T, 2, 6) twist
    operator: Array  # (T, 2, 6) twist
    executed: Array  # (T, 2, 6) twist
    proposal_valid: NDArray[np.bool_]
    version: NDArray[np.int64]
    novelty: Array  # (T, 2)
    limits: tuple[str, ...]
    events: tuple[EventMark, ...]
    cameras: tuple[CameraTrack, ...]
    soft_limits: tuple[float, float] | None = None  # N and Nm of its session, None: not known

    @property
    def duration_s(self) -> float:
        """From the first row to the last."""
        return float(self.stamps_ns[-1] - self.stamps_ns[0]) / 1e9 if len(self.stamps_ns) else 0.0


@dataclass(frozen=True, eq=False)
class Picture:
    """One image of a clip.

    Attributes:
        pixels: (H, W, 3) RGB, contiguous.
    """

    session: str
    clip: str
    camera: str
    index: int
    stamp_ns: int
    pixels: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class OtherActions:
    """What another policy version would have done in rows of a clip.

    Attributes:
        version: of the policy.
        rows: (K,) of the clip, rising.
    """

    version: int
    rows: NDArray[np.int64]
    twist: Array  # (K, 2, 6) as `ClipTrack.proposed`
