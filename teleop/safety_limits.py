"""What the safety filter keeps each arm within; a part of `teleop.config.SessionConfig`."""

from dataclasses import dataclass
from typing import Annotated

from teleop.errors import ConfigError
from teleop.settings_span import Looser, Span, check_spans

UP, DOWN, EITHER = Looser.UP, Looser.DOWN, Looser.EITHER
CONDITION = "(condition number)"
Corner = tuple[float, float, float]


@dataclass(frozen=True)
class SafetyLimits:
    """What the safety filter keeps each arm within.

    An operator who lets go at 0.10 m/s has the arm's command at rest within 0.10 s: v/a + a/j.
    """

    linear_speed: Annotated[float, Span(0.001, 1.0, "m/s", UP, step=0.01)] = 0.15
    """m/s; fastest that a tool may move"""
    angular_speed: Annotated[float, Span(0.001, 3.0, "rad/s", UP, step=0.05)] = 0.8
    """rad/s; fastest that a tool may turn"""
    linear_acceleration: Annotated[float, Span(0.01, 20.0, "m/s^2", UP, step=0.1)] = 1.5
    """m/s^2; fastest change of speed; also how fast a new source of motion is ramped in"""
    angular_acceleration: Annotated[float, Span(0.01, 100.0, "rad/s^2", UP, step=0.5)] = 8.0
    """rad/s^2; fastest change of turning speed"""
    linear_jerk: Annotated[float, Span(0.1, 10_000.0, "m/s^3", UP, step=5.0)] = 80.0
    """m/s^3; how fast the acceleration itself may change, unless the motion shrinks"""
    angular_jerk: Annotated[float, Span(0.1, 50_000.0, "rad/s^3", UP, step=20.0)] = 400.0
    """rad/s^3; how fast the turning acceleration itself may change"""
    leash_m: Annotated[float, Span(0.001, 0.05, "m", UP, step=0.001)] = 0.010
    """most lead of the commanded over the measured pose; with the stiffness it bounds the push"""
    leash_rad: Annotated[float, Span(0.005, 0.5, "rad", UP, step=0.01)] = 0.15
    """most lead of the commanded over the measured rotation"""
    soft_force: Annotated[float, Span(1.0, 200.0, "N", UP, step=1.0)] = 25.0
    """N; above it the part of the motion that pushes further is removed"""
    hard_force: Annotated[float, Span("soft_force", 500.0, "N", UP, step=1.0)] = 45.0
    """N; above it the arm backs off along the force"""
    soft_torque: Annotated[float, Span(0.1, 50.0, "Nm", UP, step=0.1)] = 5.0
    """Nm; above it the part of the rotation that twists further is removed"""
    retreat_speed: Annotated[float, Span(0.0, 0.05, "m/s", EITHER, step=0.005)] = 0.02
    """m/s; how fast an arm backs off"""
    retreat_m: Annotated[float, Span(0.0, 0.2, "m", EITHER, step=0.01)] = 0.03
    """farthest that an arm backs off before the force has fallen below `soft_force` again"""
    stale_state_s: Annotated[float, Span(0.01, 2.0, "s", UP, step=0.01)] = 0.1
    """a robot state older than this stops the session: nobody knows where the arms are"""
    workspace_low: Annotated[Corner, Span(-5.0, 5.0, "m", DOWN, step=0.01)] = (-0.40, -0.25, 0.25)
    """m; lower corner of the box the tools stay in, along the world's axes"""
    workspace_high: Annotated[Corner, Span(-5.0, 5.0, "m", UP, step=0.01)] = (0.40, 0.25, 0.70)
    """m; upper corner of the box the tools stay in"""
    workspace_slow_m: Annotated[float, Span(0.001, 0.2, "m", DOWN, step=0.005)] = 0.03
    """towards a wall of the box the speed falls from here on, to nothing at the wall"""
    joint_margin: Annotated[float, Span(0.0, 1.0, "rad", DOWN, step=0.01)] = 0.1
    """rad; joints stay this far from the ends of their travel"""
    joint_slow: Annotated[float, Span(0.01, 1.0, "rad", DOWN, step=0.01)] = 0.3
    """rad; towards that margin a joint's speed falls from this distance on"""
    joint_speed: Annotated[float, Span(0.01, 10.0, "rad/s", UP, step=0.1)] = 2.0
    """rad/s; fastest that any joint may turn"""
    singular_slow: Annotated[float, Span(1.0, 1000.0, CONDITION, UP, step=1.0)] = 17.0
    """condition number of the Jacobian above which motion towards a singularity slows"""
    singular_stop: Annotated[float, Span("singular_slow", 10_000.0, CONDITION, UP, step=1.0)] = 30.0
    """condition number at which nothing moves further towards it"""
    characteristic_length: Annotated[float, Span(0.05, 2.0, "m", EITHER, step=0.05)] = 0.4
    """m; makes metres of the Jacobian's radians before its condition number is taken"""
    arm_distance: Annotated[float, Span(0.0, 0.2, "m", DOWN, step=0.001)] = 0.006
    """m; distance between the two arms at which they come no nearer"""
    arm_distance_slow: Annotated[float, Span(0.001, 0.2, "m", DOWN, step=0.001)] = 0.014
    """m; approaching that distance the speed falls from this far before it"""

    def __post_init__(self) -> None:
        check_spans(self)
        if any(
            low >= high for low, high in zip(self.workspace_low, self.workspace_high, strict=True)
        ):
            raise ConfigError("workspace_low must lie below workspace_high on every axis.")
