"""Turns the asked motion into a tool target that is safe to send. Pure; it may only shrink.

The filter keeps the commanded pose of each arm and moves it along the asked twist, within, in this
order:

    not_finite     a twist or a measurement that is not a number asks for nothing
    speed          of the twist as a vector, linear and angular
    acceleration   of the commanded twist; this is also what ramps a new source of motion in
    force          above `soft_force` the part of the motion that pushes further is removed
    leash          the commanded pose may lead the measured one only so far
    workspace      the tools stay in a box; a tool that is outside may only come back

When the source of an arm's motion changes, its commanded pose is re-anchored at the measured pose
and its commanded twist is kept: the new source begins from the velocity that the arm has.

Force, leash and workspace cut at once, without regard to the acceleration limit: they only take
away. An arm that is pushed off its commanded pose is followed at the speed limit.
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from teleop.config import SafetyLimits
from teleop.messages import (
    NUM_ARMS,
    Action,
    Arm,
    Array,
    RobotState,
    ToolTarget,
    frozen_array,
)
from teleop.se3 import difference, from_rotvec, integrate, length, multiply, rotate

_EPS = 1e-9  # relative slack, so that rounding is not reported as a limit
_TINY = 1e-12

Flags = NDArray[np.bool_]  # arm first


@dataclass(frozen=True, eq=False)
class SafetyState:
    """What was last commanded: the pose each arm is to track, its twist, and the openings."""

    position: Array  # (2, 3)
    quaternion: Array  # (2, 4)
    twist: Array  # (2, 6)
    opening: Array  # (2,)

    @classmethod
    def at_rest(cls, robot: RobotState, opening: ArrayLike) -> "SafetyState":
        """Begin at the measured pose, without motion, with the openings commanded now."""
        twist = frozen_array(np.zeros((NUM_ARMS, 6)))
        return cls(robot.position, robot.quaternion, twist, frozen_array(opening))

    @property
    def resting(self) -> Action:
        """The action that leaves everything as it is."""
        return Action(frozen_array(np.zeros((NUM_ARMS, 6))), self.opening)

    def following(self, sent: ToolTarget) -> "SafetyState":
        """Continue from what the robot says it was really sent."""
        if sent.position is self.position and sent.quaternion is self.quaternion:
            return replace(self, opening=sent.opening)
        return replace(
            self, position=sent.position, quaternion=sent.quaternion, opening=sent.opening
        )


@dataclass(frozen=True, eq=False)
class Filtered:
    """What to send, and what it means."""

    twist: Array  # (2, 6) from the anchor to the target within dt
    target: ToolTarget
    anchor: ToolTarget  # the pose that the twist starts from
    limits_hit: tuple[str, ...]  # "left.speed", ...
    state: SafetyState

    def executed(self, sent: ToolTarget, dt: float) -> Action:
        """Express what the robot was really sent as an action."""
        if sent is self.target:
            return Action(self.twist, sent.opening)
        moved = difference(
            sent.position, sent.quaternion, self.anchor.position, self.anchor.quaternion
        )
        return Action(frozen_array(moved / dt), frozen_array(sent.opening))


@cache
def _arrays(limits: SafetyLimits) -> tuple[Array, Array, Array, Array, Array, float]:
    """Speed, acceleration and leash, linear and angular; the box's corners; the soft force."""
    return (
        frozen_array([limits.linear_speed, limits.angular_speed]),
        frozen_array([limits.linear_acceleration, limits.angular_acceleration]),
        frozen_array([limits.leash_m, limits.leash_rad]),
        frozen_array(limits.workspace_low),
        frozen_array(limits.workspace_high),
        limits.soft_force,
    )


class _Limits:
    """The limits of one call, and which arms hit which."""

    def __init__(self, limits: SafetyLimits) -> None:
        arrays = _arrays(limits)
        self.speed, self.acceleration, self.leash = arrays[:3]
        self.low, self.high, self.soft_force = arrays[3:]
        self.hits: list[tuple[str, Flags]] = []

    def note(self, name: str, hit: Flags) -> None:
        """Remember the arms (first axis) of which any flag is set."""
        if hit.any():
            self.hits.append((name, np.logical_or.reduce(hit, axis=1)))

    def names(self) -> tuple[str, ...]:
        return tuple(
            f"{arm.name.lower()}.{name}" for arm in Arm for name, hit in self.hits if hit[arm]
        )


def filter_motion(
    state: SafetyState,
    request: Action,
    robot: RobotState,
    reanchor: tuple[bool, bool],
    dt: float,
    config: SafetyLimits,
) -> Filtered:
    """Move the commanded poses by at most what `request` asks for within `dt` s.

    Args:
        state: what was commanded before.
        request: asked twist and openings.
        robot: what was measured.
        reanchor: per arm, whether the source of its motion has changed.
        dt: s, the control period.
        config: the limits.
    """
    limits = _Limits(config)
    twist, opening, robot = _finite(state, request, robot, limits)
    if reanchor[0] or reanchor[1]:
        state = _reanchored(state, robot, np.array(reanchor))
    twist, over = _shortened(twist, limits.speed)
    limits.note("speed", over)
    change, over = _shortened(twist - state.twist, limits.acceleration * dt)
    limits.note("acceleration", over)
    twist = _without_push(state.twist + change, robot, limits)
    asked, turned = integrate(state.position, state.quaternion, twist, dt)
    position, quaternion, twist = _leashed(state, asked, turned, twist, robot, dt, limits)
    position, twist = _boxed(state, position, twist, limits)
    moved = twist
    if position is not asked or quaternion is not turned:
        moved = difference(position, quaternion, state.position, state.quaternion) / dt
    target = ToolTarget(frozen_array(position), frozen_array(quaternion), frozen_array(opening))
    return Filtered(
        frozen_array(moved),
        target,
        ToolTarget(state.position, state.quaternion, state.opening),
        limits.names(),
        SafetyState(target.position, target.quaternion, twist, target.opening),
    )


