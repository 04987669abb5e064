"""`nudge bench handback`: from a hand-back to the version that learned from it, served.

All processes of a session share one core with a learner that never stops training. A scripted
operator corrects the policy; what is learned from each correction is served as soon as the gate
lets it, and then the first version is served again, so that there is always something to correct.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from teleop.bench_control import percentile_ms
from teleop.bench_session import CAMERAS, print_result, say
from teleop.bus import (
    EPISODE_SAVED,
    POLICY_PUBLISHED,
    POLICY_SERVING,
    OrderClient,
    Subscriber,
)
from teleop.children import Program
from teleop.cli_options import parse
from teleop.config import CellConfig, EpisodeConfig, SessionConfig
from teleop.demo import order
from teleop.display import prepare_display
from teleop.errors import SessionError
from teleop.learner_messages import (
    LearnerOrder,
    LearnerOrderKind,
    PolicyPublished,
    PolicyServing,
)
from teleop.lifetime import Lifetime
from teleop.messages import EpisodeSaved
from teleop.order_messages import OrderKind
from teleop.process_tree import CONTROL, ProcessTree
from teleop.session import running_session
from teleop.session_folder import LEARNER_ORDERS, SessionFolder
from teleop.stolen_time import Theft
from teleop.timing import read_timing

BESIDE_S = 60.0  # that an empty loop runs beside the session
_SAID = {"learner": "--exercise", CONTROL: "--measure"}


@dataclass(frozen=True)
class HandbackOptions:
    """How long to measure, where, and how to print it."""

    handbacks: int = 20
    """served versions to wait for"""
    seconds: float = 480.0
    """at most"""
    all_cores: bool = False
    """leave the processes where the system puts them; otherwise they share one core"""
    policy: str = "base"
    """what the session starts with; see `nudge session --help`"""
    cell: str = "shifted"
    """the scenes it works on"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""
    keep: Path | None = None
    """keep the session in this folder; else it is removed"""


@dataclass(frozen=True)
class HandbackBench:
    """What is printed; seconds from the hand-back, control's ticks as in `nudge bench control`."""

    handbacks: int  # segments with a correction that were handed back
    published: int  # provisional versions that followed
    served: int
    refused: int  # by the gate
    to_published_s_p50: float
    to_published_s_p99: float
    to_served_s_p50: float
    to_served_s_p99: float
    to_served_s_max: float
    late_p99_ms: float
    late_p999_ms: float
    missed_ticks: int
    empty_loop_late_p99_ms: float
    empty_loop_late_p999_ms: float
    empty_loop_missed_ticks: int
    seconds: float
    cores: int
    stolen_ms: float
    restarts: dict[str, int]


@dataclass
class Heard:
    """What the session said about its versions; times in ns."""

    handbacks: set[int] = field(default_factory=set[int])
    published: dict[int, int] = field(default_factory=dict[int, int])  # hand-back to its version
    served: dict[int, int] = field(default_factory=dict[int, int])
    refused: int = 0

    def hear(self, message: object) -> int:
        """Take it down; the version whose serving it tells of, -1: none that was waited for."""
        match message:
            case EpisodeSaved(interventions=count, handback_ns=back) if count and back >= 0:
                self.handbacks.add(back)
            case PolicyPublished(provisional=True, handback_ns=back) if back >= 0:
                self.published.setdefault(back, message.published_ns)
                self.refused += not message.accepted
            case PolicyServing(handback_ns=back) if back >= 0:
                self.served.setdefault(back, message.stamp_ns)
                return message.version
            case _:
                pass
        return -1


def took_ns(ended: dict[int, int]) -> list[int]:
    """From each hand-back."""
    return [end - start for start, end in sorted(ended.items())]


