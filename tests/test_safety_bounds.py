import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose

from teleop.messages import Array
from teleop.safety_bounds import Bounds, held_within, joined
from tests.safety_scripts import halves


def bounds(rows: list[list[float]], most: list[float], *, slides: bool = True) -> Bounds:
    """The same for both arms."""
    count = len(rows)
    return Bounds(("wall",) * count, np.array([rows] * 2), np.array([most] * 2), (slides,) * count)


def twists(*left: float) -> Array:
    return np.array([left, (0.0,) * 6])


X, Y = [1.0, 0, 0, 0, 0, 0], [0, 1.0, 0, 0, 0, 0]


def test_what_leaves_or_is_slow_enough_passes_as_it_is():
    twist = twists(-0.1, 0.05, 0, 0, 0, 0.3)
    held, over = held_within(twist, bounds([X], [0.0]))
    assert held is twist and not over.any()
    assert held_within(-twist, bounds([X], [0.1]))[1].any() == np.False_


def test_only_the_approaching_part_is_taken_and_the_rest_slides():
    held, over = held_within(twists(0.1, 0.05, 0, 0, 0, 0.3), bounds([X], [0.02]))
    assert_allclose(held[0], [0.02, 0.05, 0, 0, 0, 0.3])
    assert over.tolist() == [[True], [False]]


def test_a_bound_that_does_not_slide_slows_the_whole_motion():
    held, _ = held_within(twists(0.1, 0.05, 0, 0, 0, 0.3), bounds([X], [0.02], slides=False))
    assert_allclose(held[0], np.array([0.1, 0.05, 0, 0, 0, 0.3]) * 0.2)


def test_a_point_off_the_tool_is_kept_by_shrinking_both_halves():
    row = [1.0, 0, 0, 0, 0.1, 0]  # a lever of 0.1 m
    held, _ = held_within(twists(0.05, 0, 0, 0, 0.5, 0), bounds([row], [0.0]))
    assert_allclose(held[0], 0.0, atol=1e-12)
    half, _ = held_within(twists(0.05, 0, 0, 0, 0.5, 0), bounds([row], [0.05]))
    assert_allclose(half[0], [0.025, 0, 0, 0, 0.25, 0])


def test_a_corner_holds_on_both_sides():
    held, _ = held_within(twists(0.1, 0.1, 0.1, 0, 0, 0), bounds([X, Y], [0.0, 0.03]))
    assert_allclose(held[0], [0.0, 0.03, 0.1, 0, 0, 0])


def test_several_lists_of_bounds_become_one_and_none_stays_none():
    both = joined([None, bounds([X], [0.0]), bounds([Y], [1.0], slides=False)])
    assert both is not None
    assert both.rows.shape == (2, 2, 6)
    assert both.slides == (True, False)
    assert joined([None, None]) is None


numbers = st.floats(-1.0, 1.0, width=32)
rows = hnp.arrays(np.float64, (2, 5, 6), elements=numbers)
mosts = hnp.arrays(np.float64, (2, 5), elements=st.sampled_from((0.0, 0.01, 0.3, np.inf)))
asked = hnp.arrays(np.float64, (2, 6), elements=numbers)
ways = st.tuples(*[st.booleans()] * 5)


def keeps_all(twist: Array, row: Array, most: Array, slides: tuple[bool, ...]) -> None:
    held, _ = held_within(twist, Bounds(("wall",) * 5, row, most, slides))
    assert (halves(held) <= halves(twist) + 1e-12).all()
    rate = np.matmul(row, held[:, :, None])[:, :, 0]
    assert (rate <= most + 1e-8 * (1 + np.abs(row).sum(axis=2))).all()
    again, _ = held_within(held, Bounds(("wall",) * 5, row, most, slides))
    assert_allclose(again, held, atol=1e-8)


@settings(max_examples=40, deadline=None)
@given(asked, rows, mosts, ways)
def test_whatever_the_bounds_they_are_kept_and_nothing_grows(
    twist: Array, row: Array, most: Array, slides: tuple[bool, ...]
):
    keeps_all(twist, row, most, slides)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(max_examples=5000, deadline=None)
@given(asked, rows, mosts, ways)
def test_whatever_the_bounds_they_are_kept_and_nothing_grows_at_length(
    twist: Array, row: Array, most: Array, slides: tuple[bool, ...]
):
    keeps_all(twist, row, most, slides)
