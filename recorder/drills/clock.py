"""The part `clock`: the wall clock is set while an episode is recorded."""

import random
from itertools import pairwise
from pathlib import Path

from recorder.drills.honest import dishonest
from recorder.drills.part import PartResult, Progress
from recorder.drills.stage import staged
from recorder.reader import EpisodeReader
from teleop.config import RecordConfig
from teleop.drills.wall_clock import WallClock
from teleop.stream_messages import EventKind

_STEPS_S = (3600, -7200, 1, -1, 86_400 * 365, -86_400 * 365, 61, -90_000)


def run(folder: Path, rounds: int, progress: Progress) -> PartResult:
    """Set it so often, once in each episode; a `recorder.drills.part.RunPart`."""
    chance = random.Random(12)
    violations: list[str] = []
    wrong_by, steps = 0, 0
    session = folder / "s"
    session.mkdir()
    clock = WallClock(folder)
    with staged(session, folder / "frames", RecordConfig(), clock.environment) as stage:
        for number in range(rounds):
            stage.feed.open()
            stage.run(chance.uniform(0.3, 1.3))
            jump = _STEPS_S[number % len(_STEPS_S)]
            wrong_by += jump
            clock.be_wrong_by(wrong_by)
            stage.run(1.3)
            stage.feed.end()
            stage.until(lambda wanted=number: len(stage.saved) > wanted, "saved episode")
            saved = stage.saved[-1]
            found = _look(Path(saved.path), jump)
            if saved.steps != stage.feed.sent:
                found.append(f"{stage.feed.sent} steps were sent, {saved.steps} are there.")
            steps += saved.steps
            violations += (f"round {number}: {each}" for each in found)
            progress(number + 1)
    return PartResult(rounds, tuple(violations), 0.0, {"steps": float(steps)})


def _look(path: Path, jump: int) -> list[str]:
    _, wrong = dishonest(path)
    with EpisodeReader(path) as episode:
        told = [event for event in episode.events() if event.kind is EventKind.CLOCK_STEP]
        pairs = episode.clock()
    if len(told) != 1 or abs(told[0].numbers["seconds"] - jump) > 0.5:
        wrong.append(f"the clock was set by {jump} s, told is {[each.text for each in told]}.")
    if any(after.monotonic_ns < before.monotonic_ns for before, after in pairwise(pairs)):
        wrong.append("the clock table is not in order.")
    shift_s = (pairs[-1].realtime_ns - pairs[0].realtime_ns) / 1e9
    shift_s -= (pairs[-1].monotonic_ns - pairs[0].monotonic_ns) / 1e9
    if abs(shift_s - jump) > 0.5:
        wrong.append(f"the clock table shows a step of {shift_s:.1f} s, not of {jump} s.")
    return wrong
