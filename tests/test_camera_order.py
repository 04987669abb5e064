"""Cameras are hidden, swapped and enlarged; none is ever lost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gui.widgets.camera_order import (
    Cameras,
    arranged,
    moved_round,
    restored,
    swapped,
    toggled,
)

NAMES = ("operator", "front", "top", "overhead")
START = Cameras(NAMES, "operator")

MOVES = st.one_of(
    st.sampled_from(NAMES).map(lambda name: lambda now: arranged(now, NAMES[0], name)),
    st.sampled_from(NAMES).map(lambda name: lambda now: toggled(now, name)),
    st.permutations(NAMES).map(lambda names: lambda now: swapped(now, names[0], names[1])),
    st.just(moved_round),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(MOVES, max_size=12))
def test_after_any_moves_every_camera_is_large_small_or_hidden_once(moves: list[object]):
    now = START
    for move in moves:
        now = move(now)  # pyright: ignore
    assert now.large not in now.hidden
    assert sorted((now.large, *now.column, *now.hidden)) == sorted(NAMES)


def test_a_hidden_camera_gives_its_place_and_comes_back():
    hidden = toggled(START, "front")
    assert hidden.column == ("top", "overhead")
    assert toggled(hidden, "front") == START


def test_the_last_picture_cannot_be_hidden():
    now = START
    for name in NAMES:
        now = toggled(now, name)
    assert now.large == "overhead"
    assert toggled(now, "overhead") == now


def test_the_large_picture_changes_places_with_the_one_it_is_dropped_on():
    now = swapped(START, "operator", "top")
    assert now.large == "top"
    assert now.column == ("front", "operator", "overhead")


def test_every_order_of_the_small_pictures_is_reached_by_two_keys():
    seen, waiting = {START.column}, [START]
    while waiting:
        now = waiting.pop()
        for after in (moved_round(now), swapped(now, *now.column[:2])):
            if after.column not in seen:
                seen.add(after.column)
                waiting.append(after)
    assert len(seen) == 6


def test_cameras_of_another_session_are_passed_over():
    now = restored(START, "gone", ("top", "gone", "front"), ("front", "gone"))
    assert now.order == ("top", "front", "operator", "overhead")
    assert (now.large, now.column) == ("operator", ("top", "overhead"))
