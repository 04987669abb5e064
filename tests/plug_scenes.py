"""A made-up plug scene for the scripted operator, without a simulation."""

from dataclasses import replace

import numpy as np

from teleop.cells.plug.reading import PlugTruth
from teleop.messages import Array

FREE = PlugTruth(
    position_m=np.array([-0.06, 0.004, 0.0]),
    rotation_rad=np.zeros(3),
    tip_m=np.array([-0.042, 0.004, 0.0]),
    depth_m=-0.042,
    lateral_m=np.array([0.004, 0.0]),
    socket_quaternion=np.array([1.0, 0, 0, 0]),
    tip_world_m=np.zeros(3),
    axial_force_n=0.0,
    contact=False,
    inserted=False,
    jammed=False,
    dropped=False,
)


def at_depth(depth_m: float, lateral_m: float = 0.004, contact: bool = True) -> PlugTruth:
    """The plug with its tips this deep behind the face."""
    return replace(
        FREE,
        position_m=np.array([depth_m - 0.018, lateral_m, 0.0]),
        tip_m=np.array([depth_m, lateral_m, 0.0]),
        depth_m=depth_m,
        lateral_m=np.array([lateral_m, 0.0]),
        contact=contact,
    )


STUCK = at_depth(0.0)
JAMMED = replace(at_depth(0.002), jammed=True)
IN = at_depth(0.006, lateral_m=0.0)
HOME = replace(at_depth(0.018, lateral_m=0.0), inserted=True)


class Scene:
    """What there is to see; a policy that makes progress until something is jammed."""

    def __init__(self, now: PlugTruth = HOME) -> None:
        self.now = now

    def truth(self) -> PlugTruth:
        return self.now

    def expert(self, truth: PlugTruth) -> Array:
        """Straight back to the hole's axis."""
        return np.concatenate([[0.0], -2.0 * truth.lateral_m, np.zeros(3)])

    def jam(self) -> None:
        self.now = replace(HOME, inserted=False, jammed=True, lateral_m=np.array([0.01, 0.0]))

    def solve(self) -> None:
        self.now = HOME
