"""How long a process may take for an answer: by what it had of the machine, not by the clock.

On a busy machine a process may get no processor for minutes. That says nothing about the file that
it reads, so only its own time counts: what it computed, and what it waited for a disk or a lock.
"""

import os
from dataclasses import dataclass
from pathlib import Path

_RUNS = "R"  # on a processor, or in the queue for one
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_STATE, _USER, _SYSTEM = 0, 11, 12  # of the fields of proc_pid_stat(5) behind the name


@dataclass(frozen=True)
class Seen:
    """A process as it was at one look.

    Attributes:
        runs: it computes, or would if it were given a processor; False: it waits for something.
        used_s: the processor time that it had so far.
    """

    runs: bool
    used_s: float


class Patience:
    """Adds a process's own time up, look by look, from its last sign of life on.

    Args:
        limit_s: of its own time.
        first: the process as it is now; None: that cannot be told.
    """

    def __init__(self, limit_s: float, first: Seen | None) -> None:
        self._limit_s = limit_s
        self._before = first
        self.own_s = 0.0

    def over(self, seen: Seen | None, passed_s: float) -> bool:
        """Whether it took longer than it may; where nothing can be told, by the clock.

        Args:
            seen: the process as it is now.
            passed_s: since the look before.
        """
        before, self._before = self._before, seen
        used_s = seen.used_s - before.used_s if seen is not None and before is not None else 0.0
        if seen is not None and seen.runs:
            self.own_s += used_s
        else:
            self.own_s += max(used_s, passed_s)
        return self.own_s > self._limit_s


def look_at(process: int) -> Seen | None:
    """A process as the kernel tells of it; None: it does not."""
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    if len(fields) <= _SYSTEM:
        return None
    ticks = int(fields[_USER]) + int(fields[_SYSTEM])
    return Seen(runs=fields[_STATE] == _RUNS, used_s=ticks / _TICKS_A_SECOND)
