import pytest

from teleop.camera_process import next_deadline_ns


@pytest.mark.parametrize(("now", "then"), [(100, 130), (129, 130), (130, 160), (195, 220)])
def test_missed_deadlines_are_left_out_and_the_grid_is_kept(now: int, then: int):
    assert next_deadline_ns(100, 30, now) == then
