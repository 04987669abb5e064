"""A policy that needs no training, for tests: it pushes the plug straight ahead."""

import numpy as np

from teleop.interfaces import FrameReader
from teleop.messages import ActionChunk, Arm, RobotState, frozen_array


class StraightPolicy:
    """Implements `teleop.interfaces.Policy`; what it was asked is there to look at."""

    def __init__(self, speed: float = 0.03) -> None:
        self._twist = np.zeros((8, 2, 6))
        self._twist[:, Arm.LEFT, 0] = speed
        self.observed: list[RobotState] = []
        self.image_stamps_ns: list[int] = []

    @property
    def version(self) -> int:
        return 3

    def reset(self) -> None:
        self.observed.clear()
        self.image_stamps_ns.clear()

    def observe(self, state: RobotState) -> None:
        self.observed.append(state)

    def infer(self, instruction: str, frames: FrameReader) -> ActionChunk:
        newest = [frames.newest(camera) for camera in frames.cameras]
        assert all(image is not None and image[1].any() for image in newest)
        self.image_stamps_ns.append(min(image[0].stamp_ns for image in newest if image))
        state = self.observed[-1]
        return ActionChunk(
            chunk_id=len(self.image_stamps_ns),
            policy_version=self.version,
            observation_ns=state.stamp_ns,
            start_ns=state.stamp_ns,
            period_ns=100_000_000,
            twist=frozen_array(self._twist),
            opening=frozen_array(np.zeros((8, 2))),
            inference_ns=1_000_000,
        )
