"""`nudge bench gui`: what the window costs, and how soon a picture is on it.

The real window runs under Xvfb, fed by another process through real frame rings and topics: four
cameras of 640x480 at 30 frames a second, both wrists' six force channels at 1 kHz, steps at 100 Hz,
devices and learning. The operate view is open with the window of the devices beside it; afterwards
every page is opened over it for a while (pages: share of a core of the window's thread).

gui_thread_core_fraction is CPU time of the window's thread. frame_to_paint runs from the
producer's stamp, before the picture is copied into its ring, to the end of the tile's painting; a
real screen adds its own. baseline_*: pyqtgraph's plain ImageItem and PlotDataItem on the same
input, in the same run after the window, without anything else that a window has. rss_growth_mb
counts from the end of the first tenth, at most a minute. rss_mb contains frames_mb of mapped files.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gui.bench_gui.meter import Measured
from gui.virtual_screen import virtual_screen
from teleop.bench_session import print_result, say
from teleop.cli_options import parse
from teleop.config import SessionConfig, require
from teleop.errors import SessionError
from teleop.session_claim import claimed
from teleop.session_record import SessionRecord, package_versions, write_record

SCREEN = (3000, 1100)  # the window, and the window of the devices beside it
SPARE_S = 120.0


@dataclass(frozen=True)
class BenchGuiOptions:
    """How long to measure, and how to print it."""

    seconds: float = 600.0
    """how long to measure the window; the baseline follows for as long"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""

    def __post_init__(self) -> None:
        require("seconds", self.seconds, 1.0, 86400.0, "s")


@dataclass(frozen=True)
class BenchGui:
    """What is printed; `Measured` says what each is."""

    gui_thread_core_fraction: float
    frame_to_paint_p50_ms: float
    frame_to_paint_p95_ms: float
    fps_shown: float
    rss_mb_after_10_min: float
    rss_growth_mb: float
    baseline_gui_thread_core_fraction: float
    baseline_frame_to_paint_p50_ms: float
    baseline_frame_to_paint_p95_ms: float
    baseline_fps_shown: float
    baseline_rss_mb_after_10_min: float
    baseline_rss_growth_mb: float
    seconds: float
    frame_to_paint_p99_ms: float
    process_core_fraction: float
    frames_mb: float
    baseline_frame_to_paint_p99_ms: float
    baseline_process_core_fraction: float
    pages: dict[str, float]
    load_average: float
    versions: dict[str, str]


def main(arguments: list[str]) -> int:
    """Measure, print, return the exit code."""
    options = parse(BenchGuiOptions, arguments, prog="nudge bench gui", description=__doc__ or "")
    print_result(measure(options.seconds), options.json)
    return 0


def measure(seconds: float) -> BenchGui:
    """Run the window, then the baseline, on the same producer.

    Raises:
        SetupError: Xvfb is missing.
        SessionError: a process of the measurement has ended.
    """
    with (
        tempfile.TemporaryDirectory(prefix="nudge-", dir="/tmp") as scratch,
        claimed(Path(scratch)) as folder,
        virtual_screen(*SCREEN) as screen,
    ):
        write_record(folder, SessionRecord(SessionConfig(), ""))
        producer = subprocess.Popen(
            [sys.executable, "-m", "gui.bench_gui.producer", scratch], env=screen
        )
        try:
            say(f"Measuring the window for {seconds:.0f} s, then every page.")
            window = run("window", scratch, seconds, screen)
            say(f"Measuring pyqtgraph's plain items for {seconds:.0f} s.")
            plain = run("plain", scratch, seconds, screen)
            if producer.poll() is not None:
                raise SessionError("The process that made the pictures ended; see its error above.")
        finally:
            producer.terminate()
            producer.wait(10.0)
    return result(Measured(**window["operate"]), window["pages"], Measured(**plain["operate"]))


def run(module: str, scratch: str, seconds: float, screen: Mapping[str, str]) -> dict[str, Any]:
    """What a process of this bench printed.

    Raises:
        SessionError: it ended without a result.
    """
    command = [sys.executable, "-m", f"gui.bench_gui.{module}", scratch, str(seconds)]
    done = subprocess.run(
        command, env=screen, stdout=subprocess.PIPE, check=False, timeout=2 * seconds + SPARE_S
    )
    if done.returncode or not done.stdout.strip():
        raise SessionError(
            f"The measuring process {module} ended without a result (exit code {done.returncode}); "
            "see its error above."
        )
    return json.loads(done.stdout.splitlines()[-1])


def result(window: Measured, pages: dict[str, float], plain: Measured) -> BenchGui:
    """Put both together."""
    return BenchGui(
        gui_thread_core_fraction=window.gui_thread_core_fraction,
        frame_to_paint_p50_ms=window.frame_to_paint_p50_ms,
        frame_to_paint_p95_ms=window.frame_to_paint_p95_ms,
        fps_shown=window.fps_shown,
        rss_mb_after_10_min=window.rss_mb,
        rss_growth_mb=window.rss_growth_mb,
        baseline_gui_thread_core_fraction=plain.gui_thread_core_fraction,
        baseline_frame_to_paint_p50_ms=plain.frame_to_paint_p50_ms,
        baseline_frame_to_paint_p95_ms=plain.frame_to_paint_p95_ms,
        baseline_fps_shown=plain.fps_shown,
        baseline_rss_mb_after_10_min=plain.rss_mb,
        baseline_rss_growth_mb=plain.rss_growth_mb,
        seconds=window.seconds,
        frame_to_paint_p99_ms=window.frame_to_paint_p99_ms,
        process_core_fraction=window.process_core_fraction,
        frames_mb=window.frames_mb,
        baseline_frame_to_paint_p99_ms=plain.frame_to_paint_p99_ms,
        baseline_process_core_fraction=plain.process_core_fraction,
        pages=pages,
        load_average=round(os.getloadavg()[0], 2),
        versions=package_versions(),
    )
