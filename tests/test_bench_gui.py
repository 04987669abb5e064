"""The measurement of the window: what it counts, and that it runs."""

import itertools
import json

import numpy as np
import pytest

from gui.bench_gui import meter as measuring
from gui.bench_gui.meter import Meter, resident_mb
from gui.bench_gui.plausible import REPEATS_S, pictures, wrenches
from gui.bench_gui.verb import BenchGui, BenchGuiOptions, main
from teleop.errors import ConfigError

ASKED = {
    "gui_thread_core_fraction",
    "frame_to_paint_p50_ms",
    "frame_to_paint_p95_ms",
    "fps_shown",
    "rss_mb_after_10_min",
    "rss_growth_mb",
}


def test_a_picture_that_is_painted_twice_counts_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(measuring.time, "monotonic_ns", lambda: 12_000_000)
    meter = Meter()
    meter.painted("top", 1)
    meter.start()
    for stamp_ns in (2_000_000, 2_000_000, 7_000_000):
        meter.painted("top", stamp_ns)
    found = meter.stop()
    assert round(found.fps_shown * found.seconds) <= 2
    assert (found.frame_to_paint_p50_ms, found.frame_to_paint_p99_ms) == (7.5, 9.95)


def test_the_camera_that_got_least_is_the_one_that_counts():
    meter = Meter()
    meter.painted("top", 1)
    meter.painted("front", 1)
    meter.start()
    meter.painted("top", 2)
    assert meter.stop().fps_shown == 0.0


def test_memory_is_read_as_linux_counts_it():
    assert 10.0 < resident_mb("RssAnon") < resident_mb()


def test_the_forces_come_a_thousand_times_a_second_and_repeat_without_a_jump():
    values = wrenches(1000)
    assert values.shape == (1000 * REPEATS_S, 2, 6)
    steps = np.abs(np.diff(np.vstack((values, values[:1])).reshape(-1, 12), axis=0)).max(axis=1)
    assert steps[-1] < 1.5 * np.percentile(steps, 99)


def test_no_two_pictures_in_a_row_are_alike():
    made = pictures(0)
    assert {image.shape for image in made} == {(480, 640, 3)}
    assert all((a != b).any() for a, b in itertools.pairwise(made))


def test_what_was_asked_is_printed_of_the_window_and_of_the_baseline():
    names = set(BenchGui.__dataclass_fields__)
    assert names >= ASKED | {f"baseline_{name}" for name in ASKED}


def test_no_time_at_all_is_refused():
    with pytest.raises(ConfigError, match="seconds"):
        BenchGuiOptions(seconds=0.0)


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_the_window_is_measured_under_xvfb(capfd: pytest.CaptureFixture[str]):
    assert main(["--json", "--seconds", "5"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert 0.0 < found["gui_thread_core_fraction"] < 1.0
    assert found["fps_shown"] > 5.0
    assert "Learn" in found["pages"]
