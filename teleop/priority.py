"""Letting the control loop run ahead of everything else on this machine, as far as it is allowed.

First in, first out real-time scheduling needs root or `rtprio` in /etc/security/limits.d; without
it a higher niceness of all the others (see process_tree.py) and early waking are what is left. The
loop sleeps at least once a tick, so it cannot lock the machine up.
"""

import gc
import os
import sys

REALTIME_PRIORITY = 10
SWITCH_S = (
    0.0005  # at most this long another thread of the process, a puck's, keeps the loop waiting
)


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


def still_collector() -> None:
    """Switch the cyclic garbage collector off; call `gc.collect()` between episodes.

    A full collection takes milliseconds. What lives now will live on, so it is never looked at
    again.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
