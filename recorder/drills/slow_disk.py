"""The part `slow-disk`: writes and syncs take long; what is lost then is told, images first."""

import random
from dataclasses import dataclass
from pathlib import Path

from recorder.drills.honest import dishonest
from recorder.drills.part import PartResult, Progress
from recorder.drills.stage import Stage, staged
from teleop.config import RecordConfig
from teleop.drills.preloaded import Setting, compiled, preloading

SOURCE = Path(__file__).with_name("slow_disk.c")
QUEUE_MB = 8.0
SHAPE = (240, 320, 3)


class SlowDisk:
    """The disk of every process that is started with `environment`.

    Args:
        folder: where the library and its setting go.

    Raises:
        SetupError: there is no compiler for the library.
    """

    def __init__(self, folder: Path) -> None:
        library = compiled(SOURCE, folder, "The disk was not slowed down")
        path = folder / "slow"
        self._setting = Setting(path, 2)
        self.environment = {**preloading(library), "NUDGE_SLOW": str(path)}

    def take(self, write_ms: int, sync_ms: int) -> None:
        """Let every write and every sync take so much longer."""
        self._setting.take(write_ms, sync_ms)


@dataclass(frozen=True)
class _Slowness:
    write_ms: int
    sync_ms: int
    seconds: float


_KINDS = (
    _Slowness(2, 20, 3.0),  # a bad disk
    _Slowness(0, 1500, 4.0),  # syncs that wait for other work
    _Slowness(40, 0, 4.0),  # every write waits
    _Slowness(1500, 0, 4.0),  # it hangs
)


def run(folder: Path, rounds: int, progress: Progress) -> PartResult:
    """Slow it down so often; a `recorder.drills.part.RunPart`."""
    chance = random.Random(14)
    violations: list[str] = []
    numbers: dict[str, float] = {}
    session = folder / "s"
    session.mkdir()
    disk = SlowDisk(folder)
    config = RecordConfig(queue_mb=QUEUE_MB)
    with staged(session, folder / "frames", config, disk.environment, SHAPE) as stage:
        for number in range(rounds):
            found, lost = _round(stage, disk, _KINDS[number % len(_KINDS)], chance)
            violations += (f"round {number}: {each}" for each in found)
            for name, count in lost.items():
                numbers[name] = numbers.get(name, 0.0) + count
            progress(number + 1)
    peak = max(sign.numbers["queue_share"] for sign in stage.signs)
    return PartResult(rounds, tuple(violations), -1.0, numbers | {"queue_peak": round(peak, 2)})


def _round(
    stage: Stage, disk: SlowDisk, kind: _Slowness, chance: random.Random
) -> tuple[list[str], dict[str, float]]:
    wrong: list[str] = []
    before = dict(stage.signs[-1].numbers)
    signs = len(stage.signs)
    stage.feed.open()
    stage.run(chance.uniform(0.1, 1.0))
    disk.take(kind.write_ms, kind.sync_ms)
    stage.run(kind.seconds)
    disk.take(0, 0)
    stage.run(0.5)
    number = stage.feed.episode
    stage.feed.end()
    stage.until(lambda: any(each.episode == number for each in stage.saved), "saved episode")
    told = stage.told_since(signs)
    saved = stage.saved[-1]
    header, lies = dishonest(Path(saved.path))
    wrong += lies
    stage.until(lambda: stage.level() == "ok", "word that it is over")
    now = stage.signs[-1].numbers
    lost = {
        name: now[name] - before[name] for name in ("lost_images", "lost_samples", "lost_steps")
    }
    if header is not None and header.dropped_steps != lost["lost_steps"]:
        wrong.append(f"{header.dropped_steps} steps are missing, {lost['lost_steps']:.0f} told.")
    if header is not None and header.lost_images > lost["lost_images"]:
        wrong.append(f"{header.lost_images} images are missing, {lost['lost_images']:.0f} told.")
    if lost["lost_steps"] and not lost["lost_images"]:
        wrong.append("steps were lost before images.")
    if any(lost.values()) and not any("Lost since" in sign.text for sign in told):
        wrong.append("what was lost was not told while it was lost.")
    slowed = kind.write_ms + kind.sync_ms >= 1000
    return wrong, lost | {"slowed_silently": float(slowed and not told)}
