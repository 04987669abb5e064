"""How a camera sees the world: a pinhole without distortion, standing still."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from teleop.se3 import Array, conjugate, rotate


@dataclass(frozen=True)
class CameraModel:
    """A calibrated camera.

    Camera axes: x to the image's right, y down, z into the scene.

    Attributes:
        width, height: pixels that the focal lengths are for.
        fx, fy, cx, cy: pixels.
        position, quaternion: `T_world_camera`, m, w-first.
    """

    name: str
    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    position: tuple[float, float, float]
    quaternion: tuple[float, float, float, float]

    def pixels(self, points: ArrayLike) -> Array:
        """Where world points appear, (N, 2) pixels from the upper left corner.

        NaN behind the camera.

        Args:
            points: (N, 3) m, world.
        """
        relative = np.asarray(points, float).reshape(-1, 3) - np.asarray(self.position)
        seen = rotate(conjugate(np.asarray(self.quaternion)), relative)
        depth = np.where(seen[:, 2] > 1e-6, seen[:, 2], np.nan)
        return np.stack(
            (self.fx * seen[:, 0] / depth + self.cx, self.fy * seen[:, 1] / depth + self.cy), 1
        )
