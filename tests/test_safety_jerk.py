from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from ruckig import RuckigError

from teleop import safety_jerk
from teleop.config import SafetyLimits, TakeoverConfig
from teleop.messages import Array
from teleop.safety_jerk import ramped
from teleop.safety_vectors import Flags, pairs
from tests.safety_scripts import DT, halves

LIMITS = SafetyLimits()
REST = np.zeros((2, 6))


def led(
    twist: Array, acceleration: Array, wanted: Array, dt: float = DT, limits: SafetyLimits = LIMITS
) -> tuple[Array, Array, Flags, Flags]:
    speed, fastest, jerk, _ = pairs(limits)
    return ramped(twist, acceleration, wanted, (speed, fastest, jerk), dt)


def history(wanted: Array, ticks: int, start: Array = REST, dt: float = DT) -> list[Array]:
    twist, acceleration, seen = start, REST, list[Array]()
    for _ in range(ticks):
        twist, acceleration, _, _ = led(twist, acceleration, wanted, dt)
        seen.append(twist)
    return seen


def asking(*linear: float) -> Array:
    twist = np.zeros((2, 6))
    twist[:, : len(linear)] = linear
    return twist


@pytest.mark.parametrize("dt", [0.002, 0.005, 0.01, 0.02])
def test_an_operator_who_lets_go_at_full_deflection_has_the_arm_at_rest_in_a_tenth_of_a_second(
    dt: float,
):
    takeover = TakeoverConfig()
    full = asking(takeover.linear_scale)
    full[:, 5] = takeover.angular_scale
    seen = history(REST, round(0.2 / dt), start=full, dt=dt)
    stopped = next(i for i, twist in enumerate(seen) if not twist.any())
    assert (stopped + 1) * dt <= 0.105


@pytest.mark.parametrize("dt", [0.002, 0.01])
def test_a_step_is_reached_exactly_and_without_overshoot(dt: float):
    wanted = asking(0.05, -0.03, 0.02)
    seen = history(wanted, round(0.3 / dt), dt=dt)
    sizes = [halves(twist)[0, 0] for twist in seen]
    assert (np.diff(sizes) >= -1e-12).all()
    assert_allclose(seen[-1], wanted, atol=0.0)


def test_a_straight_change_stays_straight_in_every_direction():
    rng = np.random.default_rng(1)
    for _ in range(20):
        start, wanted = rng.uniform(-0.08, 0.08, (2, 2, 6))
        way = (wanted - start).reshape(2, 2, 3)
        for twist in history(wanted, 15, start=start):
            gone = (twist - start).reshape(2, 2, 3)
            assert_allclose(np.cross(gone, way), 0.0, atol=1e-12)


def test_the_acceleration_and_the_jerk_are_those_of_the_vector():
    wanted = asking(0.08, 0.08, 0.08)
    twist, acceleration = REST, REST
    for _ in range(20):
        new, rate, _, _ = led(twist, acceleration, wanted)
        assert halves(new - twist)[0, 0] <= LIMITS.linear_acceleration * DT * (1 + 1e-9)
        assert halves(rate - acceleration)[0, 0] <= LIMITS.linear_jerk * DT * (1 + 1e-9) + 1e-12
        twist, acceleration = new, rate


def test_whoever_lets_go_while_the_arm_still_speeds_up_gets_no_more_speed():
    speeding = history(asking(0.1), 4)[-1]
    _, acceleration, _, _ = led(history(asking(0.1), 3)[-1], asking(1.5), asking(0.1))
    after, rate, _, _ = led(speeding, acceleration, REST)
    assert acceleration[0, 0] > 0.5
    assert after[0, 0] <= speeding[0, 0]
    assert rate[0, 0] <= 1e-9


def test_whoever_turns_round_while_the_arm_still_speeds_up_gets_no_more_speed_that_way():
    after, _, _, _ = led(asking(0.05), asking(1.5), asking(-0.1))
    assert after[0, 0] <= 0.05


def test_an_acceleration_that_points_elsewhere_fades_within_the_limits():
    twist, acceleration = asking(0.05), asking(1.5)
    wanted = asking(0.05, 0.08, 0.0)
    for _ in range(40):
        new, rate, _, _ = led(twist, acceleration, wanted)
        assert halves(new - twist)[0, 0] <= LIMITS.linear_acceleration * DT * (1 + 1e-9)
        assert halves(rate)[0, 0] <= LIMITS.linear_acceleration * (1 + 1e-9)
        twist, acceleration = new, rate
    assert_allclose(twist, wanted, atol=1e-9)


def test_a_change_that_is_too_much_for_the_limits_is_told_and_a_small_one_is_not():
    _, _, slow, lagging = led(REST, REST, asking(0.1))
    assert slow[:, 0].all() and not slow[:, 1].any()
    assert lagging[:, 0].all()
    twist, acceleration, slow, lagging = led(REST, REST, asking(0.001))
    assert not slow.any() and not lagging.any() and not acceleration.any()
    assert_allclose(twist, asking(0.001))


def test_a_high_jerk_still_keeps_the_acceleration():
    brisk = replace(LIMITS, linear_jerk=10_000.0, angular_jerk=50_000.0)
    twist, _, _, _ = led(REST, REST, asking(0.1), limits=brisk)
    assert_allclose(twist[:, 0], LIMITS.linear_acceleration * DT, rtol=0.02)


def test_where_ruckig_finds_no_plan_the_arm_comes_to_rest(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: float) -> tuple[float, float, float, float]:
        raise RuckigError("no")

    monkeypatch.setattr(safety_jerk, "_planned", refuse)
    twist, acceleration, _, _ = led(asking(0.1), asking(1.0), asking(0.12))
    assert_allclose(twist[:, 0], 0.1 - LIMITS.linear_acceleration * DT)
    assert not acceleration.any()


def test_numbers_too_small_to_divide_by_do_no_harm():
    for tiny in (5e-324, 1e-310, 1e-200, 1e-13):
        for twist, acceleration, wanted in (
            (REST, REST, asking(tiny)),
            (asking(tiny), asking(tiny), REST),
            (REST, asking(1.0), asking(tiny)),
        ):
            got, rate, _, _ = led(twist, acceleration, wanted)
            assert np.isfinite(got).all() and np.isfinite(rate).all()
            assert (halves(got) <= np.maximum(halves(twist), halves(wanted)) + 1e-20).all()
