"""The window's keys as a device: a pure table, and the device that control feeds with `KeysHeld`.

The keys come from the window's own key events, never from a global hook. The window sends what is
held on every change and at least 25 times a second while it lives: when it dies, the readings grow
old and the arm holds. A foot pedal is a keyboard: what its keys mean is the window's table, and
here they arrive as clutches and presses.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from teleop.device_messages import DeviceReading, KeysHeld
from teleop.messages import frozen_array

# Key to axis (x y z, then about x y z) and sign, in world axes as the operator sees them.
KEYS: dict[str, tuple[int, float]] = {
    "D": (0, 1.0),  # right
    "A": (0, -1.0),
    "W": (1, 1.0),  # away
    "S": (1, -1.0),
    "E": (2, 1.0),  # up
    "Q": (2, -1.0),
    "K": (3, 1.0),  # the top towards the operator
    "I": (3, -1.0),
    "L": (4, 1.0),  # the top to the right
    "J": (4, -1.0),
    "U": (5, 1.0),  # to the left, seen from above
    "O": (5, -1.0),
}
FAST_KEY = "Shift"  # held beside the others
ARM_KEY = "Tab"  # changes `KeysHeld.arm`
GRIPPER_KEY = "F"  # counts up `KeysHeld.gripper_presses` of that arm
STOP_KEY = "Escape"  # counts up `KeysHeld.stop_presses`

SLOW = 0.4  # deflection of a key; beyond the enter threshold, or a key would take nothing over
FAST = 1.0


def deflection_of(keys: tuple[str, ...]) -> tuple[float, ...]:
    """Return the deflection (6,) that the held keys mean; opposite keys cancel."""
    push = [0.0] * 6
    size = FAST if FAST_KEY in keys else SLOW
    for key in keys:
        if key in KEYS:
            axis, sign = KEYS[key]
            push[axis] += sign * size
    return tuple(push)


class KeyboardDevice:
    """Implements `teleop.interfaces.Device` over the newest `KeysHeld`."""

    def __init__(self) -> None:
        self._reading: DeviceReading | None = None
        self._window: KeysHeld | None = None
        self._presses = _Presses()

    @property
    def name(self) -> str:
        return "keyboard"

    def hold(self, held: KeysHeld) -> None:
        """Take what the window has sent; what is older than the last is left out."""
        before = self._window
        if before is not None:
            if held.stamp_ns < before.stamp_ns:
                return
            self._presses = self._presses.after(before, held)
        self._window = held
        deflection = np.zeros((2, 6))
        deflection[held.arm] = deflection_of(held.keys)
        self._reading = DeviceReading(
            held.stamp_ns,
            self.name,
            frozen_array(deflection),
            clutch=held.clutch,
            gripper_presses=self._presses.gripper,
            take_presses=self._presses.take,
            rewind_presses=self._presses.rewind,
            stop_presses=self._presses.stop,
        )

    def read(self, now_ns: int) -> DeviceReading | None:
        return self._reading

    def close(self) -> None:
        """Nothing to let go of."""


@dataclass(frozen=True)
class _Presses:
    """Counters that go on where those of a window that was reopened begin at 0 again."""

    gripper: tuple[int, int] = (0, 0)
    take: tuple[int, int] = (0, 0)
    rewind: tuple[int, int] = (0, 0)
    stop: int = 0

    def after(self, before: KeysHeld, now: KeysHeld) -> Self:
        return replace(
            self,
            gripper=_counted_on(self.gripper, before.gripper_presses, now.gripper_presses),
            take=_counted_on(self.take, before.take_presses, now.take_presses),
            rewind=_counted_on(self.rewind, before.rewind_presses, now.rewind_presses),
            stop=self.stop + _presses(before.stop_presses, now.stop_presses),
        )


def _counted_on(
    total: tuple[int, int], before: tuple[int, int], now: tuple[int, int]
) -> tuple[int, int]:
    return total[0] + _presses(before[0], now[0]), total[1] + _presses(before[1], now[1])


def _presses(before: int, now: int) -> int:
    """Presses since the last message; a window that was reopened counts from 0."""
    return now - before if now >= before else now
