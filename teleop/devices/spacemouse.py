"""One or two SpaceMice as a device.

A lone puck moves the left arm; its right button, while it is centred, moves it to the other arm
and back. Of two, the first found moves the left arm and the second the right one. The left button
toggles the gripper of the puck's arm. Both buttons together, or ESC where there is one, stop.
"""

import numpy as np

from teleop.device_messages import DeviceReading
from teleop.devices.hid import require_pucks
from teleop.devices.puck_reader import PuckReader, Sample
from teleop.interfaces import Clock
from teleop.messages import NUM_ARMS, Arm, frozen_array


class SpaceMouse:
    """Implements `teleop.interfaces.Device`. Opens every puck that is plugged in, at most two.

    Raises:
        SetupError: the library hidapi is missing.
        DeviceNotFound: no SpaceMouse is plugged in.
        DeviceForbidden: there is one, but no permission to open it.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        pucks = require_pucks()[:NUM_ARMS]
        lone = len(pucks) == 1
        self._readers = [
            PuckReader(puck, lone, arm, clock) for puck, arm in zip(pucks, Arm, strict=False)
        ]
        self._seen: tuple[Sample, ...] = ()
        self._reading: DeviceReading | None = None

    @property
    def name(self) -> str:
        return "spacemouse"

    @property
    def health(self) -> str:
        """One sentence for the operator."""
        return "; ".join(reader.health for reader in self._readers)

    def read(self, now_ns: int) -> DeviceReading | None:
        samples = tuple(sample for reader in self._readers if (sample := reader.sample) is not None)
        if len(samples) < len(self._readers):
            return None
        if samples != self._seen:
            self._seen = samples
            self._reading = self._merge(samples)
        return self._reading

    def close(self) -> None:
        for reader in self._readers:
            reader.close()

    def _merge(self, samples: tuple[Sample, ...]) -> DeviceReading:
        """One reading of all pucks, as old as the oldest: one that is gone makes its arm hold."""
        deflection = np.zeros((NUM_ARMS, 6))
        presses = [0, 0]
        for sample in samples:
            deflection[sample.state.arm] = sample.state.axes
            for arm in Arm:
                presses[arm] += sample.state.gripper_presses[arm]
        return DeviceReading(
            min(sample.stamp_ns for sample in samples),
            self.name,
            frozen_array(deflection),
            gripper_presses=(presses[0], presses[1]),
            stop_presses=sum(sample.state.stop_presses for sample in samples),
        )
