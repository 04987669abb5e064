"""The operator's device as a stream: each new reading once."""

import numpy as np
from numpy.typing import NDArray

from teleop.device_messages import DeviceReading
from teleop.interfaces import Device
from teleop.stream_messages import NO_STAMP, SampleBlock, StreamInfo

_SIDES = ("left", "right")
_AXES = ("x", "y", "z", "rx", "ry", "rz")
_COUNTED = ("clutch", "gripper_presses", "take_presses", "rewind_presses")
COLUMNS = (
    *(f"{side}_{axis}" for side in _SIDES for axis in _AXES),
    *(f"{side}_{what}" for what in _COUNTED for side in _SIDES),
    "stop_presses",
)
DEVICE = StreamInfo(
    "device",
    (len(COLUMNS),),
    "of full deflection, presses",
    COLUMNS,
    latency_note="the newest reading at each tick, stamped when the device reported it",
)


def numbers_of(reading: DeviceReading) -> NDArray[np.float32]:
    """The reading as a row of `COLUMNS`."""
    counted = (
        *reading.clutch,
        *reading.gripper_presses,
        *reading.take_presses,
        *reading.rewind_presses,
        reading.stop_presses,
    )
    return np.concatenate((reading.deflection.ravel(), counted)).astype(np.float32)


class SampledDevice:
    """Implements `teleop.interfaces.Device` and `Sampled` over another device.

    Attributes:
        sampling: whether readings are kept for `samples`.
        readings: the newest and the one before, for whoever asks what was pressed.
    """

    def __init__(self, device: Device) -> None:
        self._device = device
        self.sampling = False
        self.readings: tuple[DeviceReading | None, DeviceReading | None] = (None, None)
        self._next = 0
        self._stamp_ns = -1
        self._rows: list[tuple[int, NDArray[np.float32]]] = []

    @property
    def name(self) -> str:
        return self._device.name

    def read(self, now_ns: int) -> DeviceReading | None:
        reading = self._device.read(now_ns)
        if reading is None:
            return None
        stamp_ns = max(reading.stamp_ns, *reading.sample_ns)
        if stamp_ns > self._stamp_ns:
            self._stamp_ns = stamp_ns
            self.readings = (reading, self.readings[0])
            if self.sampling:
                self._rows.append((stamp_ns, numbers_of(reading)))
        return reading

    def samples(self) -> tuple[SampleBlock, ...]:
        """The new readings since the last call; one at most a tick."""
        if not self._rows:
            return ()
        stamps, rows = zip(*self._rows, strict=True)
        count, self._rows = len(rows), []
        sequence = np.arange(self._next, self._next + count, dtype=np.int64)
        self._next += count
        none = np.full(count, NO_STAMP, np.int64)
        return (SampleBlock(DEVICE, sequence, np.array(stamps, np.int64), none, np.stack(rows)),)

    def close(self) -> None:
        self._device.close()
