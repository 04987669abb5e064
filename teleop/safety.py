"""Turns the asked motion into a tool target that is safe to send. Pure.

The filter keeps the commanded pose, twist and acceleration of each arm and moves the pose along the
asked twist. It only takes away, with one exception, `retreat`. In this order:

    not_finite        what is not a number, or absurd, asks for nothing
    speed             of the twist as a vector, linear and angular
    retreat           above `hard_force` the arm backs off along the force, slowly and not far
    force, torque     above the soft figures nothing pushes further
    workspace, joint_limit, singularity, arm_distance
                      what approaches slows down over a zone and ends at its border
    joint_speed       the twist as a whole, so that its direction stays
    acceleration, jerk
                      of the commanded twist; this is also what ramps a new source of motion in
    leash             the commanded pose may lead the measured one only so far
    workspace         the tools stay in a box; a tool that is outside may only come back

The bounds from `force` to `joint_speed` shape the asked twist, so that the ramp leads to what is
allowed, and then cut the ramped twist at once, as leash and box do: taking away comes before
smoothness. See docs/decisions/0013-safety-filter.md. A robot without kinematics has no
`joint_limit`, `joint_speed`, `singularity` and `arm_distance`.

When the source of an arm's motion changes, its commanded pose is re-anchored at the measured pose
and its commanded twist is kept: the new source begins from the velocity that the arm has. An arm
that is pushed off its commanded pose is followed at the speed limit.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from teleop.config import SafetyLimits
from teleop.interfaces import Kinematics
from teleop.messages import NUM_ARMS, Action, Array, RobotState, ToolTarget, frozen_array
from teleop.safety_bounds import held_within, joined
from teleop.safety_force import Contact, backing_off, distance_backed_off, felt, push_bounds
from teleop.safety_jerk import ramped
from teleop.safety_leash import boxed, leash_bounds, leashed
from teleop.safety_numbers import usable
from teleop.safety_reach import (
    Joints,
    distance_bounds,
    joint_bounds,
    singularity_bounds,
    slowed,
    wall_bounds,
)
from teleop.safety_vectors import Flags, Hits, pairs, shortened, without_opposing
from teleop.se3 import difference, integrate

_STILL = frozen_array(np.zeros((NUM_ARMS, 6)))


@dataclass(frozen=True, eq=False)
class SafetyState:
    """What was last commanded: the pose each arm is to track, its motion, and the openings."""

    position: Array  # (2, 3)
    quaternion: Array  # (2, 4)
    twist: Array  # (2, 6)
    acceleration: Array  # (2, 6)
    opening: Array  # (2,)
    retreated: Array  # (2,) m backed off from a force that has not fallen since

    @classmethod
    def at_rest(cls, robot: RobotState, opening: ArrayLike) -> "SafetyState":
        """Begin at the measured pose, without motion, with the openings commanded now."""
        return cls(
            robot.position,
            robot.quaternion,
            _STILL,
            _STILL,
            frozen_array(opening),
            frozen_array(np.zeros(NUM_ARMS)),
        )

    @property
    def resting(self) -> Action:
        """The action that leaves everything as it is."""
        return Action(_STILL, self.opening)

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


def filter_motion(
    state: SafetyState,
    request: Action,
    robot: RobotState,
    reanchor: tuple[bool, bool],
    dt: float,
    limits: SafetyLimits,
    kinematics: Kinematics | None = None,
) -> Filtered:
    """Move the commanded poses by at most what `request` asks for within `dt` s.

    Args:
        state: what was commanded before.
        request: asked twist and openings.
        robot: what was measured.
        reanchor: per arm, whether the source of its motion has changed.
        dt: s, the control period.
        limits: the figures.
        kinematics: of the robot; None: it knows no joints.
    """
    hits = Hits()
    twist, opening, robot = usable(
        state.position, state.quaternion, request, robot, kinematics is not None, hits
    )
    opening = np.where(np.isnan(opening), state.opening, opening)
    if reanchor[0] or reanchor[1]:
        state = _reanchored(state, robot, np.array(reanchor))
    speed, acceleration, jerk, _ = pairs(limits)
    twist, over = shortened(twist, speed)
    hits.note("speed", over)
    contact = felt(robot, limits)
    twist = backing_off(twist, contact, state.retreated, limits, hits)
    surroundings = _Surroundings(state, robot, contact, dt, limits, kinematics)
    wanted = surroundings.allow(twist, hits)
    twist, rate, slow, steep = ramped(
        state.twist, state.acceleration, wanted, (speed, acceleration, jerk), dt
    )
    hits.note("acceleration", slow)
    hits.note("jerk", steep)
    led = twist
    twist = surroundings.allow(twist, hits)
    anchor = (state.position, state.quaternion)
    asked = integrate(*anchor, twist, dt)
    position, quaternion, kept = leashed(anchor, asked, twist, robot, dt, limits, hits)
    position, kept = boxed(state.position, position, kept, limits, hits)
    if position is not asked[0] or quaternion is not asked[1]:
        twist = difference(position, quaternion, *anchor) / dt
    target = ToolTarget(frozen_array(position), frozen_array(quaternion), frozen_array(opening))
    commanded = SafetyState(
        target.position,
        target.quaternion,
        kept,
        without_opposing(rate, kept - led),
        target.opening,
        distance_backed_off(state.retreated, position - state.position, contact),
    )
    start = ToolTarget(state.position, state.quaternion, state.opening)
    return Filtered(frozen_array(twist), target, start, hits.names(), commanded)


class _Surroundings:
    """Everything that an arm may not approach freely, at this tick."""

    def __init__(
        self,
        state: SafetyState,
        robot: RobotState,
        contact: Contact | None,
        dt: float,
        limits: SafetyLimits,
        kinematics: Kinematics | None,
    ) -> None:
        lead = difference(state.position, state.quaternion, robot.position, robot.quaternion)
        parts = [
            push_bounds(contact),
            leash_bounds(lead, dt, limits),
            wall_bounds(state.position, limits),
        ]
        self._limits = limits
        self._joints: Joints | None = None
        if kinematics is not None and np.isfinite(robot.q).all():
            joints = Joints(kinematics.at(robot.q), robot.position, lead, limits)
            self._joints = joints
            parts += [
                joint_bounds(joints, limits),
                singularity_bounds(joints, limits),
                distance_bounds(joints, limits),
            ]
        self._bounds = joined(parts)

    def allow(self, twist: Array, hits: Hits) -> Array:
        """Return what of the twist (2, 6) may be."""
        if self._bounds is not None:
            twist, over = held_within(twist, self._bounds)
            for index in np.flatnonzero(over.any(axis=0)):
                hits.note(self._bounds.names[index], over[:, index])
        if self._joints is None:
            return twist
        twist, fast = slowed(twist, self._joints, self._limits)
        hits.note("joint_speed", fast)
        return twist


def _reanchored(state: SafetyState, robot: RobotState, flags: Flags) -> SafetyState:
    chosen = flags[:, None]
    return replace(
        state,
        position=np.where(chosen, robot.position, state.position),
        quaternion=np.where(chosen, robot.quaternion, state.quaternion),
    )
