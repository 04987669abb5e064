import pytest

from teleop.config import SessionConfig
from teleop.errors import SessionError
from teleop.messages import Arm
from teleop.takeover_match import Taken
from teleop.takeover_summary import summarise
from teleop.timing import Tick, Timing
from teleop.velocity_steps import VelocityStep

MS = 1_000_000
CONFIG = SessionConfig(rate_hz=200.0)
TICKS = [Tick(tick * 5 * MS, MS // 10, MS, tick) for tick in range(100)]


def sound(command_ms: float = 4.0) -> Taken:
    command_ns = round(command_ms * MS)
    return Taken(1, 1, 0, command_ns - MS, command_ns, False, 300 * MS)


def over_limit(at_ms: int, *cut: str, arm: Arm = Arm.LEFT) -> VelocityStep:
    return VelocityStep(at_ms * MS, arm, "linear", "executed", 3.0, cut)


def test_the_numbers_are_in_milliseconds_and_the_dwell_is_told_apart():
    found = summarise([sound(2.0), sound(3.0), sound(4.0)], Timing(TICKS), CONFIG)
    assert found.report_to_command_p50_ms == 3.0
    assert found.report_to_command_max_ms == 4.0
    assert found.tick_to_command_p50_ms == 1.0
    assert (found.tick_ms, found.late_p99_ms) == (5.0, 0.1)
    assert found.release_to_policy_p99_ms == 300.0
    assert found.release_to_policy_beyond_dwell_p99_ms == 50.0
    assert (found.takeovers, found.wrong_arm, found.lost_or_double) == (3, 0, 0)


def test_the_wrong_arm_a_lost_push_and_a_double_one_are_counted():
    outcomes = [sound(), Taken(1, 1, 1, 0, MS), Taken(), Taken(2, 2), Taken(1, 0)]
    found = summarise(outcomes, Timing(TICKS), CONFIG)
    assert (found.wrong_arm, found.lost_or_double) == (1, 3)


def test_a_tick_with_a_velocity_step_counts_once_and_apart_from_those_that_are_cut_on_purpose():
    steps = [
        over_limit(5),
        over_limit(5, arm=Arm.RIGHT),
        over_limit(10, "force"),
        over_limit(15, "force", "leash"),
    ]
    found = summarise([sound()], Timing(TICKS, [], steps), CONFIG)
    assert found.velocity_step_over_limit == 1
    assert found.cut_at_once == {"force": 2, "leash": 1}


def test_a_measurement_in_which_nothing_was_taken_over_is_refused():
    with pytest.raises(SessionError, match="Not one push"):
        summarise([Taken()], Timing(TICKS), CONFIG)