def _finite(
    state: SafetyState, request: Action, robot: RobotState, limits: _Limits
) -> tuple[Array, Array, RobotState]:
    """Replace what is not a number: a twist by zero, an opening and a pose by the commanded one."""
    measured = np.concatenate([robot.position, robot.quaternion, robot.wrench], axis=1)
    asked_for = np.concatenate([request.twist, request.opening[:, None]], axis=1)
    # One sum tells of any number that is none: infinities never add up to a finite one.
    if np.isfinite(measured.sum() + asked_for.sum()):
        return request.twist, np.clip(request.opening, 0.0, 1.0), robot
    seen: Flags = np.logical_and.reduce(np.isfinite(measured), axis=1)
    asked: Flags = np.logical_and.reduce(np.isfinite(asked_for), axis=1)
    usable = asked & seen
    limits.note("not_finite", ~usable[:, None])
    if not seen.all():
        blind = ~seen[:, None]
        robot = replace(
            robot,
            position=np.where(blind, state.position, robot.position),
            quaternion=np.where(blind, state.quaternion, robot.quaternion),
            wrench=np.where(blind, 0.0, robot.wrench),
        )
    twist = np.where(usable[:, None], request.twist, 0.0)
    opening = np.where(usable, request.opening, state.opening)
    return twist, np.clip(opening, 0.0, 1.0), robot


def _reanchored(state: SafetyState, robot: RobotState, flags: Flags) -> SafetyState:
    chosen = flags[:, None]
    return replace(
        state,
        position=np.where(chosen, robot.position, state.position),
        quaternion=np.where(chosen, robot.quaternion, state.quaternion),
    )


def _shortened(vector: Array, most: Array) -> tuple[Array, Flags]:
    """Shorten the linear and the angular half of (2, 6) to the lengths `most` (2,).

    Returns:
        The vector, and for which arm and half (2, 2) it was too long.
    """
    halves = vector.reshape(NUM_ARMS, 2, 3)
    size = length(halves)[..., 0]
    over = size > most * (1.0 + _EPS)
    if not over.any():
        return vector, over
    factor = np.where(over, most / np.maximum(size, _TINY), 1.0)
    return (halves * factor[..., None]).reshape(NUM_ARMS, 6), over


def _without_push(twist: Array, robot: RobotState, limits: _Limits) -> Array:
    """Remove the part of the motion that goes against the contact force, where that is too high."""
    force = robot.wrench[:, :3]
    size = length(force)
    high = size[:, 0] > limits.soft_force
    if not high.any():
        return twist
    away = rotate(robot.quaternion, force / np.maximum(size, _TINY))  # unit, world
    push = np.minimum((twist[:, :3] * away).sum(axis=1), 0.0) * high
    limits.note("force", (push < -_TINY)[:, None])
    out = twist.copy()
    out[:, :3] -= push[:, None] * away
    return out


def _leashed(
    state: SafetyState,
    position: Array,
    quaternion: Array,
    twist: Array,
    robot: RobotState,
    dt: float,
    limits: _Limits,
) -> tuple[Array, Array, Array]:
    """Keep the target within the leash of the measured pose, approaching it at most at full speed.

    Returns:
        Position and quaternion of the target, and the twist to carry on with: without what pulls
        at the leash. The pull of the leash itself is no commanded motion and is not carried on.
    """
    if _is_within(position - robot.position, quaternion, robot.quaternion, limits.leash):
        return position, quaternion, twist
    lead = difference(position, quaternion, robot.position, robot.quaternion)
    short, over = _shortened(lead, limits.leash)
    if not over.any():
        return position, quaternion, twist
    limits.note("leash", over)
    onto = robot.position + short[:, :3]
    turned = multiply(from_rotvec(short[:, 3:]), robot.quaternion)
    step = difference(onto, turned, state.position, state.quaternion) / dt
    step, _ = _shortened(step, limits.speed)
    held_position, held_quaternion = integrate(state.position, state.quaternion, step, dt)
    outward = lead.reshape(NUM_ARMS, 2, 3)
    outward = outward / np.maximum(length(outward), _TINY)
    halves = twist.reshape(NUM_ARMS, 2, 3)
    pull = np.maximum((halves * outward).sum(axis=2), 0.0) * over
    return (
        np.where(over[:, :1], held_position, position),
        np.where(over[:, 1:], held_quaternion, quaternion),
        (halves - pull[..., None] * outward).reshape(NUM_ARMS, 6),
    )


def _is_within(offset: Array, quaternion: Array, measured: Array, leash: Array) -> bool:
    """Whether both arms are surely within the leash; cheap, because nearly always they are."""
    cosine = np.abs(np.vecdot(quaternion, measured))  # of half the angle between them
    return bool(
        np.vecdot(offset, offset).max() <= leash[0] ** 2 and cosine.min() >= np.cos(0.5 * leash[1])
    )


def _boxed(
    state: SafetyState, position: Array, twist: Array, limits: _Limits
) -> tuple[Array, Array]:
    """Keep the target in the box, or no further outside than it is."""
    low = np.minimum(limits.low, state.position)
    high = np.maximum(limits.high, state.position)
    inside = np.clip(position, low, high)
    cut = inside != position
    if not cut.any():
        return position, twist
    limits.note("workspace", cut)
    kept = twist.copy()
    kept[:, :3][cut] = 0.0
    return inside, kept
