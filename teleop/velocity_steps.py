"""Does the commanded velocity ever step by more than the acceleration limit allows? Pure.

Two velocities are looked at, tick by tick: the executed one, which is what the robot was sent, and
the one that the safety filter carries on from. What the filter takes away at once (contact force,
leash, workspace and the other `CUTS`) steps on purpose; so does the tick after it, which begins
from there. Such steps are told apart by the limit's name.
"""

from dataclasses import dataclass

import numpy as np

from teleop.config import SafetyLimits
from teleop.messages import NUM_ARMS, Arm, Array

SLACK = 1e-6  # relative, for rounding
# The limits of `teleop.safety` that take away without regard to smoothness.
CUTS = frozenset(
    (
        "arm_distance",
        "force",
        "joint_limit",
        "joint_speed",
        "leash",
        "not_finite",
        "retreat",
        "singularity",
        "torque",
        "workspace",
    )
)
HALVES = ("linear", "angular")


@dataclass(frozen=True)
class VelocityStep:
    """One step over the limit."""

    stamp_ns: int  # of the tick
    arm: Arm
    half: str  # "linear" or "angular"
    of: str  # "executed" or "carried on"
    times: float  # of what the acceleration limit allows in a tick
    cut: tuple[str, ...]  # limits that cut at once in this tick or the one before; empty: a fault


@dataclass(frozen=True, eq=False)
class Velocities:
    """Of one tick, arm first."""

    stamp_ns: int
    executed: Array  # (2, 6)
    carried_on: Array  # (2, 6), the safety filter's own
    limits_hit: tuple[str, ...]


def steps_over_limit(
    before: Velocities, now: Velocities, limits: SafetyLimits, dt: float
) -> list[VelocityStep]:
    """Return the steps from one tick to the next that the acceleration limit does not allow.

    Args:
        before: the tick before, of the same episode.
        now: the tick.
        limits: m/s^2 and rad/s^2.
        dt: s, the control period.
    """
    most = np.array([limits.linear_acceleration, limits.angular_acceleration]) * dt
    found: list[VelocityStep] = []
    for of in ("executed", "carried_on"):
        change = (getattr(now, of) - getattr(before, of)).reshape(NUM_ARMS, 2, 3)
        times = np.sqrt(np.vecdot(change, change)) / most
        for arm, half in np.argwhere(~(times <= 1.0 + SLACK)).tolist():
            found.append(
                VelocityStep(
                    now.stamp_ns,
                    Arm(arm),
                    HALVES[half],
                    of.replace("_", " "),
                    float(times[arm, half]),
                    _cuts(Arm(arm), before.limits_hit + now.limits_hit),
                )
            )
    return found


def _cuts(arm: Arm, limits_hit: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names, without the arm, of what cut this arm's motion at once."""
    sides = [name.partition(".") for name in limits_hit]
    names = {name for side, _, name in sides if side == arm.name.lower()}
    return tuple(sorted(names & CUTS))
