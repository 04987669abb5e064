"""A process that remembers sessions and draws batches from them, for `nudge bench replay`.

    python -m learner.replay_run PLAN.json

It stands for the learner's process, and does nothing beside: what it takes is the memory's.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import torch

from learner.intake import Intake
from learner.material import Material
from learner.memory import MixConfig
from learner.mixing import draw
from learner.pack import load_demonstrations
from learner.replay import Replay
from learner.seed import checkpoint_folder, demonstrations_file
from learner.store import load_checkpoint
from learner.view import View
from teleop.session_folder import SessionFolder

HEAD_BATCH, ENCODER_BATCH = 64, 32
_LEAST = 5  # batches of each kind


class Plan(msgspec.Struct, frozen=True):
    """What the process is to do.

    Attributes:
        sessions: the folders; the last one is timed as it is opened.
        policy: a checkpoint, see `seed.checkpoint_folder`.
        started_ns: monotonic time at which the process was started.
        working: rows that may be drawn with cached features.
        batches_s: how long to draw batches of each kind from each session.
    """

    sessions: tuple[str, ...]
    policy: str
    started_ns: int
    working: int
    batches_s: float


class Opened(msgspec.Struct, frozen=True):
    """One session in memory; in the order of their sessions, batches a second of each kind."""

    episodes: int
    rows: int
    open_s: float  # until every episode is in the memory
    prepare_s: float  # until the features of the working set are known
    prepared: int  # of which this many were not known
    left_out: int


class Measured(msgspec.Struct, frozen=True):
    """What `replay_run` prints."""

    process_s: float  # from its start until the last session is in memory, imports included
    cpu_s: float  # of it, which does not depend on what else runs
    opened: tuple[Opened, ...]
    resident_mib: float  # after everything
    peak_mib: float
    head_batches_hz: tuple[float, ...]
    encoder_batches_hz: tuple[float, ...]


def run(plan: Plan) -> Measured:
    """Open the sessions, prepare their working sets, and draw."""
    torch.set_num_threads(1)
    net, _ = load_checkpoint(checkpoint_folder(plan.policy))
    demonstrations = load_demonstrations(demonstrations_file(plan.policy))
    views: list[View] = []
    times: list[tuple[float, int]] = []
    for name in plan.sessions:
        began = time.monotonic()
        folder, left_out = SessionFolder(Path(name)), list[str]()
        replay = Replay(folder.path / "learner", demonstrations, net)
        intake = Intake(replay, demonstrations, net.config.cameras, left_out.append)
        intake.follow(Material(folder).read())
        intake.work()
        views.append(replay.view)
        times.append((time.monotonic() - began, len(left_out)))
    process_s = (time.monotonic_ns() - plan.started_ns) * 1e-9
    cpu_s = time.process_time()
    opened = [
        _prepared(view, plan.working, open_s, left_out)
        for view, (open_s, left_out) in zip(views, times, strict=True)
    ]
    head = [_head_batches(view.working(plan.working)) for view in views]
    encoder = [_encoder_batches(view) for view in views]
    head_hz, encoder_hz = _rates(head, plan.batches_s), _rates(encoder, plan.batches_s)
    return Measured(
        process_s=process_s,
        cpu_s=cpu_s,
        opened=tuple(opened),
        resident_mib=_status_mib("VmRSS"),
        peak_mib=_status_mib("VmHWM"),
        head_batches_hz=head_hz,
        encoder_batches_hz=encoder_hz,
    )


def _prepared(view: View, working: int, open_s: float, left_out: int) -> Opened:
    began = time.monotonic()
    some = view.working(working)
    missing = some.unknown(some.everything())
    some.prepare(missing)
    return Opened(
        episodes=len(view.episodes) - 1,
        rows=sum(entry.count for entry in view.episodes),
        open_s=open_s,
        prepare_s=time.monotonic() - began,
        prepared=len(missing),
        left_out=left_out,
    )


def _head_batches(view: View) -> Callable[[], object]:
    generator = torch.Generator().manual_seed(0)
    return lambda: view.rows(draw(view, MixConfig(), HEAD_BATCH, generator))


def _encoder_batches(view: View) -> Callable[[], object]:
    generator = torch.Generator().manual_seed(0)
    return lambda: view.pictured(draw(view, MixConfig(), ENCODER_BATCH, generator))


def _rates(batches: list[Callable[[], object]], seconds: float) -> tuple[float, ...]:
    """Batches a second of each, by the median of single ones taken in turns.

    On a busy machine few batches of a millisecond are interrupted, and all sessions' alike.
    """
    taken: list[list[float]] = [[] for _ in batches]
    until = time.perf_counter() + seconds * len(batches)
    while time.perf_counter() < until or len(taken[0]) < _LEAST:
        for batch, own in zip(batches, taken, strict=True):
            began = time.perf_counter()
            batch()
            own.append(time.perf_counter() - began)
    return tuple(round(1.0 / statistics.median(each), 1) for each in taken)


def _status_mib(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    return -1.0


if __name__ == "__main__":
    made = run(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Plan))
    sys.stdout.write(msgspec.json.encode(made).decode() + "\n")
