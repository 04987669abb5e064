from dataclasses import replace

from teleop.device_messages import AT_REST, DeviceLevel, DeviceProfile, DeviceSeen
from teleop.devices.keyboard import KeyboardDevice
from teleop.devices.tunables import tunables
from teleop.interfaces import Tunable
from teleop.messages import Mode
from teleop.order_messages import Reply
from tests.control_parts import FakeDevice


class FakeTunable(FakeDevice):
    def __init__(self, *serials: str) -> None:
        super().__init__()
        self.profiles = {serial: DeviceProfile(serial) for serial in serials}
        self.calibrated: list[tuple[str, int]] = []
        self.shown: list[tuple[Mode, Mode]] = []
        self.busy = False

    def seen(self, now_ns: int) -> tuple[DeviceSeen, ...]:
        return tuple(
            DeviceSeen(serial, "", DeviceLevel.OK, "", None, AT_REST, AT_REST, 0.0, -1.0, profile)
            for serial, profile in self.profiles.items()
        )

    def tune(self, profile: DeviceProfile) -> Reply:
        if self.busy:
            return Reply(False, "Busy.")
        self.profiles[profile.serial] = profile
        return Reply(True)

    def calibrate(self, serial: str, now_ns: int) -> Reply:
        self.calibrated.append((serial, now_ns))
        return Reply(True)

    def show(self, modes: tuple[Mode, Mode]) -> None:
        self.shown.append(modes)


def desk() -> tuple[FakeTunable, FakeTunable, Tunable]:
    pucks, pad = FakeTunable("L1", "R1"), FakeTunable("PAD")
    both = tunables([pucks, KeyboardDevice(), pad])
    assert both is not None
    return pucks, pad, both


def test_devices_without_a_profile_make_nothing_to_set_up():
    assert tunables([KeyboardDevice()]) is None


def test_one_alone_is_itself():
    pad = FakeTunable("PAD")
    assert tunables([KeyboardDevice(), pad]) is pad


def test_all_are_seen_in_order():
    _, _, both = desk()
    assert [seen.serial for seen in both.seen(5)] == ["L1", "R1", "PAD"]


def test_a_profile_goes_to_the_device_of_its_serial_and_to_no_other():
    pucks, pad, both = desk()
    curved = replace(DeviceProfile("PAD"), curve=2.0)
    assert both.tune(curved).accepted
    assert pad.profiles == {"PAD": curved}
    assert set(pucks.profiles) == {"L1", "R1"}


def test_the_refusal_of_the_device_itself_comes_through():
    pucks, _, both = desk()
    pucks.busy = True
    assert both.tune(DeviceProfile("R1")) == Reply(False, "Busy.")


def test_a_serial_that_nobody_has_is_refused_and_the_known_ones_are_named():
    pucks, pad, both = desk()
    for reply in (both.tune(DeviceProfile("X")), both.calibrate("X", 9)):
        assert not reply.accepted
        assert reply.reason == "No device has the serial 'X'; connected: L1, R1, PAD."
    assert pucks.calibrated == pad.calibrated == []


def test_a_calibration_goes_to_the_device_of_its_serial():
    pucks, pad, both = desk()
    assert both.calibrate("R1", 9).accepted
    assert (pucks.calibrated, pad.calibrated) == ([("R1", 9)], [])


def test_every_device_is_told_who_has_its_arm():
    pucks, pad, both = desk()
    both.show((Mode.OPERATOR, Mode.POLICY))
    assert pucks.shown == pad.shown == [(Mode.OPERATOR, Mode.POLICY)]
