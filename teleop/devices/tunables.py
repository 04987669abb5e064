"""All devices that are set up by a profile each, as one: an order goes to the one of its serial."""

from collections.abc import Sequence

from teleop.device_messages import DeviceProfile, DeviceSeen
from teleop.interfaces import Device, Tunable
from teleop.messages import Mode
from teleop.order_messages import Reply


def tunables(devices: Sequence[Device]) -> Tunable | None:
    """Return those of `devices` that are set up by a profile, as one; None: there are none."""
    members = [device for device in devices if isinstance(device, Tunable)]
    if len(members) > 1:
        return Tunables(members)
    return members[0] if members else None


class Tunables:
    """Implements `teleop.interfaces.Tunable` over others."""

    def __init__(self, members: Sequence[Tunable]) -> None:
        self._members = tuple(members)
        self._now_ns = 0  # of the last look

    def seen(self, now_ns: int) -> tuple[DeviceSeen, ...]:
        self._now_ns = now_ns
        return tuple(seen for member in self._members for seen in member.seen(now_ns))

    def tune(self, profile: DeviceProfile) -> Reply:
        member = self._member(profile.serial)
        return self._unknown(profile.serial) if member is None else member.tune(profile)

    def calibrate(self, serial: str, now_ns: int) -> Reply:
        self._now_ns = now_ns
        member = self._member(serial)
        return self._unknown(serial) if member is None else member.calibrate(serial, now_ns)

    def show(self, modes: tuple[Mode, Mode]) -> None:
        for member in self._members:
            member.show(modes)

    def _member(self, serial: str) -> Tunable | None:
        for member in self._members:
            if any(seen.serial == serial for seen in member.seen(self._now_ns)):
                return member
        return None

    def _unknown(self, serial: str) -> Reply:
        known = ", ".join(seen.serial for seen in self.seen(self._now_ns)) or "none"
        return Reply(False, f"No device has the serial '{serial}'; connected: {known}.")
