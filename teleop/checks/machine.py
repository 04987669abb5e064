"""Folders, disk, processor and scheduling."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from teleop.checks import Check, Outcome
from teleop.priority import REALTIME_PRIORITY, may_run_ahead

# Where a warning and where a refusal is due: episodes with images grow by gigabytes.
ROOMY_BYTES = 10e9
LEAST_BYTES = 1e9
# Below it the learner takes its time from the control loop.
LEAST_CORES = 2


def _nearest_existing(folder: Path) -> Path:
    folder = folder.absolute()
    return next(path for path in (folder, *folder.parents) if path.exists())


def check_sessions_folder(folder: Path) -> Check:
    """Check that a session could be written into `folder`, which need not exist yet."""
    nearest = _nearest_existing(folder)
    try:
        # Tried, not asked: a read-only or foreign file system grants root every right on paper.
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        found = f"{nearest} cannot be written: {error.strerror}"
        advice = "Choose another folder, or give yourself the right to write there."
        return Check("Session folder", Outcome.FAIL, found, advice)
    return Check("Session folder", Outcome.OK, f"{folder.absolute()} can be written")


def check_disk(folder: Path) -> Check:
    """Check the space left where sessions are written."""
    free = shutil.disk_usage(_nearest_existing(folder)).free
    found = f"{free / 1e9:.1f} GB free"
    if free < LEAST_BYTES:
        return Check("Disk", Outcome.FAIL, found, "Free at least 1 GB before recording.")
    if free < ROOMY_BYTES:
        return Check("Disk", Outcome.WARN, found, "Enough to try; free 10 GB for a day's work.")
    return Check("Disk", Outcome.OK, found)


def _usable_cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_processor(cores: int | None = None, load: float | None = None) -> Check:
    """Check the number of cores this process may use, and what else keeps them busy."""
    cores = _usable_cores() if cores is None else cores
    load = os.getloadavg()[0] if load is None else load
    found = f"{cores} cores, load {load:.1f}"
    if cores < LEAST_CORES:
        advice = "Control will be late while the learner trains; use a machine with more cores."
        return Check("Processor", Outcome.WARN, found, advice)
    if load > cores:
        return Check("Processor", Outcome.WARN, found, "Busy: end other work before measuring.")
    return Check("Processor", Outcome.OK, found)


def check_priority() -> Check:
    """Check whether control may run ahead of everything else, by trying it for an instant."""
    if sys.platform != "linux":
        return Check("Scheduling", Outcome.WARN, f"not looked at on {sys.platform}")
    if may_run_ahead():
        return Check("Scheduling", Outcome.OK, "real-time priority is allowed")
    found = "no real-time priority: the other processes stand back, which is less"
    advice = (
        "Simulation does not need it. For a real arm, once and with sudo: put `@realtime - rtprio "
        f"{2 * REALTIME_PRIORITY}` into /etc/security/limits.d/nudge.conf, then `groupadd -f "
        "realtime`, `usermod -aG realtime $USER`, and log in again. Until then end other work."
    )
    return Check("Scheduling", Outcome.WARN, found, advice)
