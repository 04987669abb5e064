"""Several devices as one: per arm, the one that is pushed moves it, and any clutch engages it.

An arm is moved by one device at a time, of several that are pushed by the one named first: a puck
may move the left arm and a gamepad the right one, and a pedal beside them hold the clutch. Presses
of all devices count.

A device that was pushed, or held the clutch, and fell silent has not let go. Until it speaks again,
or another one is pushed (or holds the clutch) for that arm, the arm's row is not a number: nobody
knows, and the arm holds. A puck that is unplugged while it is deflected is therefore not let go by
a keyboard at rest beside it, and an arm whose pedal died is not given back. The other arm goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot, isfinite, nan

import numpy as np

from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceReading
from teleop.interfaces import Device
from teleop.messages import NUM_ARMS, Arm, Array


@dataclass(eq=False)
class _Member:
    """One device, its newest reading, and what that means."""

    device: Device
    reading: DeviceReading | None = None
    known: tuple[bool, bool] = (False, False)  # what the reading says of each arm is a number
    heard: tuple[bool, bool] = (False, False)  # the same, and the reading is fresh
    pushed: tuple[bool, bool] = (False, False)


class CombinedDevice:
    """Implements `teleop.interfaces.Device` over others, which it closes.

    Args:
        devices: in order of precedence; people before a script.
        config: says what counts as pushed.
    """

    def __init__(self, devices: Sequence[Device], config: TakeoverConfig) -> None:
        self._members = tuple(_Member(device) for device in devices)
        self.configure(config)
        self._movers: list[_Member | None] = [None] * NUM_ARMS
        self._clutches: list[tuple[_Member, ...]] = [()] * NUM_ARMS
        self._stopper = ""  # who pressed stop last
        self._stopped_ns = 0

    def configure(self, config: TakeoverConfig) -> None:
        """Go on by `config`."""
        self._leave = config.leave
        self._stale_ns = int(config.stale_s * 1e9)

    @property
    def name(self) -> str:
        return "+".join(member.device.name for member in self._members)

    def read(self, now_ns: int) -> DeviceReading | None:
        for member in self._members:
            self._look(member, now_ns)
        readings = [member.reading for member in self._members if member.reading is not None]
        if not readings:
            return None
        for arm in Arm:
            self._settle(arm)
        newest = max(readings, key=lambda reading: reading.stamp_ns)
        left, right = (self._source(arm, newest) for arm in Arm)
        return replace(
            newest,
            device=self._used(left, right, now_ns),
            deflection=self._rows(left, right),
            clutch=(self._is_clutched(Arm.LEFT), self._is_clutched(Arm.RIGHT)),
            gripper_presses=_summed([reading.gripper_presses for reading in readings]),
            take_presses=_summed([reading.take_presses for reading in readings]),
            rewind_presses=_summed([reading.rewind_presses for reading in readings]),
            stop_presses=sum(reading.stop_presses for reading in readings),
            frame=(left.frame[0], right.frame[1]),
            enter=(left.enter[0], right.enter[1]),
            leave=(left.leave[0], right.leave[1]),
            sample_ns=(left.sample_ns[0] or left.stamp_ns, right.sample_ns[1] or right.stamp_ns),
        )

    def close(self) -> None:
        for member in self._members:
            member.device.close()

    def _look(self, member: _Member, now_ns: int) -> None:
        reading = member.device.read(now_ns)
        if reading is None:
            return
        if reading is not member.reading:
            before = member.reading.stop_presses if member.reading is not None else 0
            if reading.stop_presses > before:
                self._stopper, self._stopped_ns = reading.device, now_ns
            member.reading = reading
            left, right = (_size(row) for row in reading.deflection.tolist())
            # The device's own thresholds count where they are larger, as they do for the arbiter.
            least = [max(self._leave, own) for own in reading.leave]
            member.known = (isfinite(left), isfinite(right))
            member.pushed = (left >= least[0], right >= least[1])
        fresh = now_ns - reading.stamp_ns <= self._stale_ns
        member.heard = member.known if fresh else (False, False)

    def _settle(self, arm: Arm) -> None:
        """Find out who moves the arm, and who holds its clutch, or did when last heard of."""
        heard = [member for member in self._members if member.heard[arm]]
        pushed = next((member for member in heard if member.pushed[arm]), None)
        mover = self._movers[arm]
        if pushed is not None or mover is None or mover.heard[arm]:
            self._movers[arm] = pushed
        holders = tuple(m for m in heard if m.reading is not None and m.reading.clutch[arm])
        self._clutches[arm] = holders or tuple(m for m in self._clutches[arm] if not m.heard[arm])

    def _source(self, arm: Arm, otherwise: DeviceReading) -> DeviceReading:
        """Whose deflection counts: the one that is pushed, or the first at rest."""
        heard = (member for member in self._members if member.heard[arm])
        mover = self._movers[arm] or next(heard, None)
        return otherwise if mover is None or mover.reading is None else mover.reading

    def _used(self, left: DeviceReading, right: DeviceReading, now_ns: int) -> str:
        """Whose the reading is; after a stop, who pressed it, as that is told to the operator."""
        if self._stopper and now_ns - self._stopped_ns <= self._stale_ns:
            return self._stopper
        same = left.device == right.device
        return left.device if same else f"{left.device}+{right.device}"

    def _rows(self, left: DeviceReading, right: DeviceReading) -> Array:
        gone = [not self._is_known(arm) for arm in Arm]
        if left is right and not any(gone):
            return left.deflection
        rows = np.stack([left.deflection[0], right.deflection[1]])
        rows[gone] = np.nan
        rows.flags.writeable = False
        return rows

    def _is_clutched(self, arm: Arm) -> bool:
        return any(member.heard[arm] for member in self._clutches[arm])

    def _is_known(self, arm: Arm) -> bool:
        mover = self._movers[arm]
        gone = mover is not None and not mover.heard[arm]
        return not gone and (not self._clutches[arm] or self._is_clutched(arm))


def _size(row: list[float]) -> float:
    """The larger of the linear and the angular deflection, NaN if any is."""
    linear, angular = hypot(*row[:3]), hypot(*row[3:])  # numpy takes ten times as long for six
    return max(linear, angular) if isfinite(linear + angular) else nan


def _summed(presses: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(left for left, _ in presses), sum(right for _, right in presses)
