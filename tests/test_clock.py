import time

import pytest

from teleop.clock import RealClock, SimClock


def test_the_real_clock_sleeps_to_the_deadline_and_not_much_longer():
    clock = RealClock()
    deadline_ns = clock.now_ns() + 20_000_000
    spent_s = time.process_time()
    clock.sleep_until_ns(deadline_ns)
    assert 0 <= clock.now_ns() - deadline_ns < 50_000_000
    assert time.process_time() - spent_s < 0.01  # asleep, not spinning


def test_a_deadline_that_has_passed_returns_at_once():
    clock = RealClock()
    started_ns = clock.now_ns()
    clock.sleep_until_ns(started_ns - 1_000_000_000)
    assert clock.now_ns() - started_ns < 10_000_000


def test_simulated_sleep_jumps_to_the_deadline_and_never_back():
    clock = SimClock(now_ns=100)
    clock.sleep_until_ns(250)
    assert clock.now_ns() == 250
    clock.sleep_until_ns(10)
    assert clock.now_ns() == 250
    clock.advance(5)
    assert clock.now_ns() == 255


def test_simulated_time_cannot_be_turned_back():
    with pytest.raises(ValueError, match="cannot go back"):
        SimClock().advance(-1)
