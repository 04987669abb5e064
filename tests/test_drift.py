import math
import random

import pytest

from teleop.config import TakeoverConfig
from teleop.device_messages import AT_REST, Six
from teleop.devices.drift import WARN, Drift, is_at_rest, watched

LOOK_NS = 25_000_000


class Idle:
    """A puck that is looked at; `go` is the x axis over some time."""

    def __init__(self) -> None:
        self.drift: Drift | None = None
        self.now_ns = 0
        self.moved = 0.0  # the largest deflection that would have been passed on
        self.warned_at = math.inf

    def go(self, to: float, over_s: float, start: float = 0.0, tremor: float = 0.0) -> None:
        chance = random.Random(0)
        steps = int(over_s * 1e9 / LOOK_NS)
        for step in range(steps):
            x = start + (to - start) * (step + 1) / steps + chance.uniform(-tremor, tremor)
            axes: Six = (x, 0, 0, 0, 0, 0)
            self.drift = watched(self.drift, axes, AT_REST, self.now_ns)
            self.now_ns += LOOK_NS
            if self.drift.wander >= WARN:
                self.warned_at = min(self.warned_at, x)
            if not is_at_rest(self.drift, axes):
                self.moved = max(self.moved, abs(x))


def test_a_puck_that_stays_at_its_centre_has_not_wandered():
    idle = Idle()
    idle.go(0.0, 5.0)
    assert idle.drift is not None
    assert idle.drift.wander == 0.0
    assert not is_at_rest(idle.drift, AT_REST)  # the gate is for a wandered centre only


def test_drift_is_reported_before_it_reaches_the_thresholds():
    idle = Idle()
    idle.go(0.3, 120.0)
    assert idle.warned_at < TakeoverConfig().leave


@pytest.mark.parametrize("over_s", [55.0, 160.0, 600.0])
def test_a_centre_that_creeps_beyond_the_enter_threshold_takes_nothing_over(over_s: float):
    idle = Idle()
    idle.go(0.4, over_s)
    assert idle.moved < TakeoverConfig().leave


def test_a_cap_that_sticks_after_a_push_is_let_go_after_a_moment():
    idle = Idle()
    idle.go(0.0, 3.0)
    idle.go(0.8, 1.0, tremor=0.02)
    idle.go(0.15, 0.1, start=0.8)
    idle.moved = 0.0
    idle.go(0.15, 1.0, start=0.15)
    assert idle.moved == 0.15  # too early to tell it from a hand
    idle.go(0.15, 1.0, start=0.15)
    assert is_at_rest(idle.drift, (0.15, 0, 0, 0, 0, 0))


def test_a_push_beyond_the_wandered_centre_is_passed_on_unchanged():
    idle = Idle()
    idle.go(0.1, 60.0)
    assert is_at_rest(idle.drift, (0.1, 0, 0, 0, 0, 0))
    assert not is_at_rest(idle.drift, (0.5, 0, 0, 0, 0, 0))
    assert not is_at_rest(idle.drift, AT_REST)


def test_a_hand_that_holds_the_cap_is_no_drift_however_long():
    idle = Idle()
    idle.go(0.3, 20.0, start=0.3, tremor=0.02)
    idle.go(1.0, 20.0, start=1.0)  # against its stop, where it does not tremble
    assert idle.drift is not None
    assert idle.drift.wander == 0.0


def test_a_centre_that_comes_back_is_no_drift_any_more():
    idle = Idle()
    idle.go(0.1, 60.0)
    idle.go(0.0, 2.0, start=0.0)
    assert idle.drift is not None
    assert idle.drift.wander < WARN
