"""The whole cell as one MuJoCo model, and where its parts lie in MuJoCo's arrays.

Contacts. Light fingers on light parts are far too soft with MuJoCo's defaults (stiffness scales
with effective mass: a part sinks through a pad), hence the finger armature, solref at two steps,
the elliptic cone with impratio 10, torsional friction (condim 4) and the noslip pass: a held part
creeps by some 0.01 mm in 15 s under 10 N.
"""

from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from teleop.cells.plug.arm import arm_xml
from teleop.cells.plug.cameras import cameras_xml
from teleop.cells.plug.clutter import clutter_xml
from teleop.cells.plug.connector import PLUG, Connector, plug_xml, socket_xml
from teleop.cells.plug.geometry import (
    PHYSICS_STEP_S,
    PLUG_CENTRE_M,
    PLUG_MASS_KG,
    PLUG_REACH_M,
    RIGHT,
    SIDES,
    SOCKET_CENTRE_M,
    SOCKET_MASS_KG,
    SOCKET_REACH_M,
)
from teleop.cells.plug.hand import (
    TAXELS,
    hand_actuators_xml,
    hand_equality_xml,
    hand_sensors_xml,
    hand_tendon_xml,
    hand_xml,
    skin_mesh_xml,
)
from teleop.cells.plug.impedance import impedance_actuators_xml, target_xml
from teleop.cells.plug.mjcf import tag
from teleop.cells.plug.room import materials_xml, room_xml

# Bases stand beside and behind the meeting point, so that no arm is between it and the operator.
_BASES_M = ((-0.66, 0.20, 0.0), (0.66, 0.20, 0.0))
# Mass of the part in each hand, and how far out of the hand its centre lies.
_PAYLOADS = (
    (PLUG_MASS_KG, PLUG_REACH_M + PLUG_CENTRE_M),
    (SOCKET_MASS_KG, SOCKET_REACH_M - SOCKET_CENTRE_M),
)
_JOINTS = ("shoulder", "upper_arm", "forearm", "wrist_1", "wrist_2", "wrist_3")

# Bits: 1 hands and table, 2 parts, 4 pads. Groups: 0 hands and parts, 1 arms and furniture,
# 2 background of the close-ups, 3 painted shade, 4 what only touches, 5 what is never drawn.
_HEAD = f"""
<compiler angle="degree" autolimits="true" inertiafromgeom="false"/>
<option timestep="{PHYSICS_STEP_S}" integrator="implicitfast" cone="elliptic" impratio="10"
  noslip_iterations="2"/>
<visual>
  <global offwidth="1280" offheight="960"/>
  <quality shadowsize="2048" offsamples="0" numslices="12" numstacks="6"/>
  <headlight ambient=".34 .34 .36" diffuse=".22 .22 .22" specular=".05 .05 .05"/>
  <map znear=".02" zfar="12" shadowclip="1.2" fogstart="4" fogend="10"/>
  <rgba fog=".60 .65 .70 1"/>
</visual>
<default>
  <default class="look"><geom contype="0" conaffinity="0" group="1"/></default>
  <default class="room"><geom contype="0" conaffinity="0" group="2"/></default>
  <default class="seen"><geom contype="0" conaffinity="0" group="0"/></default>
  <default class="skin"><geom contype="0" conaffinity="0" group="5"/></default>
  <default class="touch"><geom contype="1" conaffinity="3" group="4" friction=".5"/></default>
  <default class="pad"><geom contype="4" conaffinity="5" group="4" condim="4" priority="2"
    friction="1.2 .012 .0001" solref=".004 1" solimp=".96 .995 .0005"/></default>
  <default class="grip"><geom contype="2" conaffinity="4" group="0" condim="4" friction=".3"/>
  </default>
  <default class="mate"><geom contype="2" conaffinity="2" group="0" condim="3" priority="1"
    friction=".18" solref=".005 1" solimp=".95 .99 .0005"/></default>
</default>
"""


