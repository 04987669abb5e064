"""The wrenches that came since the last view: at every step, and between the steps as samples."""

import numpy as np
from numpy.typing import NDArray

from gui.view import WrenchSamples
from teleop.messages import Arm, Step
from teleop.stream_messages import WRENCH_STREAMS, SampleBlock

LIMIT = 2000  # pieces an arm, kept while the window does not ask: 16 s of a session
_ARMS: dict[str, Arm] = dict(zip(WRENCH_STREAMS, Arm, strict=True))


class WrenchLog:
    """Collects, gives once. Steps come at once and samples later in blocks: both are kept."""

    def __init__(self) -> None:
        self._stamps: tuple[list[NDArray[np.int64]], ...] = ([], [])
        self._values: tuple[list[NDArray[np.floating]], ...] = ([], [])

    def stepped(self, step: Step) -> None:
        """Take the wrenches of a step."""
        stamp_ns = np.array([step.stamp_ns], np.int64)
        for arm in Arm:
            self._add(arm, stamp_ns, step.observation.state.wrench[arm][None])

    def sampled(self, block: SampleBlock) -> None:
        """Take a block of a wrist's samples; other streams are passed over."""
        arm = _ARMS.get(block.info.name)
        if arm is not None and block.data.shape == (len(block.host_ns), 6):
            self._add(arm, block.host_ns, block.data)

    def _add(self, arm: Arm, stamps_ns: NDArray[np.int64], values: NDArray[np.floating]) -> None:
        stamps, kept = self._stamps[arm], self._values[arm]
        stamps.append(stamps_ns)
        kept.append(values)
        if len(stamps) > LIMIT:
            del stamps[0], kept[0]

    def take(self) -> tuple[WrenchSamples, WrenchSamples]:
        """What came since the last call, left and right."""
        left, right = (self._taken(arm) for arm in Arm)
        return left, right

    def _taken(self, arm: Arm) -> WrenchSamples:
        stamps, values = self._stamps[arm], self._values[arm]
        if not stamps:
            return WrenchSamples()
        taken = WrenchSamples(np.concatenate(stamps), np.concatenate(values))
        stamps.clear()
        values.clear()
        return taken
