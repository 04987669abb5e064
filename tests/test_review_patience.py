"""A process that gets no processor is not taken for one that hangs."""

import os
import time

import pytest

from gui.review.patience import Patience, Seen, look_at


def test_a_process_that_is_starved_of_processor_is_waited_for():
    patience = Patience(30.0, Seen(runs=True, used_s=1.0))
    looks = (Seen(runs=True, used_s=1.0 + 0.01 * second) for second in range(1, 1001))
    assert not any(patience.over(seen, 1.0) for seen in looks)
    assert patience.own_s == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("runs", "used_s"), [(True, 1.0), (False, 0.0)], ids=["it computes for ever", "it waits"]
)
def test_a_process_that_comes_to_no_end_has_its_time_and_no_more(runs: bool, used_s: float):
    patience = Patience(30.0, Seen(runs, 5.0))
    over = [patience.over(Seen(runs, 5.0 + used_s * second), 1.0) for second in range(1, 32)]
    assert over == [False] * 30 + [True]


def test_where_the_kernel_tells_nothing_the_clock_counts():
    patience = Patience(2.0, None)
    assert [patience.over(None, 1.0) for _ in range(3)] == [False, False, True]
    assert look_at(0) is None


def test_the_kernel_tells_what_a_process_used():
    before = look_at(os.getpid())
    assert before is not None
    began_s = time.process_time()
    while time.process_time() - began_s < 0.05:
        pass
    after = look_at(os.getpid())
    assert after is not None
    assert after.runs
    assert 0.03 < after.used_s - before.used_s < 5.0
