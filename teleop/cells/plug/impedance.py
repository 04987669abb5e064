r"""Cartesian impedance control as MuJoCo actuators, so that it runs inside the physics step at 500 Hz.

Per arm, in the axes of the target frame,

    tau = J^T (clip(K e) - D v) + gravity,

with e the pose error (position, rotation vector) and v the twist of the ee. A spring and a damper act on each of the
six axes between the ee site and a target that moves freely (Hogan, "Impedance Control", 1985). The spring's force is
clipped, which is the same as clipping its error: a target that runs away cannot wind up a push (181 N were seen without
it). The damper is not clipped, so that a far target does not mean a fast arm. MuJoCo's implicit integrator takes the
damper's derivative into account, and gravity compensation is a property of the arm's bodies.
"""

from typing import Final

STIFFNESS_N_M: Final = 1500.0
STIFFNESS_NM_RAD: Final = 40.0
DAMPING_NS_M: Final = 105.0
DAMPING_NMS_RAD: Final = 4.0
# Errors beyond these push no harder: 13.5 N and 6 Nm.
ERROR_LIMIT_M: Final = 0.009
ERROR_LIMIT_RAD: Final = 0.15


def target_xml(side: str) -> str:
    """The frame the ee is pulled to."""
    return f'<body name="{side}_target" mocap="true"><site name="{side}_target" group="5"/></body>'


def impedance_actuators_xml(side: str) -> str:
    """Six springs and six dampers between the ee and its target."""
    rows: list[str] = []
    for axis in range(6):
        gear = " ".join("1" if i == axis else "0" for i in range(6))
        linear = axis < 3
        stiffness = STIFFNESS_N_M if linear else STIFFNESS_NM_RAD
        damping = DAMPING_NS_M if linear else DAMPING_NMS_RAD
        limit = stiffness * (ERROR_LIMIT_M if linear else ERROR_LIMIT_RAD)
        ends = f'site="{side}_ee" refsite="{side}_target" gear="{gear}"'
        rows.append(
            f'<general name="{side}_spring_{axis}" {ends} biastype="affine" gainprm="0" '
            f'biasprm="0 {-stiffness} 0" forcerange="{-limit} {limit}"/>'
            f'<general name="{side}_damper_{axis}" {ends} biastype="affine" gainprm="0" biasprm="0 0 {-damping}"/>'
        )
    return "".join(rows)
