"""Cheap scenes for teaching an encoder to see: tools anywhere around the meeting, no physics.

The label is what a real cell has too: the relative pose of the two tools from forward kinematics.
Parts lie nominally in the hands, so that it is also the pose of what is seen. Appearance varies,
and so does the look of the fingers, so that the pose cannot be read off the gripper.
"""

from dataclasses import dataclass
from typing import Final

import mujoco
import numpy as np

from teleop.cells.plug.appearance import Appearance, sample_appearance
from teleop.cells.plug.geometry import (
    HOLD_HALF_GAP_M,
    LEFT,
    PIN_LENGTH_M,
    PIN_SPACING_M,
    RIGHT,
    Array,
    meeting_poses,
)
from teleop.cells.plug.grasp import (
    NOMINAL_GRASP,
    held_pose,
    quaternion_of,
    quaternion_of_matrix,
    rotation_of,
    rotation_vector_of,
)
from teleop.cells.plug.hand import FINGER_ZERO_M
from teleop.cells.plug.reach import SEED_Q, Reach
from teleop.cells.plug.scene import parts_of

LATERAL_M: Final = 0.014
FURTHEST_M: Final = 0.065
TILT_RAD: Final = np.deg2rad(10.0)
# Inserted or home, tips on the face, close to aligned, anywhere.
_KINDS: Final = (0.18, 0.12, 0.35, 0.35)
_PENETRATION_M: Final = 0.0006
_RIGHT_SHIFT_M: Final = 0.006
_RIGHT_TILT_RAD: Final = np.deg2rad(3.0)


@dataclass(frozen=True, slots=True)
class PlayScene:
    """One scene.

    Attributes:
        state: (nq,) for `pose_scene`.
        label: (6,) nominal plug frame in the nominal socket frame, from forward kinematics:
            position m, rotation vector rad; zero when mated, x = -0.018 with the tips at the face.
        contact: whether plug and socket touch.
        appearance: for `apply`.
    """

    state: Array
    label: Array
    contact: bool
    appearance: Appearance