def scene_xml(connector: Connector = PLUG) -> str:
    """The MJCF of the cell with a plug of that shape."""
    arms = "".join(
        arm_xml(side, _BASES_M[i], i == RIGHT, hand_xml(side, *_PAYLOADS[i]))
        for i, side in enumerate(SIDES)
    )
    targets = "".join(target_xml(side) for side in SIDES)
    room = room_xml(tuple((x, y) for x, y, _ in _BASES_M))
    per_side = (hand_tendon_xml, hand_equality_xml, hand_sensors_xml)
    tendons, equalities, sensors = ("".join(part(side) for side in SIDES) for part in per_side)
    actuators = "".join(impedance_actuators_xml(side) + hand_actuators_xml(side) for side in SIDES)
    mating = tag(
        "contact",
        name="mating",
        body1="plug",
        body2="socket",
        reduce="netforce",
        data="found force",
    )
    return tag(
        "mujoco",
        _HEAD,
        tag("asset", materials_xml(), skin_mesh_xml()),
        tag(
            "worldbody",
            room,
            cameras_xml(),
            targets,
            arms,
            plug_xml(connector),
            socket_xml(),
            clutter_xml(),
        ),
        tag("tendon", tendons),
        tag("equality", equalities),
        tag("actuator", actuators),
        tag("sensor", sensors, mating),
        model="plug cell",
    )


def build_model(connector: Connector = PLUG) -> mujoco.MjModel:
    """Compile the cell (about 50 ms). With any plug its arrays have the same shapes and names."""
    return mujoco.MjModel.from_xml_string(scene_xml(connector))


Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the cell's parts lie in qpos, qvel, ctrl and sensordata. First axis: arm."""

    arm_qpos: Index  # (2, 6)
    arm_dof: Index  # (2, 6)
    finger_qpos: Index  # (2, 2)
    object_qpos: Index  # (2, 7) plug, socket
    object_dof: Index  # (2, 6)
    object_body: tuple[int, int]
    pin: int  # the geom of one pin
    ee_site: tuple[int, int]
    target_mocap: tuple[int, int]
    grip_ctrl: Index  # (2,)
    force: Index  # (2, 3)
    torque: Index  # (2, 3)
    touch: Index  # (2, 2)
    tactile: Index  # (2, 2, 8, 8) the depths, row 0 at the fingertips, columns along ee x
    mating: int


def parts_of(model: mujoco.MjModel) -> Parts:
    """Look up where the cell's parts lie; the same for every compiled cell."""

    def joint(name: str) -> int:
        return int(model.joint(name).id)

    def sensor(name: str) -> int:
        return int(model.sensor(name).adr[0])

    arms = [[joint(f"{side}_{link}") for link in _JOINTS] for side in SIDES]
    fingers = [[joint(f"{side}_finger_{i}") for i in range(2)] for side in SIDES]
    objects = [joint("plug"), joint("socket")]
    pads = [[sensor(f"{side}_tactile_{i}") + _taxel_order(i) for i in range(2)] for side in SIDES]
    return Parts(
        arm_qpos=model.jnt_qposadr[arms].astype(np.intp),
        arm_dof=model.jnt_dofadr[arms].astype(np.intp),
        finger_qpos=model.jnt_qposadr[fingers].astype(np.intp),
        object_qpos=np.asarray(model.jnt_qposadr[objects])[:, None] + np.arange(7),
        object_dof=np.asarray(model.jnt_dofadr[objects])[:, None] + np.arange(6),
        object_body=(int(model.body("plug").id), int(model.body("socket").id)),
        pin=int(model.geom("pin_0").id),
        ee_site=(int(model.site("left_ee").id), int(model.site("right_ee").id)),
        target_mocap=(
            int(model.body("left_target").mocapid[0]),
            int(model.body("right_target").mocapid[0]),
        ),
        grip_ctrl=np.array([model.actuator(f"{side}_grip").id for side in SIDES]),
        force=np.array([np.arange(3) + sensor(f"{side}_force") for side in SIDES]),
        torque=np.array([np.arange(3) + sensor(f"{side}_torque") for side in SIDES]),
        touch=np.array([[sensor(f"{side}_touch_{i}") for i in range(2)] for side in SIDES]),
        tactile=np.array(pads),
        mating=sensor("mating"),
    )


def _taxel_order(pad: int) -> Index:
    """Offsets of the taxels' depths, (8, 8); the plate counts along z, then along +-x."""
    plate = np.arange(TAXELS * TAXELS).reshape(TAXELS, TAXELS)
    return (plate if pad == 0 else plate[::-1]).T[::-1]
