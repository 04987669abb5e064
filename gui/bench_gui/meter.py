"""What is measured inside a window's process."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LONGEST = 200_000  # pictures: half an hour of four cameras


@dataclass(frozen=True)
class Measured:
    """What one window took over `seconds`; NaN: nothing was painted.

    Attributes:
        gui_thread_core_fraction: CPU time of the window's thread, of one core.
        process_core_fraction: of all its threads.
        frame_to_paint_p50_ms: from the producer's stamp to the end of the tile's painting.
        frame_to_paint_p95_ms: of all pictures that were painted.
        frame_to_paint_p99_ms: the same.
        fps_shown: different pictures a second of the camera that got least.
        rss_mb: resident memory at the end.
        rss_growth_mb: of it, since the first tenth (at most a minute) had passed.
        frames_mb: of it, the cameras' own rings, which are mapped and not the window's.
    """

    seconds: float
    gui_thread_core_fraction: float
    process_core_fraction: float
    frame_to_paint_p50_ms: float
    frame_to_paint_p95_ms: float
    frame_to_paint_p99_ms: float
    fps_shown: float
    rss_mb: float
    rss_growth_mb: float
    frames_mb: float


class Meter:
    """Counts in the window's thread, where all of it must be called."""

    def __init__(self) -> None:
        self._late_ms = np.full(LONGEST, np.nan, np.float32)  # filled, so that it does not grow
        self._count = 0
        self._shown: dict[str, int] = {}
        self._newest: dict[str, int] = {}
        self._running = False
        self._began_s = self._thread_s = self._process_s = 0.0
        self._settled_mb = float("nan")

    def start(self) -> None:
        """Begin anew."""
        self._count = 0
        self._shown = dict.fromkeys(self._newest, 0)
        self._settled_mb = float("nan")
        self._running = True
        self._thread_s, self._process_s = time.thread_time(), time.process_time()
        self._began_s = time.monotonic()

    def painted(self, camera: str, stamp_ns: int) -> None:
        """A picture of that stamp is painted now; the same one again does not count."""
        if self._newest.get(camera) == stamp_ns:
            return
        self._newest[camera] = stamp_ns
        if self._running:
            self._shown[camera] = self._shown.get(camera, 0) + 1
            if self._count < LONGEST:
                self._late_ms[self._count] = (time.monotonic_ns() - stamp_ns) / 1e6
                self._count += 1

    def settled(self) -> None:
        """What is resident now is what growth counts from; the first call only."""
        if np.isnan(self._settled_mb):
            self._settled_mb = resident_mb()

    def stop(self) -> Measured:
        """What has been measured since the start."""
        seconds = time.monotonic() - self._began_s
        thread_s = time.thread_time() - self._thread_s
        process_s = time.process_time() - self._process_s
        self._running = False
        late = self._late_ms[: self._count]
        middle, most, nearly_all = (
            np.percentile(late, (50, 95, 99)) if self._count else (float("nan"),) * 3
        )
        end_mb = resident_mb()
        return Measured(
            seconds=round(seconds, 1),
            gui_thread_core_fraction=round(thread_s / seconds, 4),
            process_core_fraction=round(process_s / seconds, 4),
            frame_to_paint_p50_ms=round(float(middle), 3),
            frame_to_paint_p95_ms=round(float(most), 3),
            frame_to_paint_p99_ms=round(float(nearly_all), 3),
            fps_shown=round(min(self._shown.values(), default=0) / seconds, 2),
            rss_mb=round(end_mb, 1),
            rss_growth_mb=round(end_mb - self._settled_mb, 2),
            frames_mb=round(resident_mb("RssFile") + resident_mb("RssShmem"), 1),
        )


def resident_mb(kind: str = "VmRSS") -> float:
    """Resident memory of this process in MB (1e6 bytes), as Linux names its kinds."""
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name == kind:
            return int(rest.split()[0]) * 1024 / 1e6
    return float("nan")
