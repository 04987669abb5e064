"""A device for measuring: a puck that is pushed and let go by the clock.

It stands where the SpaceMouse's reader stands, and its reports have exact stamps, so the time from
a report to the command that it caused can be measured to the microsecond.
"""

from dataclasses import replace

import numpy as np

from teleop.device_messages import DeviceReading
from teleop.messages import NUM_ARMS, frozen_array

REPORT_NS = 7_930_000  # a puck's 8 ms, off the grid of the control ticks so that every phase comes
CYCLE_NS = 800_000_000  # one push an arm in turn
PUSH_NS = 200_000_000
DEFLECTION = 0.5


def _pushes() -> tuple[DeviceReading, ...]:
    """What is reported while the left, the right, no arm is pushed; sideways, to and fro."""
    readings: list[DeviceReading] = []
    for arm in range(NUM_ARMS):
        for sign in (1.0, -1.0):
            deflection = np.zeros((NUM_ARMS, 6))
            deflection[arm, 1] = sign * DEFLECTION
            readings.append(DeviceReading(0, "exercise", frozen_array(deflection)))
    return (*readings, DeviceReading(0, "exercise", frozen_array(np.zeros((NUM_ARMS, 6)))))


class ExerciseDevice:
    """Implements `teleop.interfaces.Device`.

    Args:
        start_ns: when the first cycle begins; the device rests before.
    """

    def __init__(self, start_ns: int) -> None:
        self._start_ns = start_ns
        self._pushes = _pushes()

    @property
    def name(self) -> str:
        return "exercise"

    def read(self, now_ns: int) -> DeviceReading:
        """The newest report at `now_ns`, which carries the stamp of when it came."""
        since_ns = (now_ns - self._start_ns) // REPORT_NS * REPORT_NS
        cycle, within_ns = divmod(since_ns, CYCLE_NS)
        push = cycle % (len(self._pushes) - 1) if since_ns >= 0 and within_ns < PUSH_NS else -1
        return replace(self._pushes[push], stamp_ns=self._start_ns + since_ns)

    def close(self) -> None:
        return
