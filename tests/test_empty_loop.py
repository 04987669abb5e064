import gc
import os
import sys
from collections.abc import Iterator

import pytest

from teleop.clock import SimClock
from teleop.empty_loop import lateness_ns
from teleop.priority import REALTIME_PRIORITY, SWITCH_S, run_ahead, still_collector


class LateClock(SimClock):
    """Wakes a little late, every third time."""

    def __init__(self) -> None:
        super().__init__()
        self.wakes = 0

    def sleep_until_ns(self, deadline_ns: int) -> None:
        super().sleep_until_ns(deadline_ns)
        self.wakes += 1
        if self.wakes % 3 == 0:
            self.advance(7)


def test_lateness_is_measured_against_a_grid_that_does_not_drift():
    assert lateness_ns(LateClock(), 100, 6) == [0, 0, 7, 0, 0, 7]


def test_a_period_that_is_missed_whole_is_left_out_as_in_the_control_loop():
    class Stalled(LateClock):
        def sleep_until_ns(self, deadline_ns: int) -> None:
            super().sleep_until_ns(deadline_ns)
            if self.wakes == 2:
                self.advance(250)

    assert lateness_ns(Stalled(), 100, 6) == [0, 250, 7, 0]


@pytest.fixture
def as_before() -> Iterator[None]:
    policy, parameter = os.sched_getscheduler(0), os.sched_getparam(0)
    interval = sys.getswitchinterval()
    yield
    os.sched_setscheduler(0, policy, parameter)
    sys.setswitchinterval(interval)
    gc.enable()
    gc.unfreeze()


@pytest.mark.usefixtures("as_before")
def test_the_loop_runs_ahead_if_it_may_and_says_how():
    said = run_ahead()
    assert sys.getswitchinterval() == pytest.approx(SWITCH_S)
    if os.sched_getscheduler(0) == os.SCHED_FIFO:
        assert said == f"real-time priority {REALTIME_PRIORITY}"
    else:
        assert "nudge doctor" in said


@pytest.mark.usefixtures("as_before")
def test_without_the_permission_the_loop_goes_on_in_ordinary_scheduling(
    monkeypatch: pytest.MonkeyPatch,
):
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    assert run_ahead().startswith("ordinary scheduling")


@pytest.mark.usefixtures("as_before")
def test_the_collector_is_off_and_leaves_what_lives_alone():
    still_collector()
    assert not gc.isenabled()
    assert gc.get_freeze_count() > 0
