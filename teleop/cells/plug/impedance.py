r"""Cartesian impedance control as MuJoCo actuators: it runs inside the physics step, at 500 Hz.

Per arm, in the axes of the target frame,

    tau = J^T (clip(K e) - D v) + gravity,

with e the pose error (position, rotation vector) and v the twist of the ee. A spring and a damper
act on each of the six axes between the ee site and a target that moves freely (Hogan, "Impedance
Control", 1985). The spring's force is clipped, which is the same as clipping its error: a target
that runs away cannot wind up a push (181 N were seen without it). The damper is not clipped, so
that a far target does not mean a fast arm: the spring moves it at 0.13 m/s at most. MuJoCo's
implicit integrator takes the damper's derivative into account, and gravity compensation is a
property of the arm's bodies.
"""

from typing import Final

from teleop.cells.plug.mjcf import tag

STIFFNESS_N_M: Final = 1500.0
STIFFNESS_NM_RAD: Final = 40.0
DAMPING_NS_M: Final = 105.0
DAMPING_NMS_RAD: Final = 4.0
# Errors beyond these push no harder: 13.5 N and 6 Nm on an axis.
ERROR_LIMIT_M: Final = 0.009
ERROR_LIMIT_RAD: Final = 0.15


def target_xml(side: str) -> str:
    """The frame the ee is pulled to."""
    name = f"{side}_target"
    return tag("body", tag("site", name=name, group=5), name=name, mocap="true")


def impedance_actuators_xml(side: str) -> str:
    """Six springs and six dampers between the ee and its target."""
    return "".join(
        _axis(side, axis, STIFFNESS_N_M, DAMPING_NS_M, ERROR_LIMIT_M)
        + _axis(side, axis + 3, STIFFNESS_NM_RAD, DAMPING_NMS_RAD, ERROR_LIMIT_RAD)
        for axis in range(3)
    )


def _axis(side: str, axis: int, stiffness: float, damping: float, error: float) -> str:
    """Spring and damper of one axis; with zero gain an actuator is its bias, -K x or -D v."""
    ends = {
        "site": f"{side}_ee",
        "refsite": f"{side}_target",
        "gear": tuple(float(i == axis) for i in range(6)),
        "biastype": "affine",
        "gainprm": 0.0,
    }
    most = stiffness * error
    return tag("general", biasprm=(0, -stiffness, 0), forcerange=(-most, most), **ends) + tag(
        "general", biasprm=(0, 0, -damping), **ends
    )
