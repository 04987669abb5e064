"""What goes into the cell and what comes out, as values."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ToolTarget:
    """Where both tools are wanted.

    Attributes:
        position: (2, 3) m, world.
        quaternion: (2, 4) w first, T_world_ee.
        opening: (2,) 0 closed to 1 open.
    """

    position: Array
    quaternion: Array
    opening: Array


@dataclass(frozen=True, slots=True)
class CellReading:
    """What real arms would report: read-only copies, which stay as they are for good.

    Attributes:
        time_s: simulated time since the reset.
        q, dq: (2, 6) rad and rad/s.
        position: (2, 3) m, world.
        quaternion: (2, 4) w first, T_world_ee.
        twist: (2, 6) linear first, world axes at the ee origin, m/s and rad/s.
        wrench: (2, 6) N and Nm, what the surroundings do to the tool, at the ee origin in ee axes;
            tared, the weight of hand and part taken off.
        opening: (2,) measured, 0 closed to 1 open.
        tactile: (2, 2, 8, 8) N; arm, pad, row 0 at the fingertips, columns along ee x on both pads.
            Each pad sums to the normal force on it.
    """

    time_s: float
    q: Array
    dq: Array
    position: Array
    quaternion: Array
    twist: Array
    wrench: Array
    opening: Array
    tactile: Array

    def __post_init__(self) -> None:
        _freeze(self.q, self.dq, self.position, self.quaternion)
        _freeze(self.twist, self.wrench, self.opening, self.tactile)


@dataclass(frozen=True, slots=True)
class PlugTruth:
    """What only a simulation knows, read-only. Never an input of a policy, nor of a label.

    Attributes:
        position_m: (3,) origin of the plug frame in the socket frame; x is 0 when home, -0.018 with
            tips at the face.
        rotation_rad: (3,) rotation vector of the plug in the socket frame.
        tip_m: (3,) middle of the pin tips in the socket frame: x is the depth, y and z the lateral
            error.
        depth_m: of the tips behind the socket's face.
        lateral_m: (2,) y and z of the tips.
        socket_quaternion: (4,) T_world_socket, w first.
        tip_world_m: (3,) middle of the pin tips in the world.
        axial_force_n: push of the plug on the socket along the insertion.
        contact: whether plug and socket touch.
        inserted, jammed, dropped: the state of the task. Dropped: a part has left its hand.
    """

    position_m: Array
    rotation_rad: Array
    tip_m: Array
    depth_m: float
    lateral_m: Array
    socket_quaternion: Array
    tip_world_m: Array
    axial_force_n: float
    contact: bool
    inserted: bool
    jammed: bool
    dropped: bool

    def __post_init__(self) -> None:
        _freeze(self.position_m, self.rotation_rad, self.tip_m, self.lateral_m)
        _freeze(self.socket_quaternion, self.tip_world_m)


def _freeze(*arrays: Array) -> None:
    for array in arrays:
        array.flags.writeable = False