class Play:
    """Draws scenes of one model."""

    def __init__(self, model: mujoco.MjModel) -> None:
        self._model = model
        self._parts = parts_of(model)
        self._reach = Reach(model, self._parts)
        self._meeting = meeting_poses()
        self._seed = [
            self._reach.solve(
                arm, self._meeting.position[arm], self._meeting.quaternion[arm], SEED_Q[arm], 100
            )[0]
            for arm in (LEFT, RIGHT)
        ]
        for arm in (LEFT, RIGHT):
            fingers = self._parts.finger_qpos[arm]
            self._reach.data.qpos[fingers] = HOLD_HALF_GAP_M[arm] - FINGER_ZERO_M
        plug, socket = self._parts.object_body
        self._is_plug = np.asarray(model.geom_bodyid) == plug
        self._is_socket = np.asarray(model.geom_bodyid) == socket

    def sample(self, rng: np.random.Generator) -> PlayScene:
        """Draw a scene without deep interpenetration (about 1.3 ms)."""
        while True:
            self._place_socket(rng)
            self._place_plug(*_sample_mating(rng))
            depth, touching = self._touch()
            if depth < _PENETRATION_M:
                break
        return PlayScene(
            state=np.array(self._reach.data.qpos),
            label=self._label(),
            contact=touching,
            appearance=sample_appearance(rng),
        )

    def _place_socket(self, rng: np.random.Generator) -> None:
        position = self._meeting.position[RIGHT] + rng.uniform(-_RIGHT_SHIFT_M, _RIGHT_SHIFT_M, 3)
        turn = quaternion_of(rng.uniform(-_RIGHT_TILT_RAD, _RIGHT_TILT_RAD, 3))
        quaternion = np.zeros(4)
        mujoco.mju_mulQuat(quaternion, turn, self._meeting.quaternion[RIGHT])
        self._move(RIGHT, position, quaternion)

    def _place_plug(self, tip: Array, rotation_vector: Array) -> None:
        """Put the left tool where its plug has its tips and its attitude so in the socket frame."""
        data = self._reach.data
        socket_place, socket_attitude = self._held(RIGHT)
        attitude = socket_attitude @ rotation_of(rotation_vector)
        place = socket_place + socket_attitude @ tip - attitude[:, 0] * PIN_LENGTH_M
        in_hand, turned = held_pose(LEFT, np.zeros(3), np.eye(3), NOMINAL_GRASP)
        hand = attitude @ turned.T
        self._move(LEFT, place - hand @ in_hand, quaternion_of_matrix(hand))
        for arm in (LEFT, RIGHT):
            position, rotation = self._held(arm)
            data.qpos[self._parts.object_qpos[arm]] = np.concatenate(
                [position, quaternion_of_matrix(rotation)]
            )

    def _move(self, arm: int, position: Array, quaternion: Array) -> None:
        self._reach.solve(arm, position, quaternion, self._seed[arm])

    def _held(self, arm: int) -> tuple[Array, Array]:
        """The nominally held part's pose, from forward kinematics."""
        data, site = self._reach.data, self._parts.ee_site[arm]
        return held_pose(
            arm, np.array(data.site_xpos[site]), data.site_xmat[site].reshape(3, 3), NOMINAL_GRASP
        )

    def _touch(self) -> tuple[float, bool]:
        """How deep anything but the grips interpenetrates; whether plug and socket touch."""
        model, data = self._model, self._reach.data
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_collision(model, data)
        contact = data.contact
        if data.ncon == 0:
            return 0.0, False
        one, other = contact.geom1, contact.geom2
        mating = (self._is_plug[one] & self._is_socket[other]) | (
            self._is_socket[one] & self._is_plug[other]
        )
        held = (self._is_plug | self._is_socket)[one] ^ (self._is_plug | self._is_socket)[other]
        depths = np.where(held, 0.0, -contact.dist)
        return float(depths.max(initial=0.0)), bool(mating.any())

    def _label(self) -> Array:
        plug_place, plug_attitude = self._held(LEFT)
        socket_place, socket_attitude = self._held(RIGHT)
        return np.concatenate(
            [
                socket_attitude.T @ (plug_place - socket_place),
                rotation_vector_of(socket_attitude.T @ plug_attitude),
            ]
        )


def _sample_mating(rng: np.random.Generator) -> tuple[Array, Array]:
    """Tips and rotation vector of the plug in the socket frame, hard views more often."""
    kind = rng.choice(4, p=_KINDS)
    lateral = rng.uniform(-LATERAL_M, LATERAL_M, 2)
    tilt = rng.uniform(-TILT_RAD, TILT_RAD, 3)
    depth = -rng.uniform() * FURTHEST_M
    if kind == 0:
        lateral = rng.uniform(-0.00053, 0.00053, 2)
        depth = min(rng.uniform(0.0, 1.5) * PIN_LENGTH_M, PIN_LENGTH_M + rng.uniform(0.0, 0.0002))
        tilt = np.clip(rng.normal(0.0, 0.006, 3), -0.015, 0.015)
    elif kind == 1:
        lateral, tilt = lateral * 0.7, tilt * 0.6
        # The pin that leads because of the tilt is the one on the face.
        lead = abs(rotation_of(tilt)[0, 1]) * PIN_SPACING_M / 2
        depth = rng.uniform(0.0, 0.0003) - lead
    elif kind == 2:
        lateral = np.clip(rng.normal(0.0, 0.003, 2), -LATERAL_M, LATERAL_M)
        tilt = np.clip(rng.normal(0.0, np.deg2rad(2.5), 3), -TILT_RAD, TILT_RAD)
        depth = -rng.beta(1.0, 2.0) * FURTHEST_M
    return np.array([depth, lateral[0], lateral[1]]), tilt
