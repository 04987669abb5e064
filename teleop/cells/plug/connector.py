"""The plug and the socket as MJCF: free bodies whose frames coincide when they are mated.

Each has a grip block with two round ridges a side: the pads touch the ridges only, so a tactile
array shows two bars whose place, length and slant tell how the part lies in the hand. The front
ridge is the longer one.
"""

from dataclasses import dataclass
from typing import Final

from teleop.cells.plug.geometry import (
    HOLD_HALF_GAP_M,
    HOLE_DEPTH_M,
    HOLE_HALF_M,
    PIN_LENGTH_M,
    PIN_RADIUS_M,
    PIN_SPACING_M,
    PLUG_CENTRE_M,
    PLUG_MASS_KG,
    PLUG_REACH_M,
    SOCKET_CENTRE_M,
    SOCKET_MASS_KG,
    SOCKET_REACH_M,
)
from teleop.cells.plug.mjcf import tag

Vector = tuple[float, float, float]

_RIDGE_RADIUS_M: Final = 0.004
_RIDGE_OUT_M: Final = 0.0018
_RIDGE_AT_M: Final = 0.007
_RIDGE_HALVES_M: Final = (0.0085, 0.0045)
# Half sizes across of the socket's face, y and z.
_FACE_HALF_M: Final = (0.0190, 0.0125)
_HEAD_LENGTH_M: Final = 0.013
_PIN_YS_M: Final = (-PIN_SPACING_M / 2, PIN_SPACING_M / 2)


@dataclass(frozen=True, slots=True)
class Connector:
    """The shape of a plug. All of them fit the socket, and the hand.

    Attributes:
        pin_length_m: from the head to the tips; at most 0.0005 less than the holes are deep.
        pin_radius_m: of the pins.
        head_half_m: half sizes of the head across, y and z; of a round head the greater counts.
        round_head: a cylinder along the insertion in place of a box.
        trim_m: how far behind the head's face the middle of the coloured ring lies.
        collar_m: how far the rings round the pins reach beyond the pins' radius.
    """

    pin_length_m: float = PIN_LENGTH_M
    pin_radius_m: float = PIN_RADIUS_M
    head_half_m: tuple[float, float] = (0.0165, 0.0095)
    round_head: bool = False
    trim_m: float = 0.0095
    collar_m: float = 0.0016


PLUG: Final = Connector()


def _box(kind: str, material: str, size: Vector, pos: Vector, **name: str) -> str:
    return tag("geom", kind=kind, type="box", material=material, size=size, pos=pos, **name)


def _ridges(part: str, middle_x: float, half_gap: float, along_y: bool, forward: float) -> str:
    """Ridges on the two gripped sides of a block whose middle is at x = middle_x."""
    ridges: list[str] = []
    for half, at in zip(_RIDGE_HALVES_M, (_RIDGE_AT_M, -_RIDGE_AT_M), strict=True):
        x = middle_x + forward * at
        for depth in (half_gap - _RIDGE_RADIUS_M, _RIDGE_RADIUS_M - half_gap):
            ends = (
                (x, -half, depth, x, half, depth) if along_y else (x, depth, -half, x, depth, half)
            )
            ridge = tag(
                "geom",
                kind="grip",
                type="capsule",
                fromto=ends,
                size=_RIDGE_RADIUS_M,
                material=f"{part}_grip",
            )
            ridges.append(ridge)
    return "".join(ridges)


def _pin(connector: Connector, index: int) -> str:
    """One pin; a capsule's round end reaches one radius beyond its segment, to the pin's length."""
    y, radius = _PIN_YS_M[index], connector.pin_radius_m
    shaft = (-0.006, y, 0.0, connector.pin_length_m - radius, y, 0.0)
    collar = (-0.002, y, 0.0, 0.0006, y, 0.0)
    return tag(
        "geom",
        name=f"pin_{index}",
        kind="mate",
        type="capsule",
        material="pin",
        size=radius,
        fromto=shaft,
    ) + tag(
        "geom",
        kind="seen",
        type="cylinder",
        material="plug_trim",
        size=radius + connector.collar_m,
        fromto=collar,
    )


