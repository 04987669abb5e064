"""The parallel gripper as MJCF: wrist sensor, palm, two fingers, two pads with tactile arrays.

What is seen of a finger is apart from what touches, so that the look can be jittered without
touching the physics. The tactile plate stands proud of the pad like a soft skin: a taxel reads how
deep a part reaches into that skin.
"""

from typing import Final

from teleop.cells.plug.geometry import FINGER_TRAVEL_M
from teleop.cells.plug.mjcf import tag

# From the flange to the middle of the pads.
TOOL_LENGTH_M: Final = 0.150
TAXELS: Final = 8
PAD_HALF_M: Final = 0.012
_PAD_THICK_M: Final = 0.004
_SKIN_M: Final = 0.0006
GRIP_FORCE_N: Final = 40.0
# Half the distance between the pads at zero travel.
FINGER_ZERO_M: Final = 0.0005

HAND_MASS_KG: Final = 0.85
FINGER_MASS_KG: Final = 0.05
# MuJoCo holds up a body's own weight times a factor, so something light must carry the factor.
LIFTER_MASS_KG: Final = 0.001


def _finger(side: str, index: int) -> str:
    """One finger, its body origin on the pad's face, its own +y pointing away from the face."""
    sign = 1.0 if index == 0 else -1.0
    turn = (1.0, 0.0, 0.0, 0.0) if index == 0 else (0.0, 0.0, 0.0, 1.0)
    name = f"{side}_finger_{index}"
    half = _PAD_THICK_M / 2
    pad = {"type": "box", "size": (PAD_HALF_M, half, PAD_HALF_M), "pos": (0.0, half, 0.0)}
    tip = {"size": (0.0115, 0.003, 0.0135), "pos": (0.0, _PAD_THICK_M + 0.003, 0.0)}
    bone = {"size": (0.0095, 0.0048, 0.029), "pos": (0.0, 0.0105, -0.033)}
    sensed = PAD_HALF_M + 0.002
    return tag(
        "body",
        tag("inertial", mass=FINGER_MASS_KG, pos=(0, 0.008, -0.02), diaginertia=(3e-5, 3e-5, 1e-5)),
        tag(
            "joint",
            name=name,
            type="slide",
            axis=(0, 1, 0),
            range=(-0.001, FINGER_TRAVEL_M),
            armature=0.2,
            damping=20,
        ),
        tag("geom", name=f"{name}_pad", kind="pad", **pad),
        tag(
            "geom",
            name=f"{name}_bone",
            kind="touch",
            type="box",
            size=(0.010, 0.005, 0.036),
            pos=(0, 0.0095, -0.026),
        ),
        tag("geom", name=f"{name}_pad_look", kind="seen", material="rubber", **pad),
        tag("geom", name=f"{name}_tip_look", kind="seen", type="box", material="finger", **tip),
        tag("geom", name=f"{name}_bone_look", kind="seen", type="box", material="finger", **bone),
        # The plate's +z must look out of the pad; the wrong side reads nothing.
        tag(
            "geom",
            name=f"{name}_skin",
            kind="skin",
            type="mesh",
            mesh="skin",
            pos=(0, -_SKIN_M, 0),
            euler=(90, 0, 0),
        ),
        tag("site", name=f"{name}_touch", type="box", size=(sensed, 0.008, sensed), group=5),
        name=name,
        pos=(0, sign * FINGER_ZERO_M, 0),
        quat=turn,
        gravcomp=1,
    )


def _palm(side: str) -> str:
    """Coupling, wrist sensor, palm and finger rail."""

    def drum(material: str, radius: float, start: float, end: float) -> str:
        ends = (0.0, 0.0, start, 0.0, 0.0, end)
        return tag(
            "geom", kind="seen", type="cylinder", fromto=ends, size=radius, material=material
        )

    def block(material: str, size: tuple[float, float, float], z: float) -> str:
        return tag("geom", kind="seen", type="box", size=size, pos=(0, 0, z), material=material)

    return (
        drum("joint", 0.0385, -0.150, -0.143)
        + drum("sensor", 0.0375, -0.143, -0.116)
        + drum("accent", 0.0380, -0.1325, -0.1295)
        + block("palm", (0.024, 0.0415, 0.022), -0.095)
        + block("joint", (0.018, 0.0435, 0.006), -0.070)
        + tag(
            "geom",
            name=f"{side}_palm",
            kind="touch",
            type="box",
            size=(0.026, 0.0425, 0.036),
            pos=(0, 0, -0.100),
        )
    )


def hand_xml(side: str, payload_kg: float, payload_reach_m: float) -> str:
    """The gripper in the flange's frame, z out of the tool.

    Args:
        side: prefix of every name.
        payload_kg: mass of the held part; its weight is held up as by a cobot's payload setting,
            or 0.1 kg would turn the tool down by 0.15 degrees.
        payload_reach_m: where its centre of mass lies on ee z.
    """
    lifter = tag(
        "body",
        tag("inertial", mass=LIFTER_MASS_KG, pos=(0, 0, 0), diaginertia=(1e-7, 1e-7, 1e-7)),
        pos=(0, 0, payload_reach_m),
        gravcomp=1.0 + payload_kg / LIFTER_MASS_KG,
    )
    return tag(
        "body",
        tag("inertial", mass=HAND_MASS_KG, pos=(0, 0, -0.09), diaginertia=(1.2e-3, 1.0e-3, 0.8e-3)),
        _palm(side),
        tag("site", name=f"{side}_ee", group=5),
        _finger(side, 0),
        _finger(side, 1),
        lifter,
        name=f"{side}_hand",
        pos=(0, 0, TOOL_LENGTH_M),
        gravcomp=1,
    )


def hand_actuators_xml(side: str) -> str:
    """One servo closes both fingers; the fingers mirror each other."""
    most = 2 * GRIP_FORCE_N
    return tag(
        "position",
        name=f"{side}_grip",
        tendon=f"{side}_grip",
        kp=8000,
        kv=60,
        ctrlrange=(0, FINGER_TRAVEL_M),
        forcerange=(-most, most),
    )


def hand_tendon_xml(side: str) -> str:
    """The mean travel of the two fingers."""
    halves = (tag("joint", joint=f"{side}_finger_{i}", coef=0.5) for i in range(2))
    return tag("fixed", *halves, name=f"{side}_grip")


def hand_equality_xml(side: str) -> str:
    """The linkage that keeps the fingers symmetric."""
    return tag(
        "joint",
        joint1=f"{side}_finger_0",
        joint2=f"{side}_finger_1",
        solref=(0.004, 1),
        solimp=(0.99, 0.999, 0.001),
    )


def hand_sensors_xml(side: str) -> str:
    """Wrist force and torque at the ee frame, then per pad: newtons, and the tactile plate."""
    ee = f"{side}_ee"
    wrist = tag("force", name=f"{side}_force", site=ee) + tag(
        "torque", name=f"{side}_torque", site=ee
    )
    return wrist + "".join(
        tag("touch", name=f"{side}_touch_{i}", site=f"{side}_finger_{i}_touch")
        + tag("tactile", name=f"{side}_tactile_{i}", geom=f"{side}_finger_{i}_skin", mesh="skin")
        for i in range(2)
    )


def skin_mesh_xml() -> str:
    """The plate of taxels shared by all pads."""
    half = PAD_HALF_M - 0.001
    return tag(
        "mesh", name="skin", builtin="plate", params=(TAXELS, TAXELS), scale=(half, half, 0.0005)
    )