def measure(options: HandbackOptions, path: Path) -> HandbackBench:
    """Run everything in `path` until enough was handed back.

    Raises:
        SessionError: nothing was served in time, or the session ended.
    """
    cores = os.sched_getaffinity(0)
    if not options.all_cores:
        os.sched_setaffinity(0, {min(cores)})  # what is started from here inherits it
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    prepare_display()
    lifetime, heard = Lifetime(with_parent=False), Heard()
    config = _session_of(options)
    try:
        with running_session(
            path, config, window=True, over=lifetime.over, say=say, adapt=_at_work
        ) as (folder, tree):
            order(folder, OrderKind.START)
            began_ns, theft = time.monotonic_ns(), Theft()
            with _empty_loop(config.rate_hz) as beside:
                _listen(folder, tree, lifetime, heard, options)
                ended_ns, stolen_ms = time.monotonic_ns(), theft.ms_a_second()
                empty_ns = msgspec.json.decode(beside.communicate()[0], type=list[int])
            restarts = dict(tree.restarts)
    finally:
        os.sched_setaffinity(0, cores)
    timing = read_timing(path).between(began_ns, ended_ns)
    period_ns = round(1e9 / config.rate_hz)
    late_ns = [tick.late_ns for tick in timing.ticks]
    published_ns, served_ns = took_ns(heard.published), took_ns(heard.served)
    if not served_ns:
        raise SessionError(
            f"No version was served in {options.seconds:.0f} s; {len(heard.handbacks)} corrections "
            f"were handed back and {heard.refused} versions refused. Run longer, see --seconds."
        )
    return HandbackBench(
        handbacks=len(heard.handbacks),
        published=len(published_ns),
        served=len(served_ns),
        refused=heard.refused,
        to_published_s_p50=_seconds(published_ns, 50.0),
        to_published_s_p99=_seconds(published_ns, 99.0),
        to_served_s_p50=_seconds(served_ns, 50.0),
        to_served_s_p99=_seconds(served_ns, 99.0),
        to_served_s_max=_seconds(served_ns, 100.0),
        late_p99_ms=round(percentile_ms(late_ns, 99.0), 3),
        late_p999_ms=round(percentile_ms(late_ns, 99.9), 3),
        missed_ticks=timing.missed_ticks(period_ns)[0],
        empty_loop_late_p99_ms=round(percentile_ms(empty_ns, 99.0), 3),
        empty_loop_late_p999_ms=round(percentile_ms(empty_ns, 99.9), 3),
        empty_loop_missed_ticks=sum(late // period_ns for late in empty_ns),
        seconds=round((ended_ns - began_ns) / 1e9, 1),
        cores=len(cores) if options.all_cores else 1,
        stolen_ms=round(stolen_ms, 3),
        restarts=restarts,
    )


def _session_of(options: HandbackOptions) -> SessionConfig:
    return SessionConfig(
        device="scripted",
        policy=options.policy,
        cameras=CAMERAS,
        view_hz=30.0,
        cell=CellConfig(options.cell, 0),
        episode=EpisodeConfig(time_limit_s=18.0),
    )


def _at_work(program: Program) -> Program:
    extra = _SAID.get(program.name)
    return program if extra is None else replace(program, arguments=(*program.arguments, extra))


def _empty_loop(rate_hz: float) -> subprocess.Popen[bytes]:
    words = ["-m", "teleop.empty_loop", str(rate_hz), str(BESIDE_S)]
    return subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE)


def _listen(
    folder: SessionFolder,
    tree: ProcessTree,
    lifetime: Lifetime,
    heard: Heard,
    options: HandbackOptions,
) -> None:
    """Take down what is said until enough was served; after each the first version is served."""
    deadline_s = time.monotonic() + options.seconds
    names = ("recorder", "learner", "policy")
    topics = [EPISODE_SAVED, POLICY_PUBLISHED, POLICY_SERVING]
    with (
        Subscriber([folder.endpoint(name) for name in names], topics) as news,
        closing(
            OrderClient(folder.endpoint(LEARNER_ORDERS), LearnerOrder, server="learner")
        ) as orders,
    ):
        while time.monotonic() < deadline_s and len(heard.served) < options.handbacks:
            tree.watch(0.0)
            if lifetime.over():
                raise SessionError("The measurement was broken off before its end.")
            for _, message in news.poll(0.1):
                version = heard.hear(message)
                if version > 0:
                    took_s = took_ns(heard.served)[-1] * 1e-9
                    say(f"version {version} served {took_s:.2f} s after the hand-back")
                    orders.call(LearnerOrder(LearnerOrderKind.SERVE, 0), timeout_s=10.0)


def _seconds(values_ns: Sequence[int], percent: float) -> float:
    return round(percentile_ms(values_ns, percent) / 1e3, 3)


def main(arguments: list[str]) -> int:
    """Measure, print, return the exit code."""
    options = parse(
        HandbackOptions, arguments, prog="nudge bench handback", description=__doc__ or ""
    )
    with tempfile.TemporaryDirectory(prefix="nudge-bench-") as folder:
        result = measure(options, options.keep or Path(folder))
    print_result(result, options.json)
    return 0
