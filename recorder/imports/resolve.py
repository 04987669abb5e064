"""A foreign episode's numbers in our units, axes and names, as its mapping says."""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recorder.imports.foreign import ForeignEpisode
from recorder.imports.mapping import (
    ArmPart,
    Driver,
    Frame,
    Gripper,
    Kind,
    Mapping,
    Part,
    RobotModel,
    Turn,
)
from recorder.imports.robot_model import LoadedModel, load_model, tool_poses
from recorder.imports.turns import between, quaternions
from teleop.errors import ConversionError
from teleop.messages import NUM_ARMS, TACTILE_SHAPE, Arm
from teleop.se3 import Array, difference, rotate, to_rotvec

START_NS = 1_000_000_000  # of the first row; imported stamps are of no clock of this host
PADS = TACTILE_SHAPE[1:]
TAXELS = int(np.prod(PADS))
AGREEMENT_MIN_M = 1e-4  # a tool that moves less in a row tells nothing of its actions


class Drives(IntEnum):
    """Who drives an arm in a row."""

    DEMONSTRATION = 0
    OPERATOR = 1
    POLICY = 2
    NOBODY = 3


@dataclass(frozen=True, eq=False)
class ArmRows:
    """One arm in N rows; what is not known is zero, and the identity.

    Attributes:
        usable: its actions may be learned from.
    """

    twist: Array  # (N, 6) what it was made to do
    gripper: Array  # (N,) likewise
    usable: bool
    measured: bool  # its pose was recorded
    position: Array  # (N, 3)
    quaternion: Array  # (N, 4)
    opening: Array  # (N,)
    q: Array  # (N, 6)
    dq: Array  # (N, 6)
    moved: Array  # (N, 6) measured twist, from the poses
    wrench: Array  # (N, 6)
    tactile: Array  # (N, 2, 8, 8)


@dataclass(frozen=True, eq=False)
class Resolved:
    """A foreign episode as rows of ours."""

    stamp_ns: NDArray[np.int64]  # (N,)
    arms: tuple[ArmRows, ArmRows]
    driver: NDArray[np.int8]  # (N, 2) codes of `Drives`


def resolve(mapping: Mapping, episode: ForeignEpisode) -> Resolved:
    """Compute the rows. `questions` must be empty for this dataset.

    Raises:
        ConversionError: the episode is empty, its stamps do not rise, or a number that is used is
            none; the message says which.
    """
    count = len(episode)
    if count == 0:
        raise ConversionError(f"{episode.name} has no rows.")
    stamp_ns = _stamps(mapping, episode, count)
    seconds = np.diff(stamp_ns) * 1e-9
    last = float(seconds[-1]) if len(seconds) else 1.0 / (mapping.fps or episode.fps or 1.0)
    period = np.append(seconds, last)
    arms = [_arm(mapping.arm(arm), episode, count, period) for arm in Arm]
    driver = _driver(mapping.driver, episode, count)
    driver[:, [not arm.usable for arm in arms]] = Drives.NOBODY
    return Resolved(stamp_ns, (arms[0], arms[1]), driver)


def agreement(arm: ArmRows, period_s: Array) -> tuple[float, float] | None:
    """How well actions explain the recorded motion: gain and correlation of the linear parts.

    Correlation near 1 says that axes and order are right, gain how far the arm went for 1 m asked:
    1 for a stiff robot, some tenths for a soft one. None: nothing to compare.
    """
    if not (arm.measured and arm.usable) or len(arm.twist) < 2:
        return None
    asked = (arm.twist[:-1, :3] * period_s[:-1, None]).ravel()
    went = np.diff(arm.position, axis=0).ravel()
    energy = float(asked @ asked)
    if energy < AGREEMENT_MIN_M**2 or float(went @ went) < AGREEMENT_MIN_M**2:
        return None
    return float(asked @ went) / energy, float(
        (asked @ went) / np.sqrt(energy * float(went @ went))
    )


