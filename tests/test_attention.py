from dataclasses import replace

import pytest

from teleop.cells.plug.reading import PlugTruth
from teleop.devices.attention import (
    Patience,
    Watch,
    begun,
    is_failing,
    is_new_scene,
    is_on_track,
    looked,
)
from tests.plug_scenes import FREE, HOME, IN, JAMMED, STUCK, at_depth

MS = 1_000_000
PATIENCE = Patience(stuck_s=0.8, jammed_s=0.3, aimless_s=3.0)


def watch(scene: list[PlugTruth], every_ms: int = 50) -> float | None:
    """Look at one scene after the other; the time in s at which it counts as failing."""
    state: Watch = begun(0)
    for i, truth in enumerate(scene):
        now_ns = i * every_ms * MS
        state = looked(state, truth, now_ns)
        if is_failing(state, truth, now_ns, PATIENCE):
            return now_ns * 1e-9
    return None


def test_pins_that_rest_on_the_face_are_stuck_after_a_while():
    assert watch([STUCK] * 40) == pytest.approx(0.85, abs=0.06)


def test_pins_that_slowly_go_in_are_not_stuck():
    assert watch([at_depth(0.0002 * i, lateral_m=0.0) for i in range(60)]) is None


def test_a_jam_is_noticed_sooner():
    assert watch([JAMMED] * 40) == pytest.approx(0.35, abs=0.06)


def test_a_passing_jam_is_none():
    assert watch(([JAMMED] * 4 + [at_depth(0.005)]) * 5) is None


def test_coming_nearer_is_progress_and_hovering_is_none():
    coming = [at_depth(-0.04 + 0.0002 * i, contact=False) for i in range(100)]
    assert watch(coming) is None
    assert watch([FREE] * 100) == pytest.approx(3.05, abs=0.06)


def test_nothing_is_failing_that_is_done_or_past_helping():
    assert watch([HOME] * 100) is None
    assert watch([replace(STUCK, dropped=True)] * 100) is None


@pytest.mark.parametrize(
    ("truth", "on_track"),
    [
        (FREE, False),
        (STUCK, False),
        (at_depth(0.0039, 0.0), False),
        (IN, True),
        (replace(IN, jammed=True), False),
        (HOME, True),
        (replace(STUCK, dropped=True), True),
    ],
)
def test_it_is_on_track_once_the_pins_are_well_in(truth: PlugTruth, on_track: bool):
    assert is_on_track(truth) is on_track


def test_a_plug_that_jumped_is_another_scene():
    assert is_new_scene(HOME, FREE)
    assert not is_new_scene(at_depth(0.0), at_depth(0.001))
