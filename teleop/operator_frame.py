"""The axes of an operator's hand, turned into the world's: of the tool, of a picture.

A deflection is a velocity, so its linear and its angular half turn alike, and no origin is needed.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from teleop.device_messages import DeviceReading, FrameKind, MotionFrame
from teleop.messages import Arm, Array, RobotState, frozen_array
from teleop.se3 import rotate

WORLD = MotionFrame()


def in_world(
    reading: DeviceReading, state: RobotState, camera_axes: Mapping[str, Array]
) -> DeviceReading:
    """Return the reading with every deflection along world axes; the same object if all were.

    An arm whose camera is not in `camera_axes` keeps its deflection, which counts along world axes
    then, and its frame, by which `unknown_cameras` finds it.

    Args:
        reading: the device's, each arm's deflection along its own `frame`.
        state: the robot's; the tools' axes are those of its `T_world_ee`.
        camera_axes: quaternion (4,) that turns a camera's axes (x to the picture's right, y into
            it, z up in it) into the world's, by the camera's name.
    """
    left, right = reading.frame
    if left.kind is FrameKind.WORLD and right.kind is FrameKind.WORLD:
        return reading
    deflection = reading.deflection.copy()
    frames = list(reading.frame)
    for arm in Arm:
        frame = frames[arm]
        if frame.kind is FrameKind.WORLD:
            continue
        axes = camera_axes.get(frame.camera)
        if frame.kind is FrameKind.TOOL:
            axes = state.quaternion[arm]
        if axes is None:
            continue
        halves = deflection[arm].reshape(2, 3)
        deflection[arm] = rotate(np.broadcast_to(axes, (2, 4)), halves).reshape(6)
        frames[arm] = WORLD
    return replace(reading, deflection=frozen_array(deflection), frame=(frames[0], frames[1]))


def unknown_cameras(reading: DeviceReading, camera_axes: Mapping[str, Array]) -> tuple[str, str]:
    """Return, per arm, the name of the camera that its deflection is along and nobody knows.

    Empty where all is well; the operator should be told of any other.
    """
    left, right = (
        frame.camera or "(no name)"
        if frame.kind is FrameKind.CAMERA and frame.camera not in camera_axes
        else ""
        for frame in reading.frame
    )
    return left, right
