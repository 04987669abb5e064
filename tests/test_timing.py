from dataclasses import replace
from pathlib import Path

import pytest

from teleop.bench_control import percentile_ms, summarise
from teleop.clock import SimClock
from teleop.errors import SessionError
from teleop.messages import Mode
from teleop.timing import TimedRobot, Timing, TimingLog, read_timing
from tests.control_parts import MS, FakeRobot
from tests.sample_steps import make_step


def test_a_takeover_is_timed_from_its_report_to_the_command(session_dir: Path):
    clock = SimClock()
    robot = TimedRobot(FakeRobot(clock), clock)
    log = TimingLog(robot)
    step = replace(make_step(0), episode=0, stamp_ns=100 * MS, late_ns=7, device_age_ns=3 * MS)
    robot.sent_ns = 101 * MS
    log.step(replace(step, modes=(Mode.POLICY, Mode.POLICY)))
    log.step(replace(step, modes=(Mode.OPERATOR, Mode.POLICY)))
    log.step(replace(step, modes=(Mode.OPERATOR, Mode.POLICY)))
    log.step(replace(step, episode=-1, modes=(Mode.POLICY, Mode.POLICY)))  # between episodes
    log.write(session_dir)
    timing = read_timing(session_dir)
    assert timing.takeover_ns == [4 * MS]
    assert timing.late_ns == [7, 7, 7]


def test_only_what_lies_in_the_measured_span_counts():
    timing = Timing([10, 20, 30], [1, 2, 3], [10, 30], [5, 6], missed_ticks=2)
    assert timing.between(15, 30) == Timing([20, 30], [2, 3], [30], [6], 2)


def test_a_session_that_was_not_measured_is_named(session_dir: Path):
    with pytest.raises(SessionError, match=r"no timing\.json"):
        read_timing(session_dir)


def test_the_summary_is_in_milliseconds_and_counts_real_ticks():
    stamps = [10 * MS * tick for tick in range(101)]
    late = [MS // 10] * 100 + [2 * MS]
    found = summarise(Timing(stamps, late, stamps[:2], [4 * MS, 6 * MS]), [MS // 20] * 50)
    assert found.rate_hz == 100.0
    assert found.late_p999_ms > 1.0 > found.late_p99_ms >= 0.1
    assert found.empty_loop_late_p99_ms == 0.05
    assert 5.9 < found.takeover_p99_ms <= 6.0


def test_too_little_to_measure_is_said_and_not_printed_as_nan():
    with pytest.raises(SessionError, match="Run longer"):
        summarise(Timing(), [])
    assert percentile_ms([], 99.0) != percentile_ms([], 99.0)
