"""The part `vanish`: the disk goes away, or becomes read-only, while an episode is recorded."""

import random
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from recorder.drills.honest import dishonest
from recorder.drills.loop_disk import LoopDisk, loop_disk
from recorder.drills.part import PartResult, Progress
from recorder.drills.stage import Stage, staged
from recorder.schema import State
from teleop.config import RecordConfig

TOLD_S = 4.0  # the open segment is written on for two seconds after an unmount


class _Kind(StrEnum):
    PULLED = "pulled"
    UNMOUNTED = "unmounted"
    READ_ONLY = "read-only"


@dataclass
class _Seen:
    wrong: list[str]
    told_ms: float = 0.0
    looked_at: int = 0  # saved episodes


def run(folder: Path, rounds: int, progress: Progress) -> PartResult:
    """Take it away so often; a `recorder.drills.part.RunPart`."""
    chance = random.Random(15)
    seen = _Seen([])
    session = folder / "s"
    session.mkdir()
    kinds = tuple(_Kind)
    counts = dict.fromkeys(kinds, 0)
    with loop_disk(folder / "disk", session) as disk:
        config = RecordConfig(reserve_mb=10.0)
        with staged(session, folder / "frames", config) as stage:
            for number in range(rounds):
                kind = kinds[number % len(kinds)]
                counts[kind] += 1
                before = len(seen.wrong)
                _round(stage, disk, kind, chance, seen)
                seen.wrong[before:] = [
                    f"round {number}, {kind}: {each}" for each in seen.wrong[before:]
                ]
                progress(number + 1)
            stage.terminate()
            stage.start()
            seen.wrong += _all_whole(stage)
            stage.terminate()
    numbers = {str(kind): float(count) for kind, count in counts.items()}
    return PartResult(rounds, tuple(seen.wrong), -1.0, numbers | {"told_ms": round(seen.told_ms)})


def _round(stage: Stage, disk: LoopDisk, kind: _Kind, chance: random.Random, seen: _Seen) -> None:
    stage.feed.open()
    stage.run(chance.uniform(0.3, 2.8))
    signs = len(stage.signs)
    began_s = time.monotonic()
    _take_away(disk, kind)
    stage.until(lambda: stage.level() == "error" and len(stage.signs) > signs, "word of it")
    told_s = time.monotonic() - began_s
    seen.told_ms = max(seen.told_ms, told_s * 1e3)
    if told_s > TOLD_S:
        seen.wrong.append(f"it was told after {told_s:.1f} s.")
    stage.feed.end()
    stage.run(0.2)
    stage.feed.open()  # refused, and told
    stage.run(0.3)
    stage.feed.end()
    stage.run(0.3)
    if stage.level() != "error":
        seen.wrong.append("without a disk it says that it is well.")
    if kind is not _Kind.UNMOUNTED:
        disk.unmount()
    if left := sorted(path.name for path in stage.folder.path.iterdir()):
        seen.wrong.append(f"it wrote {left} where the disk was.")
    if kind is _Kind.UNMOUNTED:
        disk.mount()
    else:
        disk.put_back()
    for saved in stage.saved[seen.looked_at :]:  # all of them once more at the end
        header, lies = dishonest(Path(saved.path))
        seen.wrong += lies
        if header is not None and header.steps != saved.steps:
            seen.wrong.append(f"{saved.path} has {header.steps} steps, told {saved.steps}.")
    seen.looked_at = len(stage.saved)
    number = stage.feed.episode + 1
    stage.feed.open()
    stage.run(0.4)
    stage.feed.end()
    stage.until(lambda: any(each.episode == number for each in stage.saved), "next episode")


def _take_away(disk: LoopDisk, kind: _Kind) -> None:
    match kind:
        case _Kind.PULLED:
            disk.pull()
        case _Kind.UNMOUNTED:
            disk.unmount()
        case _Kind.READ_ONLY:
            disk.make_read_only()


def _all_whole(stage: Stage) -> list[str]:
    """After a restart everything that holds a row is finished, and as it was told."""
    wrong: list[str] = []
    told = {each.path: each.steps for each in stage.saved}
    for path in sorted(stage.folder.episodes.glob("episode_*")):
        if not any(path.glob("*.h5")):
            continue
        header, lies = dishonest(path)
        wrong += lies
        if header is not None and header.state not in (State.FINAL, State.SALVAGED):
            wrong.append(f"{path.name} is still {header.state.value}.")
        if header is not None and header.steps < told.get(str(path), 0):
            wrong.append(f"{path.name} lost rows that were told as saved.")
    return wrong
