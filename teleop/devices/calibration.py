"""Calibration of a device at rest: three seconds of looking at it while nobody touches it.

The mean of what it says is its offset, and the farthest from that its noise; dead-band and
thresholds follow from the noise (`profile.shaped`, `profile.thresholds`). A device that sends
nothing at rest, as a healthy SpaceMouse does, is looked at all the same: it stands where it last
said. One that was never calibrated is measured like this for its first half second.
"""

from dataclasses import dataclass, replace

from teleop.device_messages import DeviceProfile
from teleop.devices.rest import Looks

LOOK_S = 3.0
FIRST_LOOK_S = 0.5
MOVED = 0.06  # spread of full deflection that is a hand, and no noise
OFF_CENTRE = 0.25  # a rest farther out than this is something that lies on the cap
FIRST_OFF_CENTRE = 0.08  # without being asked, only a small offset is believed
_AXES = ("x", "y", "z", "about x", "about y", "about z")


@dataclass(frozen=True)
class Refused:
    """Why a calibration was not taken over; one sentence for the operator."""

    reason: str


def judged(looks: Looks, profile: DeviceProfile, date: str) -> DeviceProfile | Refused:
    """Return `profile` as calibrated by `looks`, unless it was touched meanwhile.

    Args:
        looks: what was seen in `LOOK_S`.
        profile: of the device until now.
        date: ISO date and time, to be kept in the profile.
    """
    spread, middle = looks.spread, looks.middle
    worst = max(range(6), key=lambda i: spread[i])
    if spread[worst] > MOVED:
        return Refused(
            f"Not calibrated: it was moved meanwhile ({_AXES[worst]} went over "
            f"{spread[worst]:.0%} of full deflection); let it go and calibrate again."
        )
    worst = max(range(6), key=lambda i: abs(middle[i]))
    if abs(middle[worst]) > OFF_CENTRE:
        return Refused(
            f"Not calibrated: it stands at {middle[worst]:.0%} of full deflection in "
            f"{_AXES[worst]}; take away what leans on it, or plug it in again, then calibrate."
        )
    return replace(profile, offset=middle, noise=looks.noise, calibrated=date)


def first_guess(looks: Looks, profile: DeviceProfile) -> DeviceProfile:
    """Return a never calibrated `profile` with the rest that a first short look shows.

    A device that is being pushed is left as it is; the profile stays "never calibrated".
    """
    quiet = max(looks.spread) <= MOVED and max(map(abs, looks.middle)) < FIRST_OFF_CENTRE
    return replace(profile, offset=looks.middle, noise=looks.noise) if quiet else profile
