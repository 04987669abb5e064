"""One run: a recorder process, the generators beside it, and what came of it."""

import subprocess
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from recorder.bench.check import Found, check, read_images
from recorder.bench.cpu import cpu_s
from recorder.bench.generate import SENT, Generated, GeneratedImages
from recorder.bench.measured import TIMES, Times
from recorder.bench.plan import CAMERAS, Plan
from recorder.bench.processes import process, tell, wait_ready
from teleop.bus import EPISODE_SAVED, HEALTH, Subscriber
from teleop.config import SessionConfig
from teleop.errors import SessionError
from teleop.messages import EpisodeSaved, Health
from teleop.session_folder import SessionFolder
from teleop.session_record import SessionRecord, write_record

START_S = 60.0  # for processes to be up
SAVE_S = 60.0  # for all episodes to be saved and joined, after the end
_LEAD_S = 1.0
_SAY_S = 10.0
_POLL_S = 0.005


@dataclass
class Run:
    """What a run has shown."""

    seconds: float
    cpu_s: float = 0.0  # of the recorder and all its children, until every episode was one file
    joining_cpu_s: float = 0.0  # of its children
    recorded_bytes: int = 0
    saved_ns: dict[int, int] = field(default_factory=dict[int, int])  # when it was announced
    told: Health | None = None  # the recorder's last
    generated: Generated | None = None
    shot: GeneratedImages = field(default_factory=lambda: GeneratedImages({}))
    times: Times = field(default_factory=Times)
    found: Found = field(default_factory=Found)
    warnings: list[str] = field(default_factory=list[str])


def feed(
    path: Path, seconds: float, cameras: Sequence[str], episodes: int, say: Callable[[str], None]
) -> Run:
    """Record what is generated for some seconds, in real time, into `path`; check all of it.

    Raises:
        SessionError: a process did not start or has ended.
        EpisodeError: an episode cannot be read.
    """
    folder = SessionFolder(path)
    folder.bus.mkdir(parents=True)
    config = SessionConfig(cameras=tuple(cameras))
    write_record(folder, SessionRecord(config, time.strftime("%Y-%m-%dT%H:%M:%S")))
    run = Run(seconds)
    with (
        Subscriber([folder.endpoint("recorder")], [EPISODE_SAVED, HEALTH]) as news,
        process("recorder.bench.measured", path) as recorder,
    ):
        _until(recorder, news, run)
        with _generators(path, cameras) as generators:
            plan = Plan(time.monotonic_ns() + round(_LEAD_S * 1e9), seconds, episodes, CAMERAS)
            if not cameras:
                plan = Plan(plan.start_ns, seconds, episodes, ())
            for each in generators:
                tell(each, plan)
            before = cpu_s(recorder.pid)
            _watch(news, run, lambda: any(each.poll() is None for each in generators), say)
        _until_joined(news, run, episodes)
        after = cpu_s(recorder.pid)
        run.cpu_s = sum(after) - sum(before)
        run.joining_cpu_s = after[1] - before[1]
    run.recorded_bytes = sum(file.stat().st_size for file in folder.episodes.rglob("*.h5"))
    run.times = msgspec.json.decode((path / TIMES).read_bytes(), type=Times)
    run.generated = msgspec.json.decode((path / SENT).read_bytes(), type=Generated)
    run.shot = read_images(folder)
    say("Reading everything back.")
    run.found = check(folder, say)
    return run


@contextmanager
def _generators(path: Path, cameras: Sequence[str]) -> Generator[list[subprocess.Popen[bytes]]]:
    """The processes that generate, ready to begin."""
    with process("recorder.bench.generate", "sensors", path) as sensors:
        if not cameras:
            wait_ready(sensors)
            yield [sensors]
            return
        with process("recorder.bench.generate", "cameras", path) as shown:
            wait_ready(sensors)
            wait_ready(shown)
            yield [sensors, shown]


def _until(recorder: subprocess.Popen[bytes], news: Subscriber, run: Run) -> None:
    """Wait for the recorder's first sign of life."""
    deadline_s = time.monotonic() + START_S
    while run.told is None:
        _hear(news, run, 0.1)
        if recorder.poll() is not None or time.monotonic() > deadline_s:
            raise SessionError("The recorder process did not start.")


def _watch(
    news: Subscriber, run: Run, going: Callable[[], bool], say: Callable[[str], None]
) -> None:
    said_s = time.monotonic()
    while going():
        _hear(news, run, _POLL_S)
        if time.monotonic() - said_s > _SAY_S and run.told:
            said_s = time.monotonic()
            numbers = run.told.numbers
            say(
                f"  {len(run.saved_ns)} episodes saved, queue {numbers.get('queue_mb', 0.0):.1f} "
                f"MB, lost {sum(v for k, v in numbers.items() if k.startswith('lost_')):.0f}"
            )


def _until_joined(news: Subscriber, run: Run, episodes: int) -> None:
    """Wait until every episode is saved and one file."""
    deadline_s = time.monotonic() + SAVE_S
    while time.monotonic() < deadline_s:
        _hear(news, run, 0.1)
        numbers = run.told.numbers if run.told else {}
        if len(run.saved_ns) == episodes and numbers.get("to_join", 0.0) == 0.0:
            return
    run.warnings.append(f"not every episode was saved and joined within {SAVE_S:.0f} s")


def _hear(news: Subscriber, run: Run, timeout_s: float) -> None:
    for _, message in news.poll(timeout_s):
        match message:
            case EpisodeSaved():
                if message.final:
                    run.saved_ns.setdefault(message.episode, time.monotonic_ns())
            case Health():
                run.told = message
                if message.level != "ok" and message.text not in run.warnings:
                    run.warnings.append(message.text)
            case _:
                pass
