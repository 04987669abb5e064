"""Time that the host of a virtual machine kept for itself while something here wanted to run.

No priority inside the machine helps against it. It is measured beside lateness, so that the one is
not taken for the other.
"""

import os
import time
from pathlib import Path

_PROC_STAT = Path("/proc/stat")
_STOLEN_FIELD = 8  # of the line `cpu`, in clock ticks


def stolen_s(proc_stat: str) -> float:
    """Return the seconds stolen since the start, over all cores, that /proc/stat tells of."""
    for line in proc_stat.splitlines():
        fields = line.split()
        if fields[:1] == ["cpu"] and len(fields) > _STOLEN_FIELD:
            return int(fields[_STOLEN_FIELD]) / os.sysconf("SC_CLK_TCK")
    return 0.0


class Theft:
    """What was stolen since it was made."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()
        self._stolen_s = _stolen_now_s()

    def ms_a_second(self) -> float:
        """Ms per second and core; 0 where the system does not tell."""
        stolen = _stolen_now_s() - self._stolen_s
        lasted_s = max(time.monotonic() - self._began_s, 1e-9)
        return 1e3 * stolen / lasted_s / (os.cpu_count() or 1)


def _stolen_now_s() -> float:
    try:
        return stolen_s(_PROC_STAT.read_text())
    except FileNotFoundError:
        return 0.0
