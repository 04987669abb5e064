"""One six-joint arm as MJCF: UR5e lengths, masses and limits, and a look made of primitives."""

from dataclasses import dataclass
from typing import Final

from teleop.cells.plug.mjcf import Value, tag

Vector = tuple[float, float, float]

# Denavit-Hartenberg lengths of the UR5e, m.
_D1, _A2, _A3, _D4, _D5, _D6 = 0.1625, 0.425, 0.3922, 0.1333, 0.0997, 0.0996
# How far the upper arm stands out from the shoulder, and the forearm back in: only the sum with
# the wrist is fixed by d4.
_SHOULDER_OUT, _ELBOW_IN = 0.138, 0.131
_WRIST_OUT: Final = _D4 - _SHOULDER_OUT + _ELBOW_IN

# Rotor inertia seen at the joint, kg m2, and viscous friction, Nms/rad.
_ARMATURE: Final = 0.1
_DAMPING: Final = 0.5

# A quarter turn about y, as between the shoulder and the upper arm.
_QUARTER_Y: Final = (1.0, 0.0, 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Link:
    """One moving link: frame in its parent, joint axis, inertia, and its look as MJCF."""

    name: str
    frame: dict[str, Value]
    axis: Vector
    mass_kg: float
    centre: Vector
    inertia: Vector
    look: str


def _tube(material: str, radius: float, start: Vector, end: Vector, shape: str = "cylinder") -> str:
    return tag(
        "geom", kind="look", type=shape, fromto=(*start, *end), size=radius, material=material
    )


def _housing(radius: float, z: float, start: float, end: float, cap: float) -> str:
    """A joint's housing along y, with a coloured cap beyond its end."""
    out = 0.010 if cap > end else -0.010
    return _tube("shell", radius, (0, start, z), (0, end, z)) + _tube(
        "accent", 0.86 * radius, (0, cap - out, z), (0, cap, z)
    )


def _ring(radius: float, z: float, start: float, end: float) -> str:
    """The dark gap between two housings."""
    return _tube("joint", radius, (0, start, z), (0, end, z))


def _links() -> tuple[_Link, ...]:
    """The chain from the shoulder to the last wrist joint."""
    return (*_upper_links(), *_wrist_links())


def _upper_links() -> tuple[_Link, ...]:
    shoulder = (
        _tube("shell", 0.060, (0, 0, -0.064), (0, 0, 0))
        + _tube("shell", 0.0595, (0, -0.002, 0), (0, 0.03, 0), "capsule")
        + _housing(0.0585, 0.0, 0.0, -0.056, -0.066)
        + _ring(0.057, 0.0, 0.066, 0.072)
    )
    upper_arm = (
        _housing(0.0585, 0.0, -0.066, 0.055, 0.066)
        + _tube("shell", 0.0455, (0, 0, 0.05), (0, 0, _A2 - 0.05))
        + _housing(0.0515, _A2, -0.060, 0.050, 0.061)
        + _ring(0.050, _A2, -0.066, -0.060)
    )
    forearm = (
        _housing(0.0510, 0.0, 0.065, -0.052, -0.063)
        + _tube("shell", 0.0365, (0, 0, 0.04), (0, 0, _A3 - 0.03))
        + _housing(0.0385, _A3, 0.052, -0.038, -0.047)
    )
    return (
        _Link(
            "shoulder",
            {"pos": (0, 0, _D1)},
            (0, 0, 1),
            3.7,
            (0, 0, 0),
            (0.0102, 0.0102, 0.0067),
            shoulder,
        ),
        _Link(
            "upper_arm",
            {"pos": (0, _SHOULDER_OUT, 0), "quat": _QUARTER_Y},
            (0, 1, 0),
            8.393,
            (0, 0, _A2 / 2),
            (0.1338, 0.1338, 0.0151),
            upper_arm,
        ),
        _Link(
            "forearm",
            {"pos": (0, -_ELBOW_IN, _A2)},
            (0, 1, 0),
            2.275,
            (0, 0, _A3 / 2),
            (0.0312, 0.0312, 0.0041),
            forearm,
        ),
    )


def _wrist_links() -> tuple[_Link, ...]:
    inertia = (0.0026, 0.0026, 0.0022)
    out = _WRIST_OUT
    wrist_1 = (
        _ring(0.037, 0.0, 0.052, 0.058)
        + _housing(0.0385, 0.0, 0.058, out + 0.038, out + 0.047)
        + _tube("shell", 0.038, (0, out, 0.02), (0, out, 0.045))
    )
    wrist_2 = (
        _tube("joint", 0.037, (0, 0, 0.045), (0, 0, 0.051))
        + _tube("shell", 0.0385, (0, 0, 0.051), (0, 0, _D5 + 0.038))
        + _tube("accent", 0.033, (0, 0, _D5 + 0.037), (0, 0, _D5 + 0.047))
        + _tube("shell", 0.038, (0, 0.02, _D5), (0, 0.044, _D5))
    )
    wrist_3 = _ring(0.037, 0.0, 0.044, 0.050) + _tube("shell", 0.0375, (0, 0.05, 0), (0, _D6, 0))
    return (
        _Link(
            "wrist_1",
            {"pos": (0, 0, _A3), "quat": _QUARTER_Y},
            (0, 1, 0),
            1.219,
            (0, out, 0),
            inertia,
            wrist_1,
        ),
        _Link("wrist_2", {"pos": (0, out, 0)}, (0, 0, 1), 1.219, (0, 0, _D5), inertia, wrist_2),
        _Link(
            "wrist_3",
            {"pos": (0, 0, _D5)},
            (0, 1, 0),
            0.1889,
            (0, 0.0771, 0),
            (0.0001, 0.0001, 0.0001),
            wrist_3,
        ),
    )


def arm_xml(side: str, position: Vector, turned: bool, hand: str) -> str:
    """The arm as one MJCF body.

    Args:
        side: prefix of every name.
        position: of the base in the world, m.
        turned: whether the base looks along -x.
        hand: MJCF carried by the flange, whose z points out of the tool.
    """
    chain = tag(
        "body",
        hand,
        name=f"{side}_flange",
        pos=(0, _D6, 0),
        quat=(-1, 1, 0, 0),
        gravcomp=1,
    )
    for link in reversed(_links()):
        chain = tag(
            "body",
            tag("inertial", mass=link.mass_kg, pos=link.centre, diaginertia=link.inertia),
            tag(
                "joint",
                name=f"{side}_{link.name}",
                axis=link.axis,
                range=(-360, 360),
                armature=_ARMATURE,
                damping=_DAMPING,
            ),
            link.look,
            chain,
            name=f"{side}_{link.name}",
            gravcomp=1,
            **link.frame,
        )
    base = (
        _tube("joint", 0.092, (0, 0, 0), (0, 0, 0.012))
        + _tube("shell", 0.068, (0, 0, 0.012), (0, 0, 0.082))
        + _tube("joint", 0.0615, (0, 0, 0.082), (0, 0, 0.0985))
    )
    facing = (0.0, 0.0, 0.0, 1.0) if turned else (1.0, 0.0, 0.0, 0.0)
    return tag("body", base, chain, name=f"{side}_base", pos=position, quat=facing)
