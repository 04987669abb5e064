"""Drill: the disk fills up while an episode is recorded."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from teleop.drills.events import Event, Source
from teleop.drills.expected import WINDOW_S
from teleop.drills.files import Files
from teleop.drills.result import Findings
from teleop.drills.small_disk import Disk, FileLimit, memory_disk
from teleop.drills.stage import Stage, staged
from teleop.messages import Arm, Mode
from teleop.order_messages import Order, OrderKind
from teleop.process_tree import RECORDER
from teleop.session_folder import SessionFolder

ENOUGH = 150_000_000  # bytes left: the recorder goes on
ALMOST = 50_000_000  # bytes left: less than the recorder keeps back
TOLD_S = 5.0
SALVAGED_S = 20.0


def disk_full(folder: Path) -> Findings:
    """Fill the disk but for 50 MB, then to the last block; then make room again."""
    session = folder / "disk"
    session.mkdir()
    with memory_disk(session) as disk:
        with staged(session) as stage:
            stage.rolling()
            full = disk or FileLimit(lambda: stage.pid(RECORDER))
            _fill(stage, full)
            _make_room(stage, full)
            found = stage.findings(
                lambda event: event.tells(Source.HEALTH, RECORDER), ending=f"went on; {full.kind}"
            )
        if disk is None:
            _salvage(session)
        # The file system in memory goes now.
        shutil.copytree(SessionFolder(session).episodes, SessionFolder(folder).episodes)
    return found


def _fill(stage: Stage, disk: Disk) -> None:
    disk.fill(ENOUGH)
    stage.rest(0.5)
    stage.fault(lambda: disk.fill(ALMOST))
    stage.never(
        "the policy was taken off the left arm",
        lambda: not stage.modes(Mode.POLICY, Arm.LEFT),
        WINDOW_S,
    )
    stage.settled()
    stage.expect("a word of the recorder", lambda: stage.told(_is_told), TOLD_S)
    disk.fill(0)
    stage.never(
        "the policy was taken off the left arm by a disk full to the last block",
        lambda: not stage.modes(Mode.POLICY, Arm.LEFT),
        WINDOW_S,
    )
    stage.expect("an episode that goes on", stage.goes_on)


def _make_room(stage: Stage, disk: Disk) -> None:
    """With room again, the next episode is recorded."""
    disk.clear()
    first = stage.step.episode
    stage.order(Order(OrderKind.RESET))
    stage.expect("another episode", lambda: stage.step.episode > first, 3.0)
    stage.rest(1.0)
    for name in stage.tree.children if stage.tree is not None else ():
        stage.expect(f"no restart of the {name}", lambda one=name: stage.restarts(one) == 0)


def _salvage(session: Path) -> None:
    """Let a recorder make whole what the limit cut off in the middle of a write."""
    words = [sys.executable, "-m", "teleop.cli", "recorder", str(session)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as recorder:
        deadline_s = time.monotonic() + SALVAGED_S
        while any(SessionFolder(session).episodes.rglob("*.part")):
            if time.monotonic() > deadline_s:
                break
            time.sleep(0.05)
        recorder.terminate()


def _is_told(event: Event) -> bool:
    return event.tells(Source.HEALTH, RECORDER)


def both_recorded(found: Findings, files: Files) -> tuple[str, ...]:
    """The episode before has what came before the disk was full; the next one is whole."""
    numbers = {file.episode for file in files.episodes()}
    return () if numbers == {0, 1} else (f"recorded are the episodes {sorted(numbers)}, not 0, 1",)
