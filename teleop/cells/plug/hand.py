"""The parallel gripper as MJCF: wrist sensor, palm, two fingers, two pads with tactile arrays.

What is seen of a finger is apart from what touches, so that the look can be jittered without touching the physics.
The tactile plate stands proud of the pad like a soft skin: a taxel reads how deep a part reaches into that skin.
"""

from typing import Final

from teleop.cells.plug.geometry import FINGER_TRAVEL_M

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


def _finger(side: str, index: int, gravity_share: float) -> str:
    """One finger; its body origin lies on the pad's face, the face normal along the inward closing direction."""
    sign = 1.0 if index == 0 else -1.0
    # Rotate so that the finger's own +y always points away from the pad's face.
    turn = "1 0 0 0" if index == 0 else "0 0 0 1"
    name = f"{side}_finger_{index}"
    half = _PAD_THICK_M / 2
    return f"""
<body name="{name}" pos="0 {sign * FINGER_ZERO_M} 0" quat="{turn}" gravcomp="{gravity_share}">
  <inertial mass="{FINGER_MASS_KG}" pos="0 .008 -.02" diaginertia="3e-5 3e-5 1e-5"/>
  <joint name="{name}" type="slide" axis="0 1 0" range="-.001 {FINGER_TRAVEL_M}" armature=".2" damping="20"/>
  <geom name="{name}_pad" class="pad" type="box" size="{PAD_HALF_M} {half} {PAD_HALF_M}" pos="0 {half} 0"/>
  <geom name="{name}_bone" class="touch" type="box" size=".010 .005 .036" pos="0 .0095 -.026"/>
  <geom name="{name}_pad_look" class="seen" type="box" size="{PAD_HALF_M} {half} {PAD_HALF_M}" pos="0 {half} 0"
        material="rubber"/>
  <geom name="{name}_tip_look" class="seen" type="box" size=".0115 .003 .0135" pos="0 {_PAD_THICK_M + 0.003} 0"
        material="finger"/>
  <geom name="{name}_bone_look" class="seen" type="box" size=".0095 .0048 .029" pos="0 .0105 -.033"
        material="finger"/>
  <geom name="{name}_skin" class="skin" type="mesh" mesh="skin" pos="0 {-_SKIN_M} 0" euler="90 0 0"/>
  <site name="{name}_touch" type="box" size="{PAD_HALF_M + 0.002} .008 {PAD_HALF_M + 0.002}" group="5"/>
</body>"""


def hand_xml(side: str, payload_kg: float) -> str:
    """The gripper in the flange's frame, z out of the tool.

    Args:
        side: prefix of every name.
        payload_kg: mass of the held part, lifted by the hand's gravity compensation as a cobot's payload setting does.
    """
    share = 1.0 + payload_kg / (HAND_MASS_KG + 2 * FINGER_MASS_KG)
    return f"""
<body name="{side}_hand" pos="0 0 {TOOL_LENGTH_M}" gravcomp="{share}">
  <inertial mass="{HAND_MASS_KG}" pos="0 0 -.09" diaginertia="1.2e-3 1e-3 8e-4"/>
  <geom class="seen" type="cylinder" fromto="0 0 -.150 0 0 -.143" size=".0385" material="joint"/>
  <geom class="seen" type="cylinder" fromto="0 0 -.143 0 0 -.116" size=".0375" material="sensor"/>
  <geom class="seen" type="cylinder" fromto="0 0 -.1325 0 0 -.1295" size=".0380" material="accent"/>
  <geom class="seen" type="box" size=".024 .0415 .022" pos="0 0 -.095" material="palm"/>
  <geom class="seen" type="box" size=".018 .0435 .006" pos="0 0 -.070" material="joint"/>
  <geom name="{side}_palm" class="touch" type="box" size=".026 .0425 .036" pos="0 0 -.100"/>
  <site name="{side}_ee" group="5"/>
  {_finger(side, 0, share)}
  {_finger(side, 1, share)}
</body>"""


def hand_actuators_xml(side: str) -> str:
    """One servo closes both fingers; the fingers mirror each other."""
    return f"""
<position name="{side}_grip" tendon="{side}_grip" kp="8000" kv="60" ctrlrange="0 {FINGER_TRAVEL_M}"
          forcerange="{-2 * GRIP_FORCE_N} {2 * GRIP_FORCE_N}"/>"""


def hand_tendon_xml(side: str) -> str:
    """The mean travel of the two fingers."""
    return f"""
<fixed name="{side}_grip">
  <joint joint="{side}_finger_0" coef=".5"/><joint joint="{side}_finger_1" coef=".5"/>
</fixed>"""


def hand_equality_xml(side: str) -> str:
    """The linkage that keeps the fingers symmetric."""
    return f'<joint joint1="{side}_finger_0" joint2="{side}_finger_1" solref=".004 1" solimp=".99 .999 .001"/>'


def hand_sensors_xml(side: str) -> str:
    """Wrist force and torque at the ee frame, then per pad: newtons, and the tactile plate."""
    pads = "".join(
        f'<touch name="{side}_touch_{i}" site="{side}_finger_{i}_touch"/>'
        f'<tactile name="{side}_tactile_{i}" geom="{side}_finger_{i}_skin" mesh="skin"/>'
        for i in range(2)
    )
    return f'<force name="{side}_force" site="{side}_ee"/><torque name="{side}_torque" site="{side}_ee"/>{pads}'


def skin_mesh_xml() -> str:
    """The plate of taxels shared by all pads."""
    return f'<mesh name="skin" builtin="plate" params="{TAXELS} {TAXELS}" scale="{PAD_HALF_M - 0.001} {PAD_HALF_M - 0.001} .0005"/>'
