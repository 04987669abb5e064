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
    off = np.abs(np.vecdot(robot.quaternion, robot.quaternion) - 1.0)
    told = (request.twist, request.opening, robot.position, robot.wrench, robot.q)
    every = np.concatenate([values.ravel() for values in told[: 4 + jointed]])
    # Comparisons with what is no number are false.
    if np.abs(every).max() < _ABSURD and off.max() < _UNIT:
        return request.twist, np.clip(request.opening, 0.0, 1.0), robot
    measured = np.concatenate([robot.position, robot.quaternion, robot.wrench], axis=1)
    asked_for = np.concatenate([request.twist, request.opening[:, None]], axis=1)
    seen = _sensible(measured) & (off < _UNIT)
    fit = _sensible(asked_for) & seen
    if jointed:
        fit &= bool((seen & _sensible(robot.q)).all())
    hits.note("not_finite", ~fit)
    if not seen.all():
        blind = ~seen[:, None]
        robot = replace(
            robot,
            position=np.where(blind, position, robot.position),
            quaternion=np.where(blind, quaternion, robot.quaternion),
            wrench=np.where(blind, 0.0, robot.wrench),
        )
    twist = np.where(fit[:, None], request.twist, 0.0)
    opening = np.where(fit, request.opening, np.nan)
    return twist, np.clip(opening, 0.0, 1.0), robot


def _sensible(rows: Array) -> Flags:
    """Which rows (2, n) are numbers of a sensible size throughout."""
    return np.logical_and.reduce(np.abs(rows) < _ABSURD, axis=1)
