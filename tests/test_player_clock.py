"""The replay's clock: a value that is asked for the moment at a time."""

import pytest

from gui.review.player.clock import SPEEDS, ReplayClock

S = 1_000_000_000


def test_it_stands_until_it_is_played_and_then_goes_on_with_time():
    clock = ReplayClock(10.0)
    assert clock.at(5 * S) == 0.0
    assert clock.toggled(5 * S).at(7 * S) == pytest.approx(2.0)
    assert clock.toggled(5 * S).toggled(7 * S).at(99 * S) == pytest.approx(2.0)


def test_another_speed_goes_on_from_the_same_moment():
    clock = ReplayClock(100.0).toggled(0)
    for gear in range(10):
        faster = clock.geared(1, gear * S)
        assert faster.at(gear * S) == pytest.approx(clock.at(gear * S))
        clock = faster
    assert clock.speed == SPEEDS[-1] == 8.0
    for _ in range(10):
        clock = clock.geared(-1, 10 * S)
    assert clock.speed == SPEEDS[0] == 0.1


def test_it_plays_backwards_and_turns_round_without_a_jump():
    clock = ReplayClock(10.0).set_to(6.0, 0).toggled(0, -1)
    assert clock.at(2 * S) == pytest.approx(4.0)
    turned = clock.toggled(2 * S, 1)
    assert turned.playing and turned.at(3 * S) == pytest.approx(5.0)


def test_it_ends_at_either_end_and_begins_anew_from_there():
    clock = ReplayClock(10.0).set_to(9.5, 0).toggled(0)
    assert not clock.ended(S // 4) and clock.ended(S)
    assert clock.at(5 * S) == 10.0
    assert clock.paused(S).toggled(S).at(2 * S) == pytest.approx(1.0)
    assert ReplayClock(10.0).toggled(0, -1).at(S) == pytest.approx(9.0)


def test_it_is_set_only_within_the_clip():
    assert ReplayClock(10.0).set_to(99.0, 0).at(0) == 10.0
    assert ReplayClock(10.0).set_to(-1.0, 0).at(0) == 0.0
    assert ReplayClock(10.0).set_to(8.0, 0).reaching(5.0, 0).at(0) == 5.0
