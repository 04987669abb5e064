"""Which curves the player draws: what is in each lane, its axis, and how each curve is told."""

from dataclasses import dataclass
from enum import Enum, IntEnum

import numpy as np
from PySide6.QtCore import Qt

from gui.review.values import ClipTrack, OtherActions
from gui.texts import player as texts
from gui.theme import Theme
from teleop.messages import Arm, Array

STEPS = tuple(
    round(step * 10.0**power, 6) for power in range(-1, 4) for step in (1, 1.5, 2, 3, 4, 5, 6, 8)
)
MM, DEGREES = 1000.0, 180.0 / np.pi
WHOLE, WHOLE_BY_WRIST, GROUP = 5, 6, 3  # lanes: of all curves, with one a wrist, and of a kind


class Stroke(Enum):
    """How a curve, and an arrow of the same action, is told from others beside its colour."""

    SOLID = Qt.PenStyle.SolidLine
    DASHED = Qt.PenStyle.DashLine
    DOTTED = Qt.PenStyle.DotLine
    DASH_DOT = Qt.PenStyle.DashDotLine


class Kind(IntEnum):
    """What the curves are of; where all lanes have room, a commanded kind and its felt one."""

    MOTION = 0
    FORCE = 1
    TURNING = 2
    TORQUE = 3

    @property
    def turning(self) -> bool:
        """Whether torques and turning take the place of forces and translation."""
        return self in (Kind.TURNING, Kind.TORQUE)

    @property
    def felt(self) -> bool:
        """Whether it is what the wrists felt, not what the arms did."""
        return self in (Kind.FORCE, Kind.TORQUE)

    @property
    def commanded(self) -> "Kind":
        """What the arms did, of the same translation or turning."""
        return Kind.TURNING if self.turning else Kind.MOTION


