import numpy as np
import pytest

from teleop.config import SafetyLimits
from teleop.messages import Arm
from teleop.velocity_steps import Velocities, VelocityStep, steps_over_limit

LIMITS = SafetyLimits(linear_acceleration=2.0, angular_acceleration=10.0)
DT = 0.005


def looked_at(executed: float = 0.0, carried_on: float = 0.0, *limits_hit: str) -> Velocities:
    """The right arm turns about y at `executed`, and shall go on at `carried_on` along z."""
    sent, kept = np.zeros((2, 6)), np.zeros((2, 6))
    sent[Arm.RIGHT, 4], kept[Arm.RIGHT, 2] = executed, carried_on
    return Velocities(7, sent, kept, limits_hit)


def steps(before: Velocities, now: Velocities) -> list[VelocityStep]:
    return steps_over_limit(before, now, LIMITS, DT)


def test_a_change_within_the_limit_is_no_step():
    assert steps(looked_at(0.1, 0.02), looked_at(0.15, 0.03)) == []
    assert steps(looked_at(0.025, 0.005), looked_at(-0.025, -0.005)) == []


def test_a_change_of_either_velocity_over_the_limit_is_a_step():
    [angular] = steps(looked_at(), looked_at(executed=0.1))
    assert (angular.arm, angular.half, angular.of) == (Arm.RIGHT, "angular", "executed")
    assert angular.times == pytest.approx(2.0)
    [linear] = steps(looked_at(), looked_at(carried_on=-0.03))
    assert (linear.half, linear.of, linear.cut) == ("linear", "carried on", ())


def test_what_the_filter_cuts_at_once_is_named_in_the_tick_and_in_the_one_after():
    moving, held = looked_at(0.3), looked_at(0.0, 0.0, "right.force", "right.speed", "left.leash")
    assert [step.cut for step in steps(moving, held)] == [("force",)]
    assert [step.cut for step in steps(held, moving)] == [("force",)]


def test_speed_and_acceleration_excuse_no_step():
    limited = looked_at(0.3, 0.0, "right.speed", "right.acceleration", "right.jerk", "right.slow")
    assert [step.cut for step in steps(looked_at(), limited)] == [()]


def test_a_velocity_that_is_not_a_number_is_a_step():
    assert len(steps(looked_at(), looked_at(float("nan")))) == 1
