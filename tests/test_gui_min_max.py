"""The bins behind the curves."""

import numpy as np
import pytest

from gui.min_max import MinMaxHistory, stretches

MS = 1_000_000


def history() -> MinMaxHistory:
    return MinMaxHistory(1, span_s=1.0, bins=10)


def add(made: MinMaxHistory, stamps_ms: list[int], values: list[float]) -> None:
    made.add(np.array(stamps_ms) * MS, np.array(values, float)[:, None])


def test_a_peak_between_two_bins_is_never_lost():
    made = history()
    add(made, [0, 10, 20, 110], [1.0, 9.0, -3.0, 2.0])
    low, high = made.ordered()
    assert low[-2:, 0].tolist() == [-3.0, 2.0]
    assert high[-2:, 0].tolist() == [9.0, 2.0]


def test_the_span_moves_on_and_forgets():
    made = history()
    add(made, [0], [5.0])
    made.move_to(1500 * MS)
    assert np.isnan(made.ordered()[0]).all()
    assert made.largest(0, 1) == 0.0


def test_a_sample_older_than_the_span_is_left_out():
    made = history()
    add(made, [5000], [1.0])
    add(made, [3000], [9.0])
    assert made.largest(0, 1) == 1.0


def test_bins_do_not_depend_on_how_the_samples_were_handed_over():
    together, apart = history(), history()
    add(together, [10, 20, 130, 990], [1.0, 2.0, 3.0, 4.0])
    for stamp, value in ((10, 1.0), (20, 2.0), (130, 3.0), (990, 4.0)):
        add(apart, [stamp], [value])
    np.testing.assert_array_equal(together.ordered(), apart.ordered())


@pytest.mark.parametrize(
    ("valid", "parts"),
    [("", 0), ("0000", 0), ("1111", 1), ("1110111", 1), ("11100001", 2)],
)
def test_a_curve_parts_only_where_data_is_really_missing(valid: str, parts: int):
    assert len(stretches(np.array([one == "1" for one in valid], bool))) == parts
