"""`nudge bench recorder`: does the recorder keep up with cameras and sensors, and at what cost?

The real recorder process is fed in real time by other processes: four cameras of 640x480 at 30
frames a second (two moving, with a sensor's noise), two wrenches at 1 kHz, four touch pads of 64
taxels at 500 Hz, steps at 100 Hz, three episodes that follow each other at once. Afterwards all of
it is read back and compared with what was generated.

dropped: images, samples and steps that are not in their episode, or are wrong. core_fraction: CPU
time of the recorder, its threads and the process that joins segments, until every episode is one
file, over the recorded seconds. append_p99_ms: one step, image or block of samples taken in by the
writer, with the flush that some steps cause. episode_close_s: from the episode's end to the message
that it is saved. next_start_ms: from an episode's end to the first step of the next in its writer.
All are the worst of the run, but core_fraction and mb_per_s.

--peers mcap,lerobot: the same streams through MCAP's own writer, and through LeRobot's add_frame
and save_episode in the environment that `tools/peer-env lerobot` makes, for 20 s at most.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recorder.bench.feeding import Run, feed
from recorder.bench.peers import PEERS, PeerResult, measure_peer
from recorder.bench.plan import CAMERAS
from teleop.bench_session import print_result, say
from teleop.cli_options import parse
from teleop.errors import ConfigError
from teleop.session_record import package_versions

EPISODES = 3
NO_IMAGES_SHARE = 0.25  # of the time, for the run without cameras
_NONE = float("nan")


@dataclass(frozen=True)
class BenchRecorderOptions:
    """How long to measure, and how to print it."""

    seconds: float = 60.0
    """how long to record; a run without cameras follows, a quarter as long"""
    peers: str = ""
    """other recorders to measure too, with commas between: mcap, lerobot"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


@dataclass(frozen=True)
class BenchRecorder:
    """What is printed."""

    dropped: int
    core_fraction: float
    mb_per_s: float
    append_p99_ms: float
    flush_max_ms: float
    episode_close_s: float
    core_fraction_no_images: float
    next_start_ms: float
    seconds: float
    core_fraction_joining: float  # what of it is the joining of segments
    append_p50_ms: float
    flush_p50_ms: float
    generated: dict[str, int]
    dropped_of: dict[str, int]
    told_lost: float  # what the recorder itself counted
    generator_refused: int
    generator_late_max_ms: float
    generator_skipped: int  # images that it was too late for; no fault of the recorder's
    warnings: list[str]
    versions: dict[str, str]
    peers: dict[str, PeerResult | str]  # why not, for one that was not run


def summarise(
    run: Run, quiet: Run, peers: dict[str, PeerResult | str] | None = None
) -> BenchRecorder:
    """The numbers of a run with cameras, of one without, and of other recorders."""
    sent, times = run.generated, run.times
    ended = {each.episode: each.ended_ns for each in sent.episodes} if sent else {}
    close_ns = [saved - ended[episode] for episode, saved in run.saved_ns.items()]
    next_ns = [
        times.accepted_ns[episode + 1] - ended_ns
        for episode, ended_ns in ended.items()
        if episode + 1 in times.accepted_ns
    ]
    numbers = run.told.numbers if run.told else {}
    return BenchRecorder(
        dropped=sum(run.found.dropped.values()) + sum(quiet.found.dropped.values()),
        core_fraction=round(run.cpu_s / run.seconds, 4),
        mb_per_s=round(run.recorded_bytes / 1e6 / run.seconds, 3),
        append_p99_ms=_percentile_ms(times.append, 99.0),
        flush_max_ms=_percentile_ms(times.flush, 100.0),
        episode_close_s=round(max(close_ns, default=0) / 1e9, 4) if close_ns else _NONE,
        core_fraction_no_images=round(quiet.cpu_s / quiet.seconds, 4),
        next_start_ms=_percentile_ms(next_ns, 100.0),
        seconds=run.seconds,
        core_fraction_joining=round(run.joining_cpu_s / run.seconds, 4),
        append_p50_ms=_percentile_ms(times.append, 50.0),
        flush_p50_ms=_percentile_ms(times.flush, 50.0),
        generated=run.found.generated,
        dropped_of=run.found.dropped,
        told_lost=sum(v for k, v in numbers.items() if k.startswith("lost_")),
        generator_refused=sent.refused if sent else -1,
        generator_late_max_ms=round(max(sent.late_max_ms, run.shot.late_max_ms), 3)
        if sent
        else _NONE,
        generator_skipped=run.shot.skipped,
        warnings=run.warnings + quiet.warnings,
        versions=package_versions(),
        peers=peers or {},
    )


def _percentile_ms(values_ns: list[int], percent: float) -> float:
    return round(float(np.percentile(values_ns, percent)) / 1e6, 4) if values_ns else _NONE


def main(arguments: list[str]) -> int:
    """Measure, print, return the exit code."""
    options = parse(
        BenchRecorderOptions, arguments, prog="nudge bench recorder", description=__doc__ or ""
    )
    peers = [name for name in options.peers.split(",") if name]
    if unknown := [name for name in peers if name not in PEERS]:
        raise ConfigError(f"There is no peer {unknown[0]!r}; known: {', '.join(PEERS)}.")
    with tempfile.TemporaryDirectory(prefix="nudge-bench-") as scratch:
        say(f"Recording four cameras, six sensors and steps for {options.seconds:.0f} s.")
        run = feed(Path(scratch) / "with", options.seconds, CAMERAS, EPISODES, say)
        seconds = options.seconds * NO_IMAGES_SHARE
        say(f"The same without cameras, for {seconds:.0f} s.")
        quiet = feed(Path(scratch) / "without", seconds, (), EPISODES, say)
        others = {name: measure_peer(name, Path(scratch), options.seconds, say) for name in peers}
    print_result(summarise(run, quiet, others), options.json)
    return 0
