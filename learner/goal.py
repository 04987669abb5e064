"""How far an arm was from the goal, known in hindsight.

Where an episode ended in success the parts are mated, and they lay still in their hands all along.
So forward kinematics alone says for every earlier moment where the plug stood in the socket's
frame: what the encoder is to read off the images (see pretrain.py), however the parts lie in the
hands, whatever they look like and wherever the cameras stand. They are mated as far as the holes
let them: a policy's own success may end 4 degrees off (see extract.py). (The idea of hindsight
labels: Andrychowicz et al. 2017, "Hindsight experience replay".)
"""

import numpy as np

from learner.observe import Float32
from teleop.cells.plug.geometry import RIGHT
from teleop.cells.plug.grasp import NOMINAL_GRASP, held_pose
from teleop.messages import Array
from teleop.se3 import conjugate, multiply, rotate, to_rotvec


def hindsight_goals(
    position_N23: Array, quaternion_N24: Array, end_position_23: Array, end_quaternion_24: Array
) -> Float32:
    """Plug in the socket's frame, zero when mated: (N, 6) m and rotation vector, rad.

    The socket's nominal place in the right hand is taken for its real one; a few millimetres there
    change the result in the second order only.

    Args:
        position_N23: tool positions, left and right, m, world.
        quaternion_N24: their attitudes, w-first.
        end_position_23: the same when the episode ended in success.
        end_quaternion_24: the same.
    """
    place, axes = held_pose(RIGHT, np.zeros(3), np.eye(3), NOMINAL_GRASP)
    left_N3, turn_N4 = _left_in_right(position_N23, quaternion_N24)
    end_3, end_4 = _left_in_right(end_position_23[None], end_quaternion_24[None])
    since_N4 = multiply(turn_N4, conjugate(end_4))
    moved_N3 = left_N3 - rotate(since_N4, end_3)
    at_socket_N3 = rotate(since_N4, place[None]) + moved_N3 - place
    return np.concatenate([at_socket_N3 @ axes, to_rotvec(since_N4) @ axes], axis=1).astype(
        np.float32
    )


def _left_in_right(position_N23: Array, quaternion_N24: Array) -> tuple[Array, Array]:
    back_N4 = conjugate(quaternion_N24[:, 1])
    across_N3 = rotate(back_N4, position_N23[:, 0] - position_N23[:, 1])
    return across_N3, multiply(back_N4, quaternion_N24[:, 0])