def _stamps(mapping: Mapping, episode: ForeignEpisode, count: int) -> NDArray[np.int64]:
    if episode.stamp_ns is not None and not mapping.fps:
        stamps = episode.stamp_ns[:count]
        falls = np.flatnonzero(np.diff(stamps) <= 0)
        if len(falls):
            raise ConversionError(
                f"{episode.name}: the stamp of row {falls[0] + 1} is not after that of the row "
                "before. Say `fps` in the mapping to import the rows at an even rate."
            )
        return START_NS + stamps - stamps[0]
    rate = mapping.fps or episode.fps
    return START_NS + np.rint(np.arange(count) * (1e9 / rate)).astype(np.int64)


def _driver(said: Driver | None, episode: ForeignEpisode, count: int) -> NDArray[np.int8]:
    """Codes of `Drives`, (N, 2)."""
    if said is None:
        return np.full((count, NUM_ARMS), Drives.DEMONSTRATION, np.int8)
    values = _columns(Part(said.array, said.columns), episode, count)
    codes = np.full(values.shape, Drives.POLICY, np.int8)
    codes[np.isin(values, said.demonstration)] = Drives.DEMONSTRATION
    codes[np.isin(values, said.operator)] = Drives.OPERATOR
    codes[np.isin(values, said.hold)] = Drives.NOBODY
    return np.broadcast_to(codes, (count, NUM_ARMS)).copy()


def _arm(part: ArmPart | None, episode: ForeignEpisode, count: int, period: Array) -> ArmRows:
    part = part or ArmPart(action=_NOTHING, gripper=Gripper(constant=1.0))
    position, quaternion = np.zeros((count, 3)), np.tile([1.0, 0, 0, 0], (count, 1))
    if part.model is not None and part.q is not None:
        joints = _columns(part.q, episode, count)
        position, quaternion = tool_poses(_model(part.model, joints), joints)
        quaternion = quaternions(quaternion, Turn.WXYZ)
    elif part.position is not None and part.rotation is not None:
        position = _columns(part.position, episode, count)
        order = part.rotation.order or Turn.WXYZ
        written = _columns(Part(part.rotation.array, part.rotation.columns), episode, count)
        quaternion = quaternions(written, order)
        _require_numbers(quaternion, episode, part.rotation.array)
    moved = _motion(position, quaternion, period)
    twist, usable = _actions(part, episode, quaternion, moved, period)
    gripper = _opening(part.gripper or Gripper(constant=1.0), episode, count)
    return ArmRows(
        twist=twist,
        gripper=gripper,
        usable=usable,
        measured=part.has_poses,
        position=position,
        quaternion=quaternion,
        opening=gripper if part.opening is None else _opening(part.opening, episode, count),
        q=_padded(part.q, episode, count),
        dq=_padded(part.dq, episode, count),
        moved=moved,
        wrench=_padded(part.wrench, episode, count),
        tactile=_padded(part.tactile, episode, count, TAXELS).reshape(count, *PADS),
    )


@lru_cache(maxsize=4)
def _loaded(said: RobotModel) -> LoadedModel:
    return load_model(said)


def _model(said: RobotModel, joints: Array) -> LoadedModel:
    if joints.shape[1] != len(said.joints):
        raise ConversionError(
            f"The mapping names {len(said.joints)} joints of {said.file}, and q has "
            f"{joints.shape[1]} columns."
        )
    return _loaded(said)


