"""The plug cell: reset, advance, read. Physics and control only; no bus, no clock, no pictures."""

from typing import Final

import mujoco
import numpy as np

from teleop.cells.plug.geometry import (
    FINGER_TRAVEL_M,
    HOLD_HALF_GAP_M,
    PHYSICS_STEP_S,
    PIN_LENGTH_M,
    SIDES,
    Array,
    ToolPoses,
    meeting_poses,
)
from teleop.cells.plug.grasp import held_pose, quaternion_of, quaternion_of_matrix
from teleop.cells.plug.hand import FINGER_ZERO_M
from teleop.cells.plug.layout import Layout
from teleop.cells.plug.reach import SEED_Q, Reach
from teleop.cells.plug.reading import CellReading, PlugTruth, ToolTarget
from teleop.cells.plug.scene import build_model, parts_of
from teleop.cells.plug.sensing import Moment, Sensing
from teleop.cells.plug.truth import plug_truth

# From the pin tips to the socket's face at the nominal start.
START_GAP_M: Final = 0.052
# Long enough for the grip to build up and the arms to come to rest.
_SETTLE_STEPS: Final = 250
# How far the pads reach into a part's ridges when they begin to close, so that the grip starts
# gently.
_BITE_M: Final = 0.0002
_SENSORS_OFF: Final = int(mujoco.mjtDisableBit.mjDSBL_SENSOR)
_SITE: Final = int(mujoco.mjtObj.mjOBJ_SITE)


