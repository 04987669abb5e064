from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from teleop.bench_control import percentile_ms, summarise
from teleop.clock import SimClock
from teleop.config import SafetyLimits
from teleop.errors import SessionError
from teleop.messages import Action, Mode, Step, frozen_array
from teleop.timing import Change, TimedRobot, Timing, TimingLog, read_timing
from teleop.timing import Tick as Row
from tests.control_parts import MS, FakeRobot
from tests.sample_steps import make_step

PERIOD_NS = 10 * MS
BOTH_POLICY = (Mode.POLICY, Mode.POLICY)
LEFT_TAKEN = (Mode.OPERATOR, Mode.POLICY)
STILL = np.zeros((2, 6))


def tick_of(tick: int, modes: tuple[Mode, Mode] = BOTH_POLICY, episode: int = 0) -> Step:
    zero = frozen_array(STILL)
    taken = float(modes[0] is Mode.OPERATOR)
    return replace(
        make_step(tick),
        episode=episode,
        stamp_ns=tick * PERIOD_NS,
        late_ns=7,
        device_age_ns=3 * MS,
        modes=modes,
        authority=(taken, 0.0),
        executed=Action(zero, frozen_array(np.zeros(2))),
        limits_hit=(),
    )


def made() -> tuple[SimClock, TimedRobot, TimingLog]:
    clock = SimClock(0)
    robot = TimedRobot(FakeRobot(clock), clock)
    return clock, robot, TimingLog(robot, clock, SafetyLimits(), 0.01, lambda: STILL)


def row(tick: int, late_ns: int = 0) -> Row:
    return Row(tick * PERIOD_NS + late_ns, late_ns, MS, tick)


def taken_over(tick: int, sent_ns: int, age_ns: int) -> list[Change]:
    """The left arm taken over and given back."""
    stamp_ns = tick * PERIOD_NS
    at_rest = Change(stamp_ns - PERIOD_NS, 0, 0, BOTH_POLICY, (0.0, 0.0), age_ns)
    return [at_rest, Change(stamp_ns, sent_ns, 0, LEFT_TAKEN, (1.0, 0.0), age_ns)]


def test_a_takeover_is_timed_from_its_report_to_the_command(session_dir: Path):
    clock, robot, log = made()
    for tick, modes in enumerate([BOTH_POLICY, LEFT_TAKEN, LEFT_TAKEN], 1):
        robot.sent_ns = tick * PERIOD_NS + MS
        clock.advance(tick * PERIOD_NS + 2 * MS - clock.now_ns())
        log.step(tick_of(tick, modes))
    log.step(tick_of(4, episode=-1))  # between episodes
    log.write(session_dir)
    timing = read_timing(session_dir)
    assert timing.takeovers_ns() == [4 * MS]
    assert [tick.late_ns for tick in timing.ticks] == [7, 7, 7]
    assert [tick.took_ns for tick in timing.ticks] == [2 * MS] * 3
    assert [change.modes for change in timing.changes] == [BOTH_POLICY, LEFT_TAKEN]


def test_a_step_of_the_commanded_velocity_is_taken_down_but_not_across_episodes():
    _, _, log = made()
    fast = STILL.copy()
    fast[1, 0] = 0.016  # 0.015 is allowed: 1.5 m/s^2 for 10 ms
    log.step(tick_of(1))
    log.step(replace(tick_of(2), executed=Action(frozen_array(fast), frozen_array(np.zeros(2)))))
    [step] = log.timing.velocity_steps
    assert (step.stamp_ns, step.arm, step.half, step.of) == (2 * PERIOD_NS, 1, "linear", "executed")
    log.opened(None)  # pyright: ignore[reportArgumentType]
    log.step(tick_of(3))
    assert len(log.timing.velocity_steps) == 1


def test_only_what_lies_in_the_measured_span_counts():
    changes = taken_over(3, 0, 0)
    timing = Timing([row(1), row(2), row(3)], changes)
    kept = timing.between(2 * PERIOD_NS + 1, 3 * PERIOD_NS)
    assert kept == Timing([row(3)], changes[1:])


def test_missed_ticks_are_told_apart_from_those_of_setting_the_scene_up():
    first = Row(0, 0, MS, 0)
    timing = Timing([first, row(3), row(4, late_ns=MS), row(6), row(7)])
    assert timing.missed_ticks(PERIOD_NS) == (1, 2)


def test_a_session_that_was_not_measured_is_named(session_dir: Path):
    with pytest.raises(SessionError, match=r"no timing\.json"):
        read_timing(session_dir)


def test_the_summary_is_in_milliseconds_and_counts_real_ticks():
    ticks = [row(tick, MS // 10) for tick in range(100)] + [row(100, 21 * MS)]
    changes = [*taken_over(3, 31 * MS, 3 * MS), *taken_over(9, 91 * MS, 5 * MS)]
    found = summarise(Timing(ticks, changes), [MS // 20] * 50, PERIOD_NS)
    assert found.rate_hz == pytest.approx(100.0, abs=3.0)
    assert found.late_p999_ms > 1.0 > found.late_p99_ms >= 0.1
    assert found.late_max_ms == 21.0
    assert found.ticks_over_20ms == 1
    assert found.missed_ticks == 0
    assert found.tick_p99_ms == 1.0
    assert found.empty_loop_late_p99_ms == 0.05
    assert found.late_over_empty_p99_ms == pytest.approx(found.late_p99_ms - 0.05)
    assert 5.9 < found.takeover_p99_ms <= 6.0


def test_too_little_to_measure_is_said_and_not_printed_as_nan():
    with pytest.raises(SessionError, match="Run longer"):
        summarise(Timing(), [], PERIOD_NS)
    assert percentile_ms([], 99.0) != percentile_ms([], 99.0)
