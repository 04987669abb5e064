"""Acceleration and jerk limits: how fast the commanded twist may turn into the asked one.

Each half of an arm's twist is led to its target by ruckig (Berscheid and Kroeger 2021,
"Jerk-limited Real-time Trajectory Generation with Arbitrary Target States"), in two coordinates:
towards the target, and along what is left of an acceleration that points elsewhere. So a straight
change stays straight, whatever its direction, and the limits hold for the vector.

Jerk yields to shrinking: a velocity is never longer than both the one before and the asked one.
What ruckig would let grow because the acceleration cannot vanish at once is cut off.
"""

import math
from functools import cache

import numpy as np
from ruckig import (
    ControlInterface,
    InputParameter,
    Ruckig,
    RuckigError,
    Synchronization,
    Trajectory,
)

from teleop.messages import NUM_ARMS, Array
from teleop.safety_vectors import SLACK, TINY, Flags

Vector = tuple[float, float, float]

_TOLD = 0.05  # of the speed limit; a smaller lag by the jerk limit is not worth telling of
_STRAIGHT = 1e-9  # of the acceleration limit; less than that does not point elsewhere


def ramped(
    twist: Array,
    acceleration: Array,
    wanted: Array,
    limits: tuple[Array, Array, Array],
    dt: float,
) -> tuple[Array, Array, Flags, Flags]:
    """Lead the twist towards the wanted one for `dt` s.

    Args:
        twist: (2, 6) commanded before.
        acceleration: (2, 6) at the end of that.
        wanted: (2, 6).
        limits: speed, acceleration and jerk, each of the linear and the angular half.
        dt: s.

    Returns:
        Twist and acceleration, (2, 6) each; and for which arm and half (2, 2) the acceleration and
        the jerk limit kept the twist from being the wanted one.
    """
    speed, fastest, jerk = limits
    change = (wanted - twist).reshape(NUM_ARMS, 2, 3)
    size = np.sqrt(np.vecdot(change, change))
    slow: Flags = size > fastest * dt * (1.0 + SLACK)
    # From rest, so small a change is over within the period.
    easy = np.minimum(0.25 * jerk * dt * dt, fastest * fastest / jerk)
    if not acceleration.any() and (size <= easy).all():
        return wanted, acceleration, slow, slow
    out, rate = np.empty((NUM_ARMS, 2, 3)), np.empty((NUM_ARMS, 2, 3))
    lagging = np.zeros((NUM_ARMS, 2), dtype=np.bool_)
    for arm in range(NUM_ARMS):
        for half in range(2):
            most, steep = float(fastest[half]), float(jerk[half])
            at = slice(3 * half, 3 * half + 3)
            v, a, u = (_vector(row[arm, at]) for row in (twist, acceleration, wanted))
            got, led = _led(v, a, u, most, steep, dt)
            out[arm, half], rate[arm, half] = got, led
            reachable = _sum(v, _cut(_sum(u, v, -1.0), most * dt))
            lagging[arm, half] = _size(_sum(got, reachable, -1.0)) > _TOLD * float(speed[half])
    return out.reshape(NUM_ARMS, 6), rate.reshape(NUM_ARMS, 6), slow, lagging


def _led(
    v: Vector, a: Vector, u: Vector, fastest: float, jerk: float, dt: float
) -> tuple[Vector, Vector]:
    """Lead one half; returns velocity and acceleration after `dt` s."""
    error = _sum(u, v, -1.0)
    gap, pull = _size(error), _size(a)
    if gap <= TINY and pull <= TINY:
        return u, (0.0, 0.0, 0.0)
    towards = _scaled(error, 1.0 / gap) if gap > TINY else _scaled(a, 1.0 / pull)
    along = _dot(a, towards)
    aside = _sum(a, towards, -along)
    across = _size(aside)
    if across <= _STRAIGHT * fastest:
        sideways, across = (0.0, 0.0, 0.0), 0.0
    else:
        sideways = _scaled(aside, 1.0 / across)
    try:
        x, y, ax, ay = _planned(gap, along, across, fastest, jerk, dt)
    except RuckigError:
        # Nothing to lead by: come to rest as fast as allowed.
        return _sum(v, _cut(v, fastest * dt), -1.0), (0.0, 0.0, 0.0)
    step = _sum(_scaled(towards, x), sideways, y)
    step = _cut(step, fastest * dt)
    led = _cut(_sum(_scaled(towards, ax), sideways, ay), fastest)
    got = u if gap - x <= TINY and abs(y) <= TINY and _size(led) <= TINY else _sum(v, step)
    # Away from the target nothing may grow at all.
    longest = _size(v) if _dot(step, towards) < 0.0 else max(_size(v), _size(u))
    size = _size(got)
    if size <= longest:
        return got, led
    if size <= TINY:  # no direction can be told of that
        return (0.0, 0.0, 0.0), led
    outward = _scaled(got, 1.0 / size)
    return _scaled(outward, longest), _sum(led, outward, -max(0.0, _dot(led, outward)))


def _planned(
    gap: float, along: float, across: float, fastest: float, jerk: float, dt: float
) -> tuple[float, float, float, float]:
    """What a velocity at rest does in `dt` s: its two coordinates, and the accelerations then.

    A fresh plan every time: ruckig's own `update` would remember the one before.

    Raises:
        RuckigError: there is no such plan.
    """
    bent = across > 0.0
    plan, trajectory = InputParameter(1 + bent), Trajectory(1 + bent)
    plan.control_interface = ControlInterface.Velocity
    if not bent:
        plan.current_acceleration = [along]
        plan.target_velocity = [gap]
        plan.max_acceleration = [fastest]
        plan.max_jerk = [jerk]
    else:
        # What points elsewhere goes first; what is left of the limits leads to the target.
        share = min(across / fastest, 0.9)
        plan.synchronization = Synchronization.No
        plan.current_acceleration = [along, across]
        plan.target_velocity = [gap, 0.0]
        plan.max_acceleration = [fastest * math.sqrt(1.0 - share * share), fastest]
        plan.max_jerk = [jerk * math.sqrt(0.5), jerk * math.sqrt(0.5)]
    _calculator(1 + bent).calculate(plan, trajectory)
    _, velocity, acceleration = trajectory.at_time(dt)
    if not bent:
        return velocity[0], 0.0, acceleration[0], 0.0
    return velocity[0], velocity[1], acceleration[0], acceleration[1]


@cache
def _calculator(axes: int) -> Ruckig:
    """Scratch space; it keeps nothing that a plan depends on."""
    return Ruckig(axes)


def _vector(row: Array) -> Vector:
    x, y, z = row.tolist()
    return x, y, z


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _size(a: Vector) -> float:
    return math.hypot(a[0], a[1], a[2])


def _scaled(a: Vector, by: float) -> Vector:
    return a[0] * by, a[1] * by, a[2] * by


def _sum(a: Vector, b: Vector, times: float = 1.0) -> Vector:
    return a[0] + times * b[0], a[1] + times * b[1], a[2] + times * b[2]


def _cut(a: Vector, most: float) -> Vector:
    size = _size(a)
    return a if size <= most else _scaled(a, most / size)
