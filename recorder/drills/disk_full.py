"""The part `disk-full`: a small disk is filled while it is recorded to, or while it is tidied."""

import random
import time
from dataclasses import dataclass, field
from pathlib import Path

from recorder.drills.feed import TICK_NS
from recorder.drills.honest import dishonest
from recorder.drills.part import PartResult, Progress
from recorder.drills.stage import Stage, staged
from recorder.schema import State
from teleop.config import RecordConfig
from teleop.drills.small_disk import Disk, memory_disk
from teleop.errors import SetupError

RESERVE_MB = 20.0
BOUND_MS = 500.0
TOLD_S = 3.0


@dataclass
class _Seen:
    """What the rounds have shown so far."""

    wrong: list[str]
    lost_ms: float = 0.0
    told_ms: float = 0.0
    in_tidying: int = 0
    looked_at: int = 0  # saved episodes
    unclosed: dict[Path, int] = field(default_factory=dict[Path, int])  # with the steps sent


def run(folder: Path, rounds: int, progress: Progress) -> PartResult:
    """Fill it so often; a `recorder.drills.part.RunPart`."""
    chance = random.Random(13)
    seen = _Seen([])
    session = folder / "s"
    session.mkdir()
    with memory_disk(session) as disk:
        if disk is None:
            raise SetupError("The disk was not filled: this user may not mount a small one.")
        config = RecordConfig(reserve_mb=RESERVE_MB)
        with staged(session, folder / "frames", config) as stage:
            for number in range(rounds):
                before = len(seen.wrong)
                _round(stage, disk, chance, seen, tidying=number % 3 == 2)
                seen.wrong[before:] = [f"round {number}: {each}" for each in seen.wrong[before:]]
                progress(number + 1)
            stage.terminate()
            stage.start()  # salvages what could not be closed
            seen.wrong += _all_whole(stage)
            for path, sent in seen.unclosed.items():
                header, _ = dishonest(path)
                _count_loss(seen, sent, header.steps if header else 0)
            stage.terminate()
    numbers = {"told_ms": round(seen.told_ms), "filled_in_joining": float(seen.in_tidying)}
    numbers["salvaged_at_the_next_start"] = float(len(seen.unclosed))
    return PartResult(rounds, tuple(seen.wrong), seen.lost_ms, numbers)


def _round(stage: Stage, disk: Disk, chance: random.Random, seen: _Seen, *, tidying: bool) -> None:
    """Record, fill the disk, see it told, make room, and record again."""
    stage.feed.open()
    stage.run(chance.uniform(0.3, 2.8))
    if tidying:
        _end(stage)
        time.sleep(chance.uniform(0.0, 0.2))
        seen.in_tidying += stage.signs[-1].numbers["to_join"] > 0
    sent, signs = stage.feed.sent, len(stage.signs)
    disk.fill(chance.choice((0, 0, round(chance.uniform(0.0, RESERVE_MB * 1e6)))))
    if tidying:
        stage.feed.open()
    filled_s = time.monotonic()
    stage.until(lambda: stage.level() == "error" and len(stage.signs) > signs, "word of it")
    told_s = time.monotonic() - filled_s
    seen.told_ms = max(seen.told_ms, told_s * 1e3)
    if told_s > TOLD_S:
        seen.wrong.append(f"it was told after {told_s:.1f} s.")
    if "full" not in stage.signs[-1].text:
        seen.wrong.append(f"a full disk was told as: {stage.signs[-1].text}")
    number = stage.feed.episode
    stage.run(chance.uniform(0.0, 0.5))
    stage.feed.end()
    disk.clear()
    if not tidying:
        _look_at_cut_off(stage, number, sent, seen)
    stage.feed.open()
    stage.run(0.4)
    _end(stage)
    if stage.level() == "error":
        stage.run(1.2)  # until the next sign of life
    if stage.level() == "error":
        seen.wrong.append(f"with room again it says: {stage.signs[-1].text}")
    for saved in stage.saved[seen.looked_at :]:  # all of them once more at the end
        _, lies = dishonest(Path(saved.path))
        seen.wrong += lies
    seen.looked_at = len(stage.saved)


def _end(stage: Stage) -> None:
    number = stage.feed.episode
    stage.feed.end()
    stage.until(lambda: any(each.episode == number for each in stage.saved), "saved episode")


def _look_at_cut_off(stage: Stage, number: int, sent: int, seen: _Seen) -> None:
    """Of the episode that was open all but the last moment must be there."""
    path = stage.folder.episodes / f"episode_{number:05d}"
    stage.run(0.3)
    told = [each.steps for each in stage.saved if each.episode == number]
    if not told:  # there was not even room to close it: the next start salvages it
        seen.unclosed[path] = sent
        return
    header, lies = dishonest(path)
    seen.wrong += lies
    _count_loss(seen, sent, told[-1])
    if header is None or header.steps != told[-1]:
        seen.wrong.append(f"{told[-1]} steps were told as saved, {header} is there.")


def _count_loss(seen: _Seen, sent: int, kept: int) -> None:
    lost_ms = max(0, sent - kept) * TICK_NS / 1e6
    seen.lost_ms = max(seen.lost_ms, lost_ms)
    if lost_ms > BOUND_MS:
        seen.wrong.append(f"{lost_ms:.0f} ms before the disk was full are lost.")


def _all_whole(stage: Stage) -> list[str]:
    """After a restart everything is finished, and as long as it was told to be."""
    wrong: list[str] = []
    told = {each.path: each.steps for each in stage.saved}
    for path in sorted(stage.folder.episodes.glob("episode_*")):
        header, lies = dishonest(path)
        wrong += lies
        if header is None:
            continue
        if header.state not in (State.FINAL, State.SALVAGED):
            wrong.append(f"{path.name} is still {header.state.value}.")
        if header.steps < told.get(str(path), 0):
            wrong.append(f"{path.name} lost rows that were told as saved.")
    return wrong
