"""From a device's raw axes to what the operator means by them: pure functions of its profile.

The offset is taken off, a dead-band of twice the noise is cut out so that motion begins at zero
behind it, and what is left is flipped, scaled, reduced to the axes that count, bent by the curve
(the direction stays), and turned to where the operator stands.
"""

import math
from collections.abc import Sequence

from teleop.device_messages import AT_REST, DeviceProfile, FrameKind, MotionKind, Six

BAND_CAP = 0.05  # of full deflection; a wider dead-band would hide motion of a broken device
_BAND, _LEAVE, _ENTER = 2.0, 3.0, 6.0  # times the noise
_ENTER_CAP = 0.9  # of full deflection; a device as noisy as that can still take over


def as_six(values: Sequence[float]) -> Six:
    """Return six values as the tuple of axes that they are."""
    x, y, z, roll, pitch, yaw = values
    return x, y, z, roll, pitch, yaw


def off_centre(raw: Six, profile: DeviceProfile) -> Six:
    """Return how far each axis is from where it rests."""
    return as_six([value - middle for value, middle in zip(raw, profile.offset, strict=True)])


def shaped(raw: Six, profile: DeviceProfile) -> Six:
    """Return the deflection in -1..1 along the profile's frame; an untouched device is at zero."""
    values = [
        (-factor if turned else factor) * _beyond(value - middle, min(BAND_CAP, _BAND * noise))
        for value, middle, noise, factor, turned in zip(
            raw, profile.offset, profile.noise, profile.sensitivity, profile.flip, strict=True
        )
    ]
    if not any(values):
        return AT_REST
    _keep(values, profile.motion)
    linear = _bent(_within_one(values[:3]), profile.curve)
    angular = _bent(_within_one(values[3:]), profile.curve)
    if profile.frame.kind is FrameKind.WORLD and profile.yaw_deg:
        turn = math.radians(profile.yaw_deg)
        linear, angular = _turned(linear, turn), _turned(angular, turn)
    return as_six([*linear, *angular])


def thresholds(profile: DeviceProfile) -> tuple[float, float]:
    """Return the least `enter` and `leave` that the device's own noise asks for.

    They are what six times and three times the calibrated noise, on every axis at once, amount to
    behind the dead-band and the profile: an untouched device stays below `leave` even if it is
    three times as noisy as in the three seconds it was looked at. Without noise both are 0.
    """
    enter, leave = (
        size(
            shaped(
                as_six(
                    [
                        middle + times * noise
                        for middle, noise in zip(profile.offset, profile.noise, strict=True)
                    ]
                ),
                profile,
            )
        )
        for times in (_ENTER, _LEAVE)
    )
    return min(enter, _ENTER_CAP), min(leave, _ENTER_CAP)


def size(axes: Six) -> float:
    """Return the length of the linear or of the angular half, the larger one."""
    return max(math.hypot(*axes[:3]), math.hypot(*axes[3:]))


def _beyond(value: float, band: float) -> float:
    """Return how far `value` is beyond the band, of what there is beyond it."""
    if abs(value) <= band:
        return 0.0
    return (value - math.copysign(band, value)) / (1.0 - band)


def _keep(values: list[float], motion: MotionKind) -> None:
    """Set the axes that do not count to zero."""
    if motion is MotionKind.TRANSLATION:
        values[3:] = [0.0] * 3
    elif motion is MotionKind.ROTATION:
        values[:3] = [0.0] * 3
    elif motion is MotionKind.DOMINANT:
        largest = max(range(6), key=lambda i: abs(values[i]))
        values[:] = [value if i == largest else 0.0 for i, value in enumerate(values)]


def _within_one(half: list[float]) -> list[float]:
    """Shorten three axes along their direction until none is beyond one."""
    most = max(map(abs, half))
    return [value / most for value in half] if most > 1.0 else half


def _bent(half: list[float], curve: float) -> list[float]:
    if curve == 1.0:
        return half
    length = min(1.0, math.hypot(*half))
    if length == 0.0:
        return half
    factor = length ** (curve - 1.0)
    return [factor * value for value in half]


def _turned(half: list[float], turn: float) -> list[float]:
    """Turn about z by `turn` rad."""
    x, y, z = half
    cos, sin = math.cos(turn), math.sin(turn)
    return _within_one([cos * x - sin * y, sin * x + cos * y, z])