class PlugCell:
    """Two arms, a plug and a socket. Nothing is where it belongs before the first `reset`.

    Attributes:
        model: MuJoCo's model; its look may be changed through `appearance`.
        data: MuJoCo's state; for drawing, not for changing.
        tool_at_meeting: poses of both tools when nominally held parts are mated.
        start: the nominal start of both tools.
    """

    def __init__(self) -> None:
        self.model = build_model()
        self.data = mujoco.MjData(self.model)
        self.parts = parts_of(self.model)
        self.tool_at_meeting = meeting_poses()
        self.start = start_poses()
        self._sensing = Sensing(self.model, self.parts)
        self._reach = Reach(self.model, self.parts)
        self._home_q = np.stack(
            [
                self._reach.solve(
                    i, self.start.position[i], self.start.quaternion[i], SEED_Q[i], 100
                )[0]
                for i in range(2)
            ]
        )
        self._hand_body = [int(self.model.body(f"{side}_hand").id) for side in SIDES]
        held = [float(self.model.body_mass[body]) for body in self.parts.object_body]
        self._weight_n = 9.81 * (self.model.body_subtreemass[self._hand_body] + held)
        self._ee_sites = np.array(self.parts.ee_site)
        self._wrench_at = np.concatenate([self.parts.force, self.parts.torque], axis=1)
        # Times world z in ee axes: what it takes to hold hand and part up.
        self._holding = np.zeros((2, 6, 3))
        self._bias = np.zeros((2, 6))
        self._twist = np.zeros(6)
        self._target = ToolTarget(self.start.position, self.start.quaternion, np.zeros(2))
        # Of the present state; several callers a tick ask for them.
        self._reading: CellReading | None = None
        self._truth: PlugTruth | None = None

    def reset(self, layout: Layout) -> None:
        """Begin an episode: arms at their start, parts grasped, all at rest, wrists tared.

        Args:
            layout: how the parts lie in the hands and where the tools start; time starts at 0.
        """
        model, data, parts = self.model, self.data, self.parts
        mujoco.mj_resetData(model, data)
        grasps = (layout.plug, layout.socket)
        shifts = (layout.left_start_m, layout.right_start_m)
        turns = (layout.left_start_rad, layout.right_start_rad)
        position, quaternion = np.zeros((2, 3)), np.zeros((2, 4))
        for arm in range(2):
            position[arm] = self.start.position[arm] + shifts[arm]
            mujoco.mju_mulQuat(
                quaternion[arm], quaternion_of(np.array(turns[arm])), self.start.quaternion[arm]
            )
            data.qpos[parts.arm_qpos[arm]], _ = self._reach.solve(
                arm, position[arm], quaternion[arm], self._home_q[arm]
            )
            data.qpos[parts.finger_qpos[arm]] = HOLD_HALF_GAP_M[arm] - FINGER_ZERO_M - _BITE_M
            rotation = np.zeros(9)
            mujoco.mju_quat2Mat(rotation, quaternion[arm])
            place, attitude = held_pose(arm, position[arm], rotation.reshape(3, 3), grasps[arm])
            data.qpos[parts.object_qpos[arm]] = np.concatenate(
                [place, quaternion_of_matrix(attitude)]
            )
        self._target = ToolTarget(position, quaternion, np.zeros(2))
        self._apply(self._target)
        self._step(_SETTLE_STEPS)
        self._tare()
        data.time = 0.0

    def advance(self, target: ToolTarget, steps: int, sensed: list[Moment] | None = None) -> None:
        """Hold a target for some physics steps of 2 ms; the impedance law runs in each of them.

        Args:
            target: of both tools.
            steps: at least one.
            sensed: what was sensed after each step is added to it; the physics is the same to the
                last bit with it and without.
        """
        self._target = target
        self._apply(target)
        self._step(steps, sensed)

    def read(self) -> CellReading:
        """What the arms report now; the same value until the cell moves on."""
        if self._reading is None:
            self._reading = self._measure()
        return self._reading

    def truth(self) -> PlugTruth:
        """The privileged state of the task; the same value until the cell moves on."""
        if self._truth is None:
            self._truth = plug_truth(self.model, self.data, self.parts)
        return self._truth

    @property
    def target(self) -> ToolTarget:
        """The last target, at first the pose it was reset to."""
        return self._target

    def _apply(self, target: ToolTarget) -> None:
        for arm, mocap in enumerate(self.parts.target_mocap):
            self.data.mocap_pos[mocap] = target.position[arm]
            self.data.mocap_quat[mocap] = target.quaternion[arm]
        self.data.ctrl[self.parts.grip_ctrl] = _share(target.opening) * FINGER_TRAVEL_M

    def _step(self, steps: int, sensed: list[Moment] | None = None) -> None:
        """Advance with sensors off, then bring kinematics, contacts and sensors up to date."""
        flags = self.model.opt
        flags.disableflags |= _SENSORS_OFF
        mujoco.mj_step(self.model, self.data, steps if sensed is None else 1)
        flags.disableflags &= ~_SENSORS_OFF
        if sensed is not None:
            self._sensing.steps(self.model, self.data, steps - 1, sensed)
        mujoco.mj_forward(self.model, self.data)
        self._reading = self._truth = None
        if sensed is not None:
            sensed.append(self._sensing.now(self.data))

    def _measure(self) -> CellReading:
        data, parts = self.data, self.parts
        quaternion, twist = np.zeros((2, 4)), np.zeros((2, 6))
        for arm, site in enumerate(parts.ee_site):
            mujoco.mju_mat2Quat(quaternion[arm], data.site_xmat[site])
            mujoco.mj_objectVelocity(self.model, data, _SITE, site, self._twist, 0)
            twist[arm, :3], twist[arm, 3:] = self._twist[3:], self._twist[:3]
        fingers = 0.5 * data.qpos[parts.finger_qpos].sum(axis=1)
        return CellReading(
            time_s=float(data.time),
            q=np.asarray(data.qpos[parts.arm_qpos]),
            dq=np.asarray(data.qvel[parts.arm_dof]),
            position=np.asarray(data.site_xpos[self._ee_sites]),
            quaternion=quaternion,
            twist=twist,
            wrench=self._raw_wrench() - self._bias,
            opening=_share(fingers / FINGER_TRAVEL_M),
            tactile=self._tactile(),
        )

    def wrenches(self, felt: Array, ee: Array) -> Array:
        """What wrists would report, (n, 2, 6), of what `Moment`s of this episode hold.

        Args:
            felt: (n, 2, 6).
            ee: (n, 2, 9).
        """
        # MuJoCo gives what the arm does to the hand; a wrist sensor reports what the hand does.
        return np.matmul(self._holding, ee[..., 6:, None])[..., 0] - felt - self._bias

    def _raw_wrench(self) -> Array:
        """Wrist wrench with the weight of hand and part taken off, (2, 6)."""
        felt = self.data.sensordata[self._wrench_at]
        up = self.data.site_xmat[self._ee_sites, 6:]
        return np.matmul(self._holding, up[:, :, None])[:, :, 0] - felt

    def _tare(self) -> None:
        """Learn where the weight of hand and part pulls; whatever else is felt is a bias."""
        model, data = self.model, self.data
        for arm, site in enumerate(self.parts.ee_site):
            hand, held = self._hand_body[arm], self.parts.object_body[arm]
            masses = np.array([model.body_subtreemass[hand], model.body_mass[held]])
            centres = np.stack([data.subtree_com[hand], data.xipos[held]])
            centre = masses @ centres / masses.sum()
            lever = data.site_xmat[site].reshape(3, 3).T @ (centre - data.site_xpos[site])
            # The columns of the second half are the lever crossed with the axes.
            self._holding[arm, :3] = self._weight_n[arm] * np.eye(3)
            self._holding[arm, 3:] = self._weight_n[arm] * np.cross(lever, np.eye(3)).T
        self._bias[:] = 0.0
        self._bias[:] = self._raw_wrench()

    def _tactile(self) -> Array:
        """Depths scaled to newtons; a touch that misses every taxel is spread evenly."""
        depth = np.asarray(self.data.sensordata[self.parts.tactile])
        total = depth.sum(axis=(2, 3))
        missed = total <= 0.0
        if missed.any():
            depth[missed], total[missed] = 1.0, depth[0, 0].size
        newtons = self.data.sensordata[self.parts.touch]
        return depth * (newtons / total)[:, :, None, None]


def _share(values: Array) -> Array:
    """`values` held within 0 to 1; np.clip takes twice as long over so few."""
    return np.minimum(np.maximum(values, 0.0), 1.0)


def start_poses() -> ToolPoses:
    """The nominal start: the left tool drawn back from the meeting, the right tool at it."""
    meeting = meeting_poses()
    position = meeting.position - np.array(
        [[PIN_LENGTH_M + START_GAP_M, 0.0, 0.0], [0.0, 0.0, 0.0]]
    )
    return ToolPoses(position, meeting.quaternion)


def physics_steps(duration_s: float) -> int:
    """Physics steps in a duration, to the nearest whole one."""
    return round(duration_s / PHYSICS_STEP_S)