def _head(connector: Connector) -> str:
    """The head, and the coloured ring round it."""
    half_y, half_z = connector.head_half_m
    half, proud, ring = _HEAD_LENGTH_M / 2, 0.0004, 0.0012
    if not connector.round_head:
        trim = (ring, half_y + proud, half_z + proud)
        return _box("mate", "plug", (half, half_y, half_z), (-half, 0, 0)) + _box(
            "seen", "plug_trim", trim, (-connector.trim_m, 0, 0)
        )
    radius = max(half_y, half_z)

    def disc(kind: str, material: str, size: float, start: float, end: float) -> str:
        ends = (start, 0.0, 0.0, end, 0.0, 0.0)
        return tag("geom", kind=kind, type="cylinder", material=material, size=size, fromto=ends)

    middle = -connector.trim_m
    return disc("mate", "plug", radius, -_HEAD_LENGTH_M, 0.0) + disc(
        "seen", "plug_trim", radius + proud, middle - ring, middle + ring
    )


def plug_xml(connector: Connector = PLUG) -> str:
    """The plug: grip block, head, two pins with round tips along +x."""
    half_gap = HOLD_HALF_GAP_M[0]
    return tag(
        "body",
        tag("freejoint", name="plug"),
        tag(
            "inertial",
            mass=PLUG_MASS_KG,
            pos=(PLUG_CENTRE_M, 0, 0),
            diaginertia=(1.4e-5, 2.6e-5, 2.8e-5),
        ),
        _head(connector),
        _box("grip", "plug", (0.0125, 0.013, half_gap - _RIDGE_OUT_M), (-PLUG_REACH_M, 0, 0)),
        _ridges("plug", -PLUG_REACH_M, half_gap, along_y=True, forward=1.0),
        *(_pin(connector, index) for index in range(len(_PIN_YS_M))),
        name="plug",
    )


def _walls() -> str:
    """The five boxes around and between the two square holes."""
    face_y, face_z = _FACE_HALF_M
    deep = HOLE_DEPTH_M / 2
    inner, outer = _PIN_YS_M[1] - HOLE_HALF_M, _PIN_YS_M[1] + HOLE_HALF_M
    shell, side = (face_z - HOLE_HALF_M) / 2, (face_y - outer) / 2

    def wall(half_y: float, half_z: float, y: float, z: float) -> str:
        return _box("mate", "socket", (deep, half_y, half_z), (deep, y, z))

    return (
        wall(face_y, shell, 0.0, HOLE_HALF_M + shell)
        + wall(face_y, shell, 0.0, -HOLE_HALF_M - shell)
        + wall(inner, HOLE_HALF_M, 0.0, 0.0)
        + wall(side, HOLE_HALF_M, outer + side, 0.0)
        + wall(side, HOLE_HALF_M, -outer - side, 0.0)
    )


def _dark_holes() -> str:
    """What makes the holes look like holes: a dark rim on the face and a dark ground."""
    rim = HOLE_HALF_M + 0.0012
    return "".join(
        _box("seen", "hole", (0.0004, rim, rim), (0.0002, y, 0.0))
        + _box("seen", "hole", (0.0005, HOLE_HALF_M, HOLE_HALF_M), (HOLE_DEPTH_M - 0.001, y, 0.0))
        for y in _PIN_YS_M
    )


def socket_xml() -> str:
    """The socket: a block with two square holes along x, open at x = 0."""
    half_gap = HOLD_HALF_GAP_M[1]
    face_y, face_z = _FACE_HALF_M
    back = (SOCKET_REACH_M + 0.0125 - HOLE_DEPTH_M) / 2
    trim = (0.0012, face_y + 0.0004, face_z + 0.0004)
    return tag(
        "body",
        tag("freejoint", name="socket"),
        tag(
            "inertial",
            mass=SOCKET_MASS_KG,
            pos=(SOCKET_CENTRE_M, 0, 0),
            diaginertia=(2.2e-5, 3.4e-5, 4.0e-5),
        ),
        _walls(),
        _dark_holes(),
        _box("grip", "socket", (back, half_gap - _RIDGE_OUT_M, 0.013), (HOLE_DEPTH_M + back, 0, 0)),
        _box("seen", "socket_trim", trim, (0.0055, 0, 0)),
        _ridges("socket", SOCKET_REACH_M, half_gap, along_y=False, forward=-1.0),
        name="socket",
    )
