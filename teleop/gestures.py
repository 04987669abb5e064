"""What the operator's device says about each arm, as far as it can be believed. Pure."""

from dataclasses import dataclass
from math import isfinite

import numpy as np

from teleop.chunks import NEVER
from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceReading
from teleop.messages import Arm, Array, frozen_array


@dataclass(frozen=True)
class ArmGesture:
    """What the device says about one arm; nothing, where its reading is missing or stale."""

    fresh: bool = False  # young enough to act on
    new: bool = False  # fresh, and not seen before
    stamp_ns: int = NEVER  # of the arm's own sample
    beyond: bool = False  # deflected past the enter threshold
    centred: bool = False  # let go: below the leave threshold, the clutch released
    clutch: bool = False
    gripper_presses: int = 0
    take_presses: int = 0
    rewind_presses: int = 0


@dataclass(frozen=True, eq=False)
class Gesture:
    """One reading, judged."""

    stamp_ns: int  # of the newest sample in the last reading used
    arms: tuple[ArmGesture, ArmGesture]
    twist: Array  # (2, 6) that the deflection asks for


_SILENT = (ArmGesture(), ArmGesture())
_ZERO_TWIST = frozen_array(np.zeros((2, 6)))
_NO_THRESHOLDS = (0.0, 0.0)


def read_gesture(
    reading: DeviceReading | None, now_ns: int, last_ns: int, config: TakeoverConfig
) -> Gesture:
    """Judge the newest reading.

    Args:
        reading: along world axes; None: there has been none.
        now_ns: the instant of the decision.
        last_ns: stamp of the newest sample in the last reading used.
        config: says what counts as deflected, as let go, as stale.
    """
    if reading is None or now_ns - reading.stamp_ns > config.stale_s * 1e9:
        return Gesture(last_ns, _SILENT, _ZERO_TWIST)
    deflection = reading.deflection.reshape(2, 2, 3)  # arm, linear or angular, axis
    size = np.sqrt(np.vecdot(deflection, deflection))
    sizes: list[list[float]] = size.tolist()
    known = [isfinite(linear + angular) for linear, angular in sizes]
    if not all(known):
        if not any(known):
            return Gesture(last_ns, _SILENT, _ZERO_TWIST)
        deflection = np.where(np.array(known)[:, None, None], deflection, 0.0)
        size = np.where(np.array(known)[:, None], size, 0.0)
    largest = [max(halves) for halves in sizes]
    enter, leave = (config.enter, config.enter), (config.leave, config.leave)
    if reading.enter != _NO_THRESHOLDS or reading.leave != _NO_THRESHOLDS:
        # A device that is noisier at rest than was configured asks for more.
        enter = (max(config.enter, reading.enter[0]), max(config.enter, reading.enter[1]))
        leave = (max(config.leave, reading.leave[0]), max(config.leave, reading.leave[1]))
    sampled = [own or reading.stamp_ns for own in reading.sample_ns]
    newest = max(sampled)
    new = newest != last_ns
    left, right = (
        ArmGesture(
            True,
            new,
            sampled[arm],
            largest[arm] > enter[arm],
            largest[arm] < leave[arm] and not reading.clutch[arm],
            reading.clutch[arm],
            reading.gripper_presses[arm],
            reading.take_presses[arm],
            reading.rewind_presses[arm],
        )
        if known[arm]
        else ArmGesture()
        for arm in Arm
    )
    twist = _ZERO_TWIST
    if any(known[arm] and largest[arm] > leave[arm] for arm in Arm):
        twist = frozen_array(_asked_twist(deflection, size, leave, config))
    return Gesture(newest, (left, right), twist)


def _asked_twist(
    deflection: Array, size: Array, leave: tuple[float, float], config: TakeoverConfig
) -> Array:
    """Begin at zero at the dead-band and end at full scale, along the deflection: (2, 6)."""
    least = np.array(leave)[:, None]
    slope = np.clip((size - least) / np.maximum(1.0 - least, 1e-9), 0.0, 1.0)
    speed = slope * (config.linear_scale, config.angular_scale)
    return (deflection * (speed / np.maximum(size, 1e-9))[..., None]).reshape(2, 6)
