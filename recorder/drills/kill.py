"""The part `kill`: SIGKILL at a random moment; then whatever was told is looked for."""

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from recorder.drills.compare import wrong_in
from recorder.drills.load import TICK_NS, Load
from recorder.drills.part import PartResult, Progress
from recorder.drills.recording import IMAGE_BYTES, TICKS
from recorder.edits.log import read_log
from recorder.episode_paths import episode_paths
from recorder.hdf5 import group_in, members_of, rows_in
from recorder.repair import salvage_all
from recorder.schema import State
from teleop.session_folder import SessionFolder

BOUND_MS = 500.0
_EPISODES = 2
_PATIENCE_S = 60.0


@dataclass(frozen=True)
class Moment:
    """When to kill.

    Attributes:
        word: the process says it as it begins what is to be interrupted.
        least: it says it at least so often.
        longest_s: what is to be interrupted takes about so long.
        does: what the process is told to do.
    """

    word: str
    least: int
    longest_s: float
    does: str = "record"


MOMENTS = (
    Moment("append", _EPISODES * TICKS, 0.0005),
    Moment("flush", 20, 0.010),
    Moment("rename", 4, 0.020),
    Moment("close", _EPISODES, 0.030),
    Moment("consolidate", _EPISODES, 0.200),
    Moment("edit", 20, 0.010, "edit"),
    Moment("export", 5, 0.150, "export"),
)


@dataclass
class Told:
    """What the process told before it died."""

    saved: dict[int, int] = field(default_factory=dict[int, int])  # steps by episode
    cut: dict[int, int] = field(default_factory=dict[int, int])
    appended: dict[int, int] = field(default_factory=dict[int, int])  # last index by episode
    edited: int = 0  # number of the last edit

    def take_in(self, words: Sequence[str]) -> None:
        """One line."""
        match words:
            case ["saved", number, steps]:
                self.saved[int(number)] = int(steps)
            case ["cut", number, steps]:
                self.cut[int(number)] = int(steps)
            case ["append", number, index]:
                self.appended[int(number)] = int(index)
            case ["edited", number]:
                self.edited = int(number)
            case _:
                pass


def run(folder: Path, rounds: int, progress: Progress) -> PartResult:
    """Kill so often; a `recorder.drills.part.RunPart`."""
    chance = random.Random(7)
    violations: list[str] = []
    numbers = {f"killed_in_{moment.word}": 0.0 for moment in MOMENTS}
    worst_ms, repaired = 0.0, 0
    sample = folder / "sample"
    record_quietly(sample)
    reference = _exported(sample, folder / "reference.hdf5")
    for number in range(rounds):
        moment = MOMENTS[number % len(MOMENTS)]
        place = folder / f"round_{number:03d}"
        shutil.copytree(sample, place) if moment.does != "record" else place.mkdir()
        more = {"record": _EPISODES, "edit": 2 * moment.least, "export": place / "export.hdf5"}
        words = [moment.does, str(place), str(more[moment.does])]
        told, died = kill_at(moment, words, chance)
        numbers[f"killed_in_{moment.word}"] += died
        if moment.does != "record":
            told.saved = dict.fromkeys(range(_EPISODES), TICKS)
        found, lost_ms, mended = look(place, told)
        if moment.does == "export":
            found += _wrong_export(place, place / "export.hdf5", reference)
        violations += (f"round {number}, {moment.word}: {each}" for each in found)
        worst_ms, repaired = max(worst_ms, lost_ms), repaired + mended
        if not found:
            shutil.rmtree(place)
        progress(number + 1)
    return PartResult(rounds, tuple(violations), worst_ms, numbers | {"repaired": repaired})


def record_quietly(folder: Path) -> None:
    """A session of finished episodes."""
    folder.mkdir(parents=True)
    _start(["record", str(folder), str(_EPISODES)]).communicate(timeout=_PATIENCE_S)


def kill_at(moment: Moment, arguments: Sequence[str], chance: random.Random) -> tuple[Told, bool]:
    """Start the process, kill it at that moment; what it told, and whether it was alive."""
    told = Told()
    count = chance.randrange(moment.least)
    child = _start(arguments)
    if child.stdout is None:
        return told, False
    for line in child.stdout:
        words = line.split()
        told.take_in(words)
        if words[:1] == [moment.word]:
            count -= 1
            if count < 0:
                time.sleep(chance.uniform(0.0, moment.longest_s))
                child.send_signal(signal.SIGKILL)
                break
    rest, _ = child.communicate(timeout=_PATIENCE_S)
    for line in rest.splitlines():
        told.take_in(line.split())
    return told, child.returncode == -signal.SIGKILL


def _start(arguments: Sequence[str]) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "recorder.drills.recording", *arguments]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def look(place: Path, told: Told, bound_ms: float = BOUND_MS) -> tuple[list[str], float, int]:
    """Repair, then compare all that is there with what was told.

    Returns:
        Violations; how much of the open episode was lost, ms; how many episodes were repaired.
    """
    folder = SessionFolder(place)
    wrong: list[str] = []
    for path in episode_paths(folder):  # before the repair too nothing may lie
        header, differences = wrong_in(path, _load(path))
        if header is not None:
            wrong += (f"before the repair: {each}" for each in differences)
    mended = salvage_all(folder.episodes)
    found: dict[int, int] = {}
    for path in episode_paths(folder):
        number = _number(path)
        header, differences = wrong_in(path, _load(path))
        wrong += differences
        if header is None:
            continue
        found[number] = header.steps
        if header.state not in (State.FINAL, State.SALVAGED):
            wrong.append(f"{path.name} is still {header.state.value} after the repair.")
    for number, steps in told.saved.items():
        if found.get(number) != steps:
            wrong.append(f"episode {number} was saved with {steps} steps, has {found.get(number)}.")
    for number, steps in told.cut.items():
        if found.get(number, 0) < steps:
            wrong.append(f"episode {number} had {steps} steps cut, has {found.get(number)}.")
    lost = [index + 1 - found.get(number, 0) for number, index in told.appended.items()]
    lost_ms = max(lost, default=0) * TICK_NS / 1e6
    if lost_ms > bound_ms:
        wrong.append(f"{lost_ms:.0f} ms of an episode are lost.")
    log = read_log(folder)
    if log.damaged or len(log.entries) < told.edited:
        wrong.append(f"of {told.edited} edits the log has {len(log.entries)}. {log.damaged}")
    return wrong, lost_ms, len(mended)


def _number(path: Path) -> int:
    return int(path.name.split("_")[1])


def _load(path: Path) -> Load:
    return Load(_number(path), IMAGE_BYTES)


def _exported(session: Path, target: Path) -> list[NDArray[Any]]:
    """The actions of all demonstrations of an export; what has its name is complete already."""
    if not target.exists():
        _start(["export", str(session), str(target)]).communicate(timeout=_PATIENCE_S)
    if not target.exists():
        return []
    with h5py.File(target) as file:
        data = group_in(file, "data")
        return [rows_in(group_in(data, name), "actions") for name in members_of(data)]


def _wrong_export(session: Path, target: Path, reference: list[NDArray[Any]]) -> list[str]:
    """Let a killed export go on, and compare it with one that was not killed."""
    actions = _exported(session, target)
    same = len(actions) == len(reference) and all(map(np.array_equal, actions, reference))
    return [] if same else ["the export that was gone on with is another one."]
