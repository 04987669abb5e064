"""The part `sigterm`: told to end at a random moment, the recorder writes what it was given."""

import random
import shutil
from pathlib import Path

from recorder.drills.honest import dishonest
from recorder.drills.part import PartResult, Progress
from recorder.drills.stage import staged
from teleop.config import RecordConfig
from teleop.messages import Outcome
from teleop.process_tree import RECORDER_PATIENCE_S


def run(folder: Path, rounds: int, progress: Progress) -> PartResult:
    """End it so often; a `recorder.drills.part.RunPart`."""
    chance = random.Random(11)
    violations: list[str] = []
    longest_s, lost = 0.0, 0
    for number in range(rounds):
        place = folder / f"r{number:03d}"
        (place / "s").mkdir(parents=True)
        found, took_s, missing = _once(place, chance.uniform(0.0, 2.5))
        violations += (f"round {number}: {each}" for each in found)
        longest_s, lost = max(longest_s, took_s), lost + missing
        if not found:
            shutil.rmtree(place)
        progress(number + 1)
    numbers = {"longest_end_s": round(longest_s, 2), "lost_steps": float(lost)}
    return PartResult(rounds, tuple(violations), lost * 10.0, numbers)


def _once(place: Path, seconds: float) -> tuple[list[str], float, int]:
    wrong: list[str] = []
    with staged(place / "s", place / "frames", RecordConfig()) as stage:
        stage.feed.open()
        stage.run(0.02)
        stage.run(seconds)
        sent = stage.feed.sent
        code, took_s = stage.terminate()
        if code != 0 or took_s > RECORDER_PATIENCE_S:
            wrong.append(f"it ended with {code} after {took_s:.1f} s.")
        if [each.outcome for each in stage.saved] != [Outcome.UNLABELLED]:
            wrong.append(f"it told of {len(stage.saved)} episodes, not of one without a label.")
        header, lies = dishonest(stage.folder.episodes / "episode_00000")
        wrong += lies
        kept = header.steps if header else 0
        if kept != sent:
            wrong.append(f"{sent} steps were sent, {kept} are there.")
    return wrong, took_s, sent - kept