def next_kind(kind: Kind, room: int) -> Kind:
    """The kind that is shown after `kind`, where so many lanes have room."""
    if room >= WHOLE:
        return Kind.MOTION if kind.turning else Kind.TURNING
    return Kind((kind + 1) % len(Kind))


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve.

    Attributes:
        values: (T,), NaN: a gap.
    """

    label: str
    values: Array
    colour: str
    stroke: Stroke = Stroke.SOLID


@dataclass(frozen=True, eq=False)
class Lane:
    """Curves over each other with their own axis.

    Attributes:
        top: of the axis; the bottom is 0, or -`top` where it is signed.
        limit: drawn in, 0: none.
    """

    name: str
    unit: str
    digits: int
    curves: tuple[Curve, ...]
    top: float
    signed: bool
    limit: float = 0.0

    @property
    def short(self) -> str:
        """The name where its unit must stand beside it."""
        return self.name.removesuffix(f" {texts.WRIST}")

    @property
    def bottom(self) -> float:
        """Of the axis."""
        return -self.top if self.signed else 0.0


def lanes_of(
    track: ClipTrack,
    arm: Arm,
    look: Theme,
    *,
    kind: Kind,
    room: int,
    others: tuple[OtherActions, ...] = (),
) -> tuple[Lane, ...]:
    """The lanes of a clip: wrists, grippers, and the actions of one arm along three axes.

    Args:
        kind: of the curves; where not all lanes have room, those of this kind alone.
        room: how many lanes have room.
    """
    turning = kind.turning
    actions = _actions(track, arm, look, turning, others)
    if room < WHOLE and not kind.felt:
        return actions
    by_wrist = room < WHOLE or room >= WHOLE_BY_WRIST
    wrists = _by_wrist(track, look, turning) if by_wrist else (_wrists(track, look, turning),)
    grippers = Lane(
        texts.GRIPPER,
        "%",
        0,
        tuple(
            Curve(texts.ARMS[each][0], 100 * track.opening[:, each], colour, stroke)
            for each, colour, stroke in _arms(look)
        ),
        100.0,
        signed=False,
    )
    return (*wrists, grippers, *(actions if room >= WHOLE else ()))


def _arms(look: Theme) -> tuple[tuple[Arm, str, Stroke], ...]:
    return (Arm.LEFT, look.z, Stroke.SOLID), (Arm.RIGHT, look.x, Stroke.DASHED)


def _wrists(track: ClipTrack, look: Theme, turning: bool) -> Lane:
    first = 3 if turning else 0
    sizes = np.linalg.norm(track.wrench[:, :, first : first + 3], axis=2)
    limit = track.soft_limits[int(turning)] if track.soft_limits else 0.0
    return Lane(
        f"|{'M' if turning else 'F'}| {texts.WRIST}",
        "Nm" if turning else "N",
        2 if turning else 1,
        tuple(
            Curve(texts.ARMS[arm][0], sizes[:, arm], colour, stroke)
            for arm, colour, stroke in _arms(look)
        ),
        step_above(max(largest(sizes), 1.2 * limit)),
        signed=False,
        limit=limit,
    )


def _by_wrist(track: ClipTrack, look: Theme, turning: bool) -> tuple[Lane, ...]:
    first = 3 if turning else 0
    limit = track.soft_limits[int(turning)] if track.soft_limits else 0.0
    lanes: list[Lane] = []
    for arm in Arm:
        parts: Array = track.wrench[:, arm, first : first + 3]
        size = np.linalg.norm(parts, axis=1)
        lanes.append(
            Lane(
                f"{texts.ARMS[arm][0]} {texts.WRIST}",
                "Nm" if turning else "N",
                2 if turning else 1,
                (
                    Curve("M" if turning else "F", size, look.magnitude),
                    Curve("x", parts[:, 0], look.x, Stroke.DASHED),
                    Curve("y", parts[:, 1], look.y, Stroke.DOTTED),
                    Curve("z", parts[:, 2], look.z, Stroke.DASH_DOT),
                ),
                step_above(max(largest(size), 1.2 * limit)),
                signed=True,
                limit=limit,
            )
        )
    return tuple(lanes)


def _actions(
    track: ClipTrack, arm: Arm, look: Theme, turning: bool, others: tuple[OtherActions, ...]
) -> tuple[Lane, ...]:
    first, scale = (3, DEGREES) if turning else (0, MM)
    proposed: Array = np.where(
        track.proposal_valid[:, arm, None], track.proposed[:, arm, first : first + 3], np.nan
    )
    operated = track.authority[:, arm, None] > 0.0
    operator: Array = np.where(operated, track.operator[:, arm, first : first + 3], np.nan)
    executed: Array = track.executed[:, arm, first : first + 3]
    top = step_above(scale * max(map(largest, (proposed, operator, executed))))
    lanes: list[Lane] = []
    for axis, name in enumerate(texts.AXES[int(turning)]):
        # What was sent lies under the others, that mostly follow it.
        curves = [
            Curve(texts.SENT, scale * executed[:, axis], look.x),
            Curve(texts.POLICY, scale * proposed[:, axis], look.z, Stroke.DASHED),
            Curve(texts.YOU, scale * operator[:, axis], look.magnitude, Stroke.DOTTED),
        ]
        for other in others:
            values = np.full(len(track.stamps_ns), np.nan)
            values[other.rows] = scale * other.twist[:, arm, first + axis]
            label = texts.other_version(other.version)
            curves.append(Curve(label, values, look.y, Stroke.DASH_DOT))
        unit = "°/s" if turning else "mm/s"
        lanes.append(Lane(f"{texts.ARMS[arm][0]} {name}", unit, 0, tuple(curves), top, signed=True))
    return tuple(lanes)


def largest(values: Array) -> float:
    """The greatest magnitude, 0 where there is none."""
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size else 0.0


def step_above(value: float) -> float:
    """The next round number."""
    return next((step for step in STEPS if step >= value), STEPS[-1])
