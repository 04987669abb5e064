"""How a device's profile is changed in the window. No Qt, no I/O.

The window shows the profile that control reports. A change is a wish until control reports it.
Revert and Defaults leave the calibration alone: it is a measurement, not a taste.
"""

from dataclasses import dataclass, replace

from gui.texts import tuning as words
from teleop.device_messages import DeviceProfile
from teleop.devices.profile import BAND_CAP, thresholds

WAIT_S = 2.0  # for a granted change to be reported
BAND = 2.0  # times the noise, see `teleop.devices.profile`


@dataclass(frozen=True)
class Range:
    """Least and largest value, the step of the arrow keys, and the unit, of a typed number."""

    low: float
    high: float
    step: float
    unit: str

    def text(self) -> str:
        """The range as it is printed."""
        return words.to(self.low, self.high, self.unit).rstrip()


SENSITIVITY = Range(0.0, 3.0, 0.1, "×")
CURVE = Range(0.2, 4.0, 0.1, "")
YAW = Range(-360.0, 360.0, 15.0, "°")


@dataclass(frozen=True)
class Entry:
    """A number that was typed; `problem` is one sentence where it is none or out of range."""

    value: float | None
    problem: str = ""


def read_number(text: str, name: str, limits: Range) -> Entry:
    """Return the number that `text` says; a decimal comma counts as a point."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return Entry(None, words.must_be_a_number(name, limits.text()))
    if not limits.low <= value <= limits.high:
        return Entry(None, words.is_it_must_be(name, text.strip(), limits.text()))
    return Entry(value)


def with_calibration(profile: DeviceProfile, measured: DeviceProfile) -> DeviceProfile:
    """Return `profile` with the calibration of `measured`."""
    return replace(
        profile, offset=measured.offset, noise=measured.noise, calibrated=measured.calibrated
    )


def defaults(profile: DeviceProfile) -> DeviceProfile:
    """Return `profile` with every setting at its default but the arm and the calibration."""
    plain = DeviceProfile(profile.serial, profile.name, profile.arm)
    return with_calibration(plain, profile)


def dead_bands(profile: DeviceProfile) -> tuple[float, ...]:
    """Return half the width of each axis' dead-band, of full deflection, as it is read."""
    return tuple(min(BAND_CAP, BAND * noise) for noise in profile.noise)


def levels(profile: DeviceProfile, enter: float, leave: float) -> tuple[float, float]:
    """Return the thresholds in force: the configured ones, or the larger that the noise asks."""
    least_enter, least_leave = thresholds(profile)
    return max(enter, least_enter), max(leave, least_leave)


class Tuning:
    """One device's profile: as it was when the page opened, as reported, and as asked for.

    Args:
        opened: the profile to revert to.
    """

    def __init__(self, opened: DeviceProfile) -> None:
        self._opened = opened
        self._reported = opened
        self._wish: DeviceProfile | None = None
        self._asked_ns = 0

    @property
    def reported(self) -> DeviceProfile:
        """What control reads the device by."""
        return self._reported

    @property
    def pending(self) -> bool:
        """Whether a change was asked for and is not in force yet."""
        return self._wish is not None

    @property
    def reverted(self) -> DeviceProfile:
        """The settings of when the page opened, with the newest calibration."""
        return with_calibration(self._opened, self._reported)

    def report(self, profile: DeviceProfile, now_ns: int) -> None:
        """Control reads the device by `profile` at `now_ns`."""
        self._reported = profile
        late = (now_ns - self._asked_ns) / 1e9 > WAIT_S
        if late or self._wish == profile:
            self._wish = None

    def ask(self, profile: DeviceProfile, now_ns: int) -> bool:
        """Ask for `profile`; whether that is anything new."""
        if profile == (self._wish or self._reported):
            return False
        self._wish = profile
        self._asked_ns = now_ns
        return True

    def refuse(self) -> None:
        """Control has refused."""
        self._wish = None
