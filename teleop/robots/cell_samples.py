"""The simulated cell's sensors as streams: wrenches and joints at every physics step, touch a tick.

Each sample is stamped with the instant of its physics step; simulated time is the device's clock.
"""

from collections.abc import Callable, Sequence

import numpy as np

from teleop.cells.plug.cell import PlugCell
from teleop.cells.plug.geometry import PHYSICS_STEP_S, SIDES
from teleop.cells.plug.reading import Array
from teleop.cells.plug.sensing import Moment
from teleop.messages import Arm
from teleop.stream_messages import SampleBlock, StreamInfo

STEP_NS = round(PHYSICS_STEP_S * 1e9)
PHYSICS_HZ = 1.0 / PHYSICS_STEP_S
_SIMULATED = "simulated"
_AXES = ("fx", "fy", "fz", "tx", "ty", "tz")
_JOINTS = tuple(
    f"{side}_{name}{joint}" for side in SIDES for name in ("q", "dq") for joint in range(1, 7)
)


def stream_infos(rate_hz: float) -> tuple[tuple[StreamInfo, ...], ...]:
    """The streams that are sampled at every physics step, and those of every tick."""
    wrenches = tuple(
        StreamInfo(f"wrench_{side}", (6,), "N, Nm", _AXES, PHYSICS_HZ, 0, _SIMULATED)
        for side in SIDES
    )
    joints = StreamInfo("joints", (24,), "rad, rad/s", _JOINTS, PHYSICS_HZ, 0, _SIMULATED)
    touch = tuple(
        StreamInfo(f"tactile_{side}", (2, 8, 8), "N", (), rate_hz, 0, _SIMULATED) for side in SIDES
    )
    return (*wrenches, joints), touch


class CellSamples:
    """Collects what was sensed until somebody asks for it.

    Args:
        cell: that is sensed.
        rate_hz: of the ticks.
    """

    def __init__(self, cell: PlugCell, rate_hz: float) -> None:
        self._cell = cell
        self._at_steps, self._at_ticks = stream_infos(rate_hz)
        self._steps = _Stamps()
        self._ticks = _Stamps()
        self._moments: list[Moment] = []
        self._touch: list[Array] = []

    def add(self, sensed: Sequence[Moment], tactile: Array, now_ns: int, simulated_ns: int) -> None:
        """Take in the steps of one tick.

        Args:
            sensed: one a physics step, oldest first.
            tactile: (2, 2, 8, 8) after the last of them.
            now_ns: the instant of the last step.
            simulated_ns: the same in simulated time since the episode's beginning.
        """
        first = 1 - len(sensed)
        for back_ns in range(first * STEP_NS, 1, STEP_NS):
            self._steps.add(now_ns + back_ns, simulated_ns + back_ns)
        self._ticks.add(now_ns, simulated_ns)
        self._moments += sensed
        self._touch.append(tactile)

    def drain(self) -> tuple[SampleBlock, ...]:
        """Everything since the last call, as one block a stream."""
        if not self._moments:
            return ()
        felt = np.stack([moment.felt for moment in self._moments])
        wrench = self._cell.wrenches(felt, np.stack([moment.ee for moment in self._moments]))
        joints = np.stack([(moment.q, moment.dq) for moment in self._moments])
        touch = np.stack(self._touch)
        left, right, both = self._at_steps
        # (n, quantity, arm, joint) to arm first, as the columns are named
        flat = joints.transpose(0, 2, 1, 3).reshape(len(joints), -1)
        at_step, at_tick = self._steps.drain(), self._ticks.drain()
        self._moments, self._touch = [], []
        return (
            at_step(left, wrench[:, Arm.LEFT]),
            at_step(right, wrench[:, Arm.RIGHT]),
            at_step(both, flat),
            *(at_tick(self._at_ticks[arm], touch[:, arm]) for arm in Arm),
        )

    def forget(self) -> None:
        """Drop what nobody asked for; it is not counted."""
        self._moments, self._touch = [], []
        self._steps.forget()
        self._ticks.forget()


class _Stamps:
    """Both stamps of samples, and their numbers."""

    def __init__(self) -> None:
        self._next = 0
        self._host_ns: list[int] = []
        self._device_ns: list[int] = []

    def add(self, host_ns: int, device_ns: int) -> None:
        self._host_ns.append(host_ns)
        self._device_ns.append(device_ns)

    def drain(self) -> Callable[[StreamInfo, Array], SampleBlock]:
        """What makes a block of data that was sampled at these stamps."""
        count = len(self._host_ns)
        sequence = np.arange(self._next, self._next + count, dtype=np.int64)
        host_ns = np.array(self._host_ns, np.int64)
        device_ns = np.array(self._device_ns, np.int64)
        self._next += count
        self.forget()
        return lambda info, data: SampleBlock(
            info, sequence, host_ns, device_ns, np.ascontiguousarray(data, np.float32)
        )

    def forget(self) -> None:
        self._host_ns, self._device_ns = [], []
