"""CPU time of a process and all its descendants, from Linux's /proc."""

import os
from pathlib import Path

_TICK_S = 1.0 / os.sysconf("SC_CLK_TCK")
_UTIME = 11  # places after the name; stime, and of children that ended, cutime and cstime, follow


def cpu_s(pid: int) -> tuple[float, float]:
    """Seconds of CPU of the process itself, and of its descendants, living and ended."""
    own, ended = _times(pid)
    living = 0.0
    for child in _children(pid):
        living += sum(cpu_s(child))
    return own, ended + living


def _times(pid: int) -> tuple[float, float]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0, 0.0
    words = text.rpartition(")")[2].split()  # a name may hold anything, brackets too
    user, system, ended_user, ended_system = (int(word) for word in words[_UTIME : _UTIME + 4])
    return (user + system) * _TICK_S, (ended_user + ended_system) * _TICK_S


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(word) for word in task.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found
