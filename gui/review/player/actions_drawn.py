"""The three actions of both arms as arrows: where they lead to within some seconds, in pixels.

Turning is left out: seen from a fixed camera its axis mostly points into the picture, an arc there
says less than the curves do, and three of them at one tool hide the tool.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from gui.review.values import ClipTrack, OtherActions
from teleop.camera_model import CameraModel
from teleop.messages import Arm, Array

AHEAD_S = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
REACH = 0.16  # of the picture's width, that a quick motion of the clip should come to
QUICK = 80.0  # percentile
STILL_M_S = 0.0005  # slower is no motion


class Source(Enum):
    """Whose action."""

    PROPOSED = "proposed"
    OPERATOR = "operator"
    EXECUTED = "executed"
    OTHER = "other"


@dataclass(frozen=True)
class Motion:
    """Where a tool is and where an action would lead it, m, world."""

    arm: Arm
    source: Source
    position: Array  # (3,)
    velocity: Array  # (3,) m/s
    version: int = -1


@dataclass(frozen=True)
class Arrow:
    """A motion in a picture, pixels from its upper left corner."""

    arm: Arm
    source: Source
    start: tuple[float, float]
    end: tuple[float, float]


def motions(
    track: ClipTrack, row: int, others: tuple[OtherActions, ...] = ()
) -> tuple[Motion, ...]:
    """What each arm was to do at a row; what stands still is left out."""
    found: list[Motion] = []
    for arm in Arm:
        place: Array = track.position[row, arm]
        asked = [(Source.EXECUTED, track.executed[row, arm, :3])]
        if track.proposal_valid[row, arm]:
            asked.insert(0, (Source.PROPOSED, track.proposed[row, arm, :3]))
        if track.authority[row, arm] > 0.0:
            asked.append((Source.OPERATOR, track.operator[row, arm, :3]))
        found += (Motion(arm, source, place, velocity) for source, velocity in asked)
        for other in others:
            at = int(np.searchsorted(other.rows, row))
            if at < len(other.rows) and other.rows[at] == row:
                twist = other.twist[at, arm, :3]
                found.append(Motion(arm, Source.OTHER, place, twist, other.version))
    return tuple(each for each in found if float(np.linalg.norm(each.velocity)) > STILL_M_S)


def arrows(shown: tuple[Motion, ...], model: CameraModel, seconds: float) -> tuple[Arrow, ...]:
    """The motions as that camera sees them; what is behind it is left out."""
    if not shown:
        return ()
    starts = np.stack([each.position for each in shown])
    ends = starts + seconds * np.stack([each.velocity for each in shown])
    pixels = model.pixels(np.concatenate((starts, ends))).reshape(2, -1, 2)
    return tuple(
        Arrow(
            each.arm,
            each.source,
            (float(start[0]), float(start[1])),
            (float(end[0]), float(end[1])),
        )
        for each, start, end in zip(shown, *pixels, strict=True)
        if np.isfinite(start).all() and np.isfinite(end).all()
    )


def quick_speed(track: ClipTrack) -> float:
    """How fast the tools go in a clip where they go fast, m/s."""
    speeds = np.linalg.norm(track.executed[:, :, :3], axis=2)
    moving = speeds[speeds > STILL_M_S]
    return float(np.percentile(moving, QUICK)) if moving.size else STILL_M_S


def seconds_ahead(track: ClipTrack, model: CameraModel) -> float:
    """How far ahead arrows reach so that they can be seen and do not leave the picture."""
    if not len(track.stamps_ns):
        return 1.0
    middle = track.position.reshape(-1, 3).mean(axis=0)
    depth = max(float(np.linalg.norm(middle - np.asarray(model.position))), 1e-3)
    per_second = quick_speed(track) * model.fx / depth
    wanted = REACH * model.width / max(per_second, 1e-9)
    return min(AHEAD_S, key=lambda each: abs(np.log(each / wanted)))
