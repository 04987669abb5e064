"""One six-joint arm as MJCF: UR5e link lengths, masses and limits; its look is made of primitives."""

from dataclasses import dataclass
from typing import Final

# Denavit-Hartenberg lengths of the UR5e, m.
_D1, _A2, _A3, _D4, _D5, _D6 = 0.1625, 0.425, 0.3922, 0.1333, 0.0997, 0.0996
# How far the upper arm stands out from the shoulder, and the forearm back in: only the sum with the wrist is fixed by d4.
_SHOULDER_OUT, _ELBOW_IN = 0.138, 0.131
_WRIST_OUT: Final = _D4 - _SHOULDER_OUT + _ELBOW_IN

# Rotor inertia seen at the joint, kg m2, and viscous friction, Nms/rad.
_ARMATURE: Final = 0.1
_DAMPING: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Link:
    """One moving link: its frame in its parent, its joint, its inertia and its look (geoms as XML)."""

    name: str
    frame: str
    axis: str
    mass_kg: float
    centre: str
    inertia: str
    look: str


def _tube(start: str, end: str, radius: float, material: str) -> str:
    return f'<geom class="look" type="cylinder" fromto="{start} {end}" size="{radius}" material="{material}"/>'


def _round_tube(start: str, end: str, radius: float, material: str) -> str:
    return f'<geom class="look" type="capsule" fromto="{start} {end}" size="{radius}" material="{material}"/>'


def _links() -> tuple[_Link, ...]:
    """The chain from the shoulder to the last wrist joint."""
    elbow_y = -_ELBOW_IN
    return (
        _Link(
            "shoulder", f'pos="0 0 {_D1}"', "0 0 1", 3.7, "0 0 0", ".0102 .0102 .0067",
            _tube("0 0 -.064", "0 0 .0", 0.060, "shell")
            + _round_tube("0 -.002 0", "0 .03 0", 0.0595, "shell")
            + _tube("0 -.066 0", "0 -.055 0", 0.050, "accent")
            + _tube("0 -.056 0", "0 .0 0", 0.0585, "shell")
            + _tube("0 .066 0", "0 .072 0", 0.057, "joint"),
        ),
        _Link(
            "upper_arm", f'pos="0 {_SHOULDER_OUT} 0" quat="1 0 1 0"', "0 1 0", 8.393,
            "0 0 .2125", ".1338 .1338 .0151",
            _tube("0 -.066 0", "0 .055 0", 0.0585, "shell")
            + _tube("0 .055 0", "0 .066 0", 0.050, "accent")
            + _tube("0 0 .05", f"0 0 {_A2 - 0.05}", 0.0455, "shell")
            + _tube(f"0 -.060 {_A2}", f"0 .050 {_A2}", 0.0515, "shell")
            + _tube(f"0 .050 {_A2}", f"0 .061 {_A2}", 0.044, "accent")
            + _tube(f"0 -.066 {_A2}", f"0 -.060 {_A2}", 0.050, "joint"),
        ),
        _Link(
            "forearm", f'pos="0 {elbow_y} {_A2}"', "0 1 0", 2.275, "0 0 .196", ".0312 .0312 .0041",
            _tube("0 -.052 0", "0 .065 0", 0.0510, "shell")
            + _tube("0 -.063 0", "0 -.052 0", 0.043, "accent")
            + _tube("0 0 .04", f"0 0 {_A3 - 0.03}", 0.0365, "shell")
            + _tube(f"0 -.038 {_A3}", f"0 .052 {_A3}", 0.0385, "shell")
            + _tube(f"0 -.047 {_A3}", f"0 -.038 {_A3}", 0.032, "accent"),
        ),
        _Link(
            "wrist_1", f'pos="0 0 {_A3}" quat="1 0 1 0"', "0 1 0", 1.219, f"0 {_WRIST_OUT} 0", ".0026 .0026 .0022",
            _tube("0 .052 0", "0 .058 0", 0.037, "joint")
            + _tube("0 .058 0", f"0 {_WRIST_OUT + 0.038} 0", 0.0385, "shell")
            + _tube(f"0 {_WRIST_OUT + 0.038} 0", f"0 {_WRIST_OUT + 0.047} 0", 0.032, "accent")
            + _tube(f"0 {_WRIST_OUT} .02", f"0 {_WRIST_OUT} .045", 0.038, "shell"),
        ),
        _Link(
            "wrist_2", f'pos="0 {_WRIST_OUT} 0"', "0 0 1", 1.219, f"0 0 {_D5}", ".0026 .0026 .0022",
            _tube("0 0 .045", "0 0 .051", 0.037, "joint")
            + _tube("0 0 .051", f"0 0 {_D5 + 0.038}", 0.0385, "shell")
            + _tube(f"0 0 {_D5 + 0.038}", f"0 0 {_D5 + 0.047}", 0.032, "accent")
            + _tube(f"0 .02 {_D5}", f"0 .044 {_D5}", 0.038, "shell"),
        ),
        _Link(
            "wrist_3", f'pos="0 0 {_D5}"', "0 1 0", 0.1889, "0 .0771 0", ".0001 .0001 .0001",
            _tube("0 .044 0", "0 .050 0", 0.037, "joint") + _tube("0 .050 0", f"0 {_D6} 0", 0.0375, "shell"),
        ),
    )  # fmt: skip


def arm_xml(side: str, position: str, quaternion: str, hand: str) -> str:
    """The arm as one MJCF body.

    Args:
        side: prefix of every name.
        position: of the base in the world, m.
        quaternion: of the base in the world, w first.
        hand: MJCF carried by the flange, whose z points out of the tool.
    """
    opened: list[str] = []
    for link in _links():
        opened.append(
            f'<body name="{side}_{link.name}" {link.frame} gravcomp="1">'
            f'<inertial mass="{link.mass_kg}" pos="{link.centre}" diaginertia="{link.inertia}"/>'
            f'<joint name="{side}_{link.name}" axis="{link.axis}" range="-360 360" '
            f'armature="{_ARMATURE}" damping="{_DAMPING}"/>'
            f"{link.look}"
        )
    flange = (
        f'<body name="{side}_flange" pos="0 {_D6} 0" quat="-1 1 0 0" gravcomp="1">{hand}</body>'
    )
    base = (
        _tube("0 0 0", "0 0 .012", 0.092, "joint")
        + _tube("0 0 .012", "0 0 .082", 0.068, "shell")
        + _tube("0 0 .082", "0 0 .0985", 0.0615, "joint")
    )
    return (
        f'<body name="{side}_base" pos="{position}" quat="{quaternion}">{base}'
        + "".join(opened)
        + flange
        + "</body>" * (len(opened) + 1)
    )
