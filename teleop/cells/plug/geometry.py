"""The numbers of the plug cell that more than one file needs: sizes, frames, where the tools meet.

Frames. World: x right, y away from the operator, z up, the table top at z = 0. The ee frame sits
between the finger pads: z points out of the hand, y is the axis on which the fingers close, x
completes it. The plug frame sits where the pins leave the head, the socket frame on the socket's
face; both have x along the insertion and coincide when the plug is home, so the plug's pose in the
socket frame is the mating error and its x runs from -PIN_LENGTH_M (tips at the face) to 0. At the
meeting pose, with nominal grasps, both are aligned with the world.

The left hand closes on z, the right hand on y. What a flat pad leaves free is a slide along it and
a turn about the closing axis, so the plug can be off in y and about z, the socket in z and about y,
and each error stays put by friction, as in a real hand.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEFT: Final = 0
RIGHT: Final = 1
SIDES: Final = ("left", "right")

PHYSICS_STEP_S: Final = 0.002

PIN_RADIUS_M: Final = 0.0024
PIN_LENGTH_M: Final = 0.018
PIN_SPACING_M: Final = 0.019
# Half the width of a square hole. Against a round tip of 2.4 mm radius an edge up to 2 mm off
# centre is met steeply enough to slide in at the friction below, and an edge 3 mm off is met head
# on.
HOLE_HALF_M: Final = 0.0029
HOLE_DEPTH_M: Final = 0.020

# From the middle of the pads to the plug frame and to the socket frame, along ee z.
PLUG_REACH_M: Final = 0.026
SOCKET_REACH_M: Final = 0.036
# Half the distance between the pads when they hold the plug, and the socket.
HOLD_HALF_GAP_M: Final = (0.0110, 0.0125)
FINGER_TRAVEL_M: Final = 0.028

PLUG_MASS_KG: Final = 0.08
SOCKET_MASS_KG: Final = 0.12
# Centres of mass, on x of the plug frame and of the socket frame.
PLUG_CENTRE_M: Final = -0.013
SOCKET_CENTRE_M: Final = 0.018

# Middle of the socket's face when the right tool is at its meeting pose.
MEETING_FACE_M: Final = (0.015, 0.0, 0.42)

# Columns are the ee axes in the world at the meeting pose; their transposes are the objects'
# nominal attitude in the hand.
LEFT_MEETING_ROTATION: Final[Array] = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
RIGHT_MEETING_ROTATION: Final[Array] = np.array(
    [[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
)
MEETING_ROTATIONS: Final = (LEFT_MEETING_ROTATION, RIGHT_MEETING_ROTATION)
OBJECT_REACHES_M: Final = (PLUG_REACH_M, SOCKET_REACH_M)


@dataclass(frozen=True, slots=True)
class ToolPoses:
    """Poses of both tools.

    Attributes:
        position: (2, 3) m, world.
        quaternion: (2, 4) w first, T_world_ee.
    """

    position: Array
    quaternion: Array


def meeting_poses() -> ToolPoses:
    """Where the tools are when nominally held parts are fully mated."""
    face = np.array(MEETING_FACE_M)
    position = face + np.array([[-PLUG_REACH_M, 0.0, 0.0], [SOCKET_REACH_M, 0.0, 0.0]])
    # 120 degrees about (1, 1, 1); 90 degrees about -y.
    quaternion = np.array([[0.5, 0.5, 0.5, 0.5], [np.sqrt(0.5), 0.0, -np.sqrt(0.5), 0.0]])
    return ToolPoses(position, quaternion)
