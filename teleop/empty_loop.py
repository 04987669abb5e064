"""The real-time loop with nothing in it: how late this machine wakes a process, at best.

`python -m teleop.empty_loop RATE_HZ SECONDS` runs it with the scheduling of the control process and
prints the lateness of its ticks; `nudge bench control` runs it beside the session it measures.
"""

import sys
from collections.abc import Sequence

import msgspec

from teleop.clock import RealClock
from teleop.interfaces import Clock
from teleop.priority import run_ahead, still_collector


def lateness_ns(clock: Clock, period_ns: int, ticks: int) -> list[int]:
    """Wake at `ticks` absolute deadlines; returns by how much each was missed.

    As in the control loop, a period that is missed whole is left out, so there may be fewer.
    """
    late: list[int] = []
    deadline_ns = clock.now_ns() + period_ns
    last_ns = deadline_ns + (ticks - 1) * period_ns
    while deadline_ns <= last_ns:
        clock.sleep_until_ns(deadline_ns)
        late.append(clock.now_ns() - deadline_ns)
        deadline_ns += (1 + late[-1] // period_ns) * period_ns
    return late


def main(arguments: Sequence[str]) -> int:
    """Run with the rate and the duration given; print a JSON list of nanoseconds."""
    rate_hz, seconds = (float(word) for word in arguments)
    still_collector()
    run_ahead()
    late = lateness_ns(RealClock(), round(1e9 / rate_hz), round(rate_hz * seconds))
    sys.stdout.write(msgspec.json.encode(late).decode() + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
