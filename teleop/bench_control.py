"""`nudge bench control`: is the control loop on time while everything else works?

All processes of a session run for a while: cameras, policy, recorder, a learner that never stops
training, the window off-screen. The control process writes down how late each tick was and how long
each takeover took from the device's report to the command; an empty loop of the same rate and
scheduling runs beside it, to tell this machine's own lateness apart.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from teleop.bench_session import busy_config, loaded_session, print_result, say, watch_for
from teleop.cli_options import parse
from teleop.errors import SessionError
from teleop.lifetime import Lifetime
from teleop.stolen_time import Theft
from teleop.timing import Timing, read_timing

VERY_LATE_NS = 20_000_000


@dataclass(frozen=True)
class BenchControlOptions:
    """How long to measure, and how to print it."""

    seconds: float = 30.0
    """how long to measure, after a warm-up of 5 s"""
    rate_hz: float = 100.0
    """control ticks a second"""
    policy: str = "base"
    """what the policy process serves meanwhile; see `nudge session --help`"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


@dataclass(frozen=True)
class ControlBench:
    """What is printed; times in ms."""

    rate_hz: float
    late_p99_ms: float
    late_p999_ms: float
    late_max_ms: float
    ticks_over_20ms: int  # late by more
    missed_ticks: int  # periods that were left out whole within an episode
    missed_at_episode_start: int  # while the simulated scene was set up
    tick_p99_ms: float  # how long a tick takes
    empty_loop_late_p99_ms: float
    empty_loop_late_p999_ms: float
    empty_loop_late_max_ms: float
    empty_loop_missed_ticks: int
    late_over_empty_p99_ms: float
    takeover_p99_ms: float
    stolen_ms: float  # per second and core, that the host of a virtual machine kept for itself
    restarts: dict[str, int]  # of processes that died or hung meanwhile


def percentile_ms(values_ns: Sequence[int], percent: float) -> float:
    """A percentile in ms, NaN without values."""
    return float(np.percentile(values_ns, percent)) / 1e6 if values_ns else float("nan")


def summarise(
    timing: Timing,
    empty_ns: Sequence[int],
    period_ns: int,
    stolen_ms: float = 0.0,
    restarts: dict[str, int] | None = None,
) -> ControlBench:
    """The numbers of the measurement.

    Raises:
        SessionError: there was too little to measure.
    """
    ticks, takeovers_ns = timing.ticks, timing.takeovers_ns()
    if len(ticks) < 2 or not takeovers_ns:
        raise SessionError(
            f"Too little was measured: {len(ticks)} ticks and {len(takeovers_ns)} takeovers. "
            "Run longer, see --seconds."
        )
    span_s = (ticks[-1].stamp_ns - ticks[0].stamp_ns) / 1e9
    late_ns = [tick.late_ns for tick in ticks]
    missed, at_start = timing.missed_ticks(period_ns)
    late_p99_ms, empty_p99_ms = percentile_ms(late_ns, 99.0), percentile_ms(empty_ns, 99.0)
    return ControlBench(
        rate_hz=round((len(ticks) - 1) / span_s, 2),
        late_p99_ms=round(late_p99_ms, 3),
        late_p999_ms=round(percentile_ms(late_ns, 99.9), 3),
        late_max_ms=round(max(late_ns) / 1e6, 3),
        ticks_over_20ms=sum(late > VERY_LATE_NS for late in late_ns),
        missed_ticks=missed,
        missed_at_episode_start=at_start,
        tick_p99_ms=round(percentile_ms([tick.took_ns for tick in ticks], 99.0), 3),
        empty_loop_late_p99_ms=round(empty_p99_ms, 3),
        empty_loop_late_p999_ms=round(percentile_ms(empty_ns, 99.9), 3),
        empty_loop_late_max_ms=round(max(empty_ns, default=0) / 1e6, 3),
        empty_loop_missed_ticks=sum(late // period_ns for late in empty_ns),
        late_over_empty_p99_ms=round(late_p99_ms - empty_p99_ms, 3),
        takeover_p99_ms=round(percentile_ms(takeovers_ns, 99.0), 3),
        stolen_ms=round(stolen_ms, 3),
        restarts=restarts or {},
    )


def measure(options: BenchControlOptions, folder: Path, say: Callable[[str], None]) -> ControlBench:
    """Run everything in `folder` for a while and look at what control took down."""
    lifetime = Lifetime(with_parent=False)
    config = busy_config(options.rate_hz, options.policy)
    with loaded_session(folder, config, lifetime, say) as tree:
        began_ns, theft = time.monotonic_ns(), Theft()
        say(f"Measuring for {options.seconds:.0f} s.")
        with empty_loop(options) as beside:
            watch_for(tree, options.seconds, lifetime)
            ended_ns, stolen_ms = time.monotonic_ns(), theft.ms_a_second()
            empty_ns = msgspec.json.decode(beside.communicate()[0], type=list[int])
    timing = read_timing(folder).between(began_ns, ended_ns)
    return summarise(timing, empty_ns, round(1e9 / options.rate_hz), stolen_ms, tree.restarts)


def empty_loop(options: BenchControlOptions) -> subprocess.Popen[bytes]:
    """The loop with nothing in it, in a process beside the session."""
    words = ["-m", "teleop.empty_loop", str(options.rate_hz), str(options.seconds)]
    return subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE)


def main(arguments: list[str]) -> int:
    """Measure, print, return the exit code."""
    options = parse(
        BenchControlOptions, arguments, prog="nudge bench control", description=__doc__ or ""
    )
    with tempfile.TemporaryDirectory(prefix="nudge-bench-") as folder:
        result = measure(options, Path(folder), say)
    print_result(result, options.json)
    return 0
