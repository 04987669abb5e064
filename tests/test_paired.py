import pytest

from learner.paired import Paired, chance_of_difference, chance_of_worse, wilson_interval


def test_scenes_are_counted_by_who_succeeded():
    paired = Paired()
    for first, second in ((True, True), (True, False), (False, True), (False, False)):
        paired = paired.and_scene(first, second)
    assert paired == Paired(1, 1, 1, 1)
    assert (paired.scenes, paired.first, paired.second) == (4, 2, 2)


def test_scenes_that_end_alike_say_nothing():
    assert chance_of_worse(Paired(both=50, neither=50)) == 1.0
    assert chance_of_difference(Paired(both=50)) == 1.0


def test_the_sign_test_counts_as_tables_do():
    assert chance_of_worse(Paired(only_second=5)) == pytest.approx(1 / 32)
    assert chance_of_worse(Paired(only_first=5)) == 1.0
    assert chance_of_difference(Paired(only_first=1, only_second=9)) == pytest.approx(22 / 1024)


def test_the_wilson_interval_is_that_of_the_tables():
    low, high = wilson_interval(95, 100)
    assert (low, high) == (pytest.approx(0.8882, abs=1e-3), pytest.approx(0.9785, abs=1e-3))
    assert wilson_interval(0, 20) == (0.0, pytest.approx(0.1611, abs=1e-3))
    assert wilson_interval(0, 0) == (0.0, 1.0)
