"""What of a request and a measurement is usable at all: numbers, and of a sensible size."""

from dataclasses import replace

import numpy as np

from teleop.messages import Action, Array, RobotState
from teleop.safety_vectors import Flags, Hits

_ABSURD = 1e6  # SI; nothing an arm does or feels is that large
_UNIT = 0.01  # a quaternion whose length is further off than this is none


def usable(
    position: Array,
    quaternion: Array,
    request: Action,
    robot: RobotState,
    jointed: bool,
    hits: Hits,
) -> tuple[Array, Array, RobotState]:
    """Replace what is unusable: a twist by zero, an opening by `nan`, a pose by the commanded one.

    Args:
        position: (2, 3) commanded.
        quaternion: (2, 4) commanded.
        request: asked twist and openings.
        robot: what was measured.
        jointed: the joint angles are used too. An arm whose own are unusable may be anywhere, and
            then neither moves.
        hits: told.

    Returns:
        Twist (2, 6), openings within 0 to 1 (2,), and the measurement.
    """
    told = (
        request.twist,
        request.opening,
        robot.position,
        robot.quaternion,
        robot.wrench,
        robot.q,
    )
    every = np.concatenate([values.ravel() for values in told[: 5 + jointed]])
    # Comparisons with what is no number are false.
    if np.abs(every).max() < _ABSURD and _turned(robot.quaternion).all():
        return request.twist, np.clip(request.opening, 0.0, 1.0), robot
    pose = np.concatenate([robot.position, robot.quaternion], axis=1)
    asked_for = np.concatenate([request.twist, request.opening[:, None]], axis=1)
    seen, felt = _sensible(pose), _sensible(robot.wrench)
    seen &= _turned(np.where(seen[:, None], robot.quaternion, 0.0))
    fit = _sensible(asked_for) & seen & felt
    if jointed:
        fit &= bool((seen & _sensible(robot.q)).all())
    hits.note("not_finite", ~fit)
    if not (seen & felt).all():
        robot = replace(
            robot,
            position=np.where(seen[:, None], robot.position, position),
            quaternion=np.where(seen[:, None], robot.quaternion, quaternion),
            wrench=np.where(felt[:, None], robot.wrench, 0.0),
        )
    twist = np.where(fit[:, None], request.twist, 0.0)
    opening = np.where(fit, request.opening, np.nan)
    return twist, np.clip(opening, 0.0, 1.0), robot


def _turned(quaternion: Array) -> Flags:
    """Which quaternions (2, 4) are of about unit length."""
    return np.abs(np.vecdot(quaternion, quaternion) - 1.0) < _UNIT


def _sensible(rows: Array) -> Flags:
    """Which rows (2, n) are numbers of a sensible size throughout."""
    return np.logical_and.reduce(np.abs(rows) < _ABSURD, axis=1)
