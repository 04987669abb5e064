"""Several devices as one: the one that is pushed counts; of several, the one named first.

A device that was pushed keeps counting until a fresh reading of its own says that it was let go,
or until another one is pushed. A puck that is unplugged while it is deflected is therefore not
let go by a keyboard at rest beside it.
"""

from collections.abc import Sequence
from dataclasses import replace

from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceReading
from teleop.interfaces import Device


class CombinedDevice:
    """Implements `teleop.interfaces.Device` over others, which it closes.

    Args:
        devices: in order of precedence; people before a script.
        config: says what counts as pushed.
    """

    def __init__(self, devices: Sequence[Device], config: TakeoverConfig) -> None:
        self._devices = tuple(devices)
        self._leave = config.leave
        self._stale_ns = int(config.stale_s * 1e9)
        self._pushed: Device | None = None

    @property
    def name(self) -> str:
        return "+".join(device.name for device in self._devices)

    def read(self, now_ns: int) -> DeviceReading | None:
        readings = {
            device: reading
            for device in self._devices
            if (reading := device.read(now_ns)) is not None
        }
        if not readings:
            return None
        fresh = [
            device
            for device, reading in readings.items()
            if now_ns - reading.stamp_ns <= self._stale_ns
        ]
        pushed = [device for device in fresh if self._is_pushed(readings[device])]
        if self._pushed in fresh and self._pushed not in pushed:
            self._pushed = None
        if pushed:
            self._pushed = pushed[0]
        newest = max(readings, key=lambda device: readings[device].stamp_ns)
        chosen = readings[self._pushed or newest]
        return replace(
            chosen,
            gripper_presses=(
                sum(reading.gripper_presses[0] for reading in readings.values()),
                sum(reading.gripper_presses[1] for reading in readings.values()),
            ),
            stop_presses=sum(reading.stop_presses for reading in readings.values()),
        )

    def close(self) -> None:
        for device in self._devices:
            device.close()

    def _is_pushed(self, reading: DeviceReading) -> bool:
        halves = reading.deflection.reshape(2, 2, 3)
        return any(reading.clutch) or bool(((halves * halves).sum(axis=2) >= self._leave**2).any())