def _actions(
    part: ArmPart, episode: ForeignEpisode, quaternion: Array, moved: Array, period: Array
) -> tuple[Array, bool]:
    """Twists (N, 6) in the world, and whether they may be learned from."""
    action, count = part.action, len(period)
    if action.kind is Kind.NONE or action.kind is None:
        return np.zeros((count, 6)), False
    if action.kind in (Kind.JOINT_POSITION, Kind.JOINT_VELOCITY, Kind.MOTION):
        return moved, True
    raw = _columns(Part(action.array, action.columns), episode, count)
    scale = np.asarray(1.0 if action.scale is None else action.scale)
    if action.kind is Kind.ABSOLUTE_POSE:
        position = raw[:, :3] * scale
        turned = raw[:, 3:].shape[1] > 0
        target = quaternions(raw[:, 3:], action.rotation) if turned else quaternion
        _require_numbers(target, episode, action.array)
        return _towards(position, target, period), True
    if action.kind is Kind.TWIST:
        twist = np.zeros((count, 6))
        scaled = raw * scale[: raw.shape[1]] if scale.ndim else raw * scale
        twist[:, : raw.shape[1]] = scaled
    else:
        twist = _displacement(raw, scale, action.rotation) / period[:, None]
    if action.frame is Frame.TOOL:
        twist = np.concatenate(
            [rotate(quaternion, twist[:, :3]), rotate(quaternion, twist[:, 3:])], axis=1
        )
    return twist, True


def _displacement(raw: Array, scale: Array, order: Turn) -> Array:
    """(N, 6) metres and a rotation vector."""
    linear = raw[:, :3] * (scale[:3] if scale.ndim else scale)
    if raw.shape[1] == 3:
        return np.concatenate([linear, np.zeros_like(linear)], axis=1)
    turn = raw[:, 3:]
    if order in (Turn.ROTVEC, Turn.EULER):  # the others have no unit
        turn = turn * (
            scale[3:] if scale.ndim and len(scale) == 6 else 1.0 if scale.ndim else scale
        )
    if order is not Turn.ROTVEC:
        turn = to_rotvec(quaternions(turn, order))
    return np.concatenate([linear, turn], axis=1)


def _motion(position: Array, quaternion: Array, period: Array) -> Array:
    """The twist that leads from each pose to the next, (N, 6); none in the last row."""
    moved = np.zeros((len(position), 6))
    moved[:-1] = (
        difference(position[1:], quaternion[1:], position[:-1], quaternion[:-1]) / period[:-1, None]
    )
    return moved


def _towards(position: Array, quaternion: Array, period: Array) -> Array:
    """The twist that leads from the target before to each target, (N, 6); none in the first row.

    Not from the measured pose: a robot that lags would seem to be asked for more every row.
    """
    moved = np.zeros((len(position), 6))
    turn = to_rotvec(between(quaternion[1:], quaternion[:-1]))
    moved[1:] = np.concatenate([np.diff(position, axis=0), turn], axis=1) / period[:-1, None]
    return moved


def _opening(gripper: Gripper, episode: ForeignEpisode, count: int) -> Array:
    if gripper.constant is not None or gripper.open is None or gripper.closed is None:
        return np.full(count, 1.0 if gripper.constant is None else gripper.constant)
    values = _columns(Part(gripper.array, (gripper.column,)), episode, count)[:, 0]
    share = (values - gripper.closed) / (gripper.open - gripper.closed)
    return np.clip(share, 0.0, 1.0)


def _padded(part: Part | None, episode: ForeignEpisode, count: int, size: int = 6) -> Array:
    rows = np.zeros((count, size))
    if part is not None:
        found = _columns(part, episode, count)
        rows[:, : found.shape[1]] = found
    return rows


def _columns(part: Part, episode: ForeignEpisode, count: int) -> Array:
    """(count, k) in double precision."""
    flat = episode.arrays[part.array][:count].reshape(count, -1).astype(np.float64)
    chosen = flat[:, list(part.columns)] if part.columns else flat
    _require_numbers(chosen, episode, part.array, part.columns)
    return chosen * np.asarray(part.scale)


def _require_numbers(
    rows: Array, episode: ForeignEpisode, array: str, columns: tuple[int, ...] = ()
) -> None:
    bad = np.argwhere(~np.isfinite(rows))
    if len(bad):
        row, column = int(bad[0, 0]), int(bad[0, 1])
        told = columns[column] if columns else column
        raise ConversionError(
            f"{episode.name}: '{array}' has no number in row {row}, column {told} "
            f"({len(bad)} in all). Mend the dataset, or leave this episode out."
        )


_NOTHING = ArmPart().action
