"""Letting the control loop run ahead of everything else on this machine, as far as it is allowed.

First in, first out real-time scheduling needs root or `rtprio` in /etc/security/limits.d. Without
it the others of the session stand back, which anybody may ask for. What each bought is measured in
docs/benchmarks.md. The loop sleeps at least once a tick, so it cannot lock the machine up.
"""

import errno
import gc
import os
import sys
import time
from functools import cache
from pathlib import Path

REALTIME_PRIORITY = 10
SWITCH_S = (
    0.0005  # at most this long another thread of the process, a puck's, keeps the loop waiting
)

# The kernel takes one change of a group in 0.1 s from an ordinary user.
_GROUP_WAITS_S = (0.11, 0.11, 0.0)


def run_ahead(*, inherited: bool = True) -> str:
    """Take the best scheduling this user may have; says in words what that is.

    Args:
        inherited: by threads and processes that are started afterwards: a thread that holds the
            interpreter's lock must not be kept from its core by another process while the loop
            waits for that lock.
    """
    sys.setswitchinterval(SWITCH_S)
    if sys.platform != "linux":
        return "ordinary scheduling"
    policy = os.SCHED_FIFO if inherited else os.SCHED_FIFO | os.SCHED_RESET_ON_FORK
    try:
        os.sched_setscheduler(0, policy, os.sched_param(REALTIME_PRIORITY))
    except PermissionError:
        return "ordinary scheduling; see `nudge doctor` for real-time priority"
    return f"real-time priority {REALTIME_PRIORITY}"


@cache
def may_run_ahead() -> bool:
    """Whether this user may have real-time scheduling, by trying it for an instant."""
    if sys.platform != "linux":
        return False
    policy, parameter = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(REALTIME_PRIORITY))
    except PermissionError:
        return False
    os.sched_setscheduler(0, policy, parameter)
    return True


def stand_back(pid: int, niceness: int, proc: Path = Path("/proc")) -> None:
    """Make a process give way to the control loop.

    Linux puts each session (in the Unix sense) into a group of its own, shares the processor among
    the groups, and lets niceness count only within one. Where control has no real-time priority,
    the group therefore stands back too: at the cost of what other programs then take from it.

    Args:
        pid: of a process; where it leads its session, its group stands back with it.
        niceness: 0 to 19.
        proc: where the kernel's files are.
    """
    os.setpriority(os.PRIO_PROCESS, pid, niceness)
    if may_run_ahead() or os.getsid(pid) != pid:
        return  # no need to, or the group is somebody else's, such as a terminal's
    group = proc / str(pid) / "autogroup"
    for wait_s in _GROUP_WAITS_S:
        try:
            group.write_text(str(niceness))
        except OSError as error:
            if error.errno != errno.EAGAIN:
                return  # no such groups here, or not ours to change
            time.sleep(wait_s)
        else:
            return


def still_collector() -> None:
    """Collect, and switch the cyclic collector off; to be called again between episodes.

    A full collection takes milliseconds, and more with every object that lives: 50 ms after ten
    minutes of notes about each tick. What lives now will live on, so it is never looked at again.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
