"""The part `power`: the power goes at a random moment, and with it what was not synced.

One run of the recorder is written down call by call, and replayed up to random moments onto a disk
that loses un-synced pages and names. What had been told as saved by then must be there.
"""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

from recorder.drills.fragile_disk import FragileDisk
from recorder.drills.kill import Told, look
from recorder.drills.part import PartResult, Progress
from recorder.drills.write_log import Call, records, writing_down

_EPISODES = 3
_PATIENCE_S = 300.0


def run(folder: Path, rounds: int, progress: Progress) -> PartResult:
    """Cut the power so often; a `recorder.drills.part.RunPart`."""
    root, log = folder / "session", folder / "writes.log"
    root.mkdir()
    words = [sys.executable, "-m", "recorder.drills.recording", "record", str(root)]
    settings = os.environ | writing_down(folder, root, log)
    subprocess.run(
        [*words, str(_EPISODES)],
        env=settings,
        stdout=subprocess.DEVNULL,
        timeout=_PATIENCE_S,
        check=True,
    )
    chance = random.Random(11)
    calls = list(records(log))
    moments = sorted(chance.randrange(len(calls)) for _ in range(rounds))
    disk, told, done = FragileDisk(root), Told(), 0
    violations: list[str] = []
    worst_ms, mended = 0.0, 0
    for number, moment in enumerate(moments):
        for record in calls[done:moment]:
            disk.do(record)
            if record.call is Call.SAY:
                for line in record.path.splitlines():
                    told.take_in(line.split())
        done = moment
        place = folder / f"round_{number:03d}"
        disk.cut(place, chance)
        found, lost_ms, repaired = look(place, told, bound_ms=float("inf"))
        violations += (f"round {number}, after call {moment}: {each}" for each in found)
        worst_ms, mended = max(worst_ms, lost_ms), mended + repaired
        if not found:
            shutil.rmtree(place)
        progress(number + 1)
    numbers = {
        "calls": float(len(calls)),
        "saved_before": float(len(told.saved)),
        "repaired": float(mended),
        "open_lost_ms": worst_ms,
    }
    return PartResult(rounds, tuple(violations), numbers=numbers)
