from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceReading
from teleop.devices.combined import CombinedDevice
from tests.control_parts import MS, FakeDevice

CONFIG = TakeoverConfig()


class Desk:
    """A puck and a keyboard."""

    def __init__(self) -> None:
        self.puck, self.keys = FakeDevice(), FakeDevice()
        self.device = CombinedDevice([self.puck, self.keys], CONFIG)
        self.now_ns = 0

    def read(self) -> DeviceReading:
        self.now_ns += 10 * MS
        reading = self.device.read(self.now_ns)
        assert reading is not None
        return reading

    def left(self) -> float:
        return float(self.read().deflection[0, 0])

    def age_ns(self) -> int:
        stamp_ns = self.read().stamp_ns
        return self.now_ns - stamp_ns


def test_the_one_that_is_pushed_counts():
    desk = Desk()
    assert desk.left() == 0.0
    desk.keys.left = 0.4
    assert desk.left() == 0.4
    desk.keys.left, desk.puck.left = 0.0, 0.7
    assert desk.left() == 0.7


def test_of_two_that_are_pushed_the_one_named_first_counts():
    desk = Desk()
    desk.keys.left = 0.4
    assert desk.left() == 0.4
    desk.puck.left = 0.7
    assert desk.left() == 0.7
    desk.puck.left = 0.0
    assert desk.left() == 0.4


def test_a_puck_unplugged_while_pushed_is_not_let_go_by_a_keyboard_at_rest():
    desk = Desk()
    desk.puck.left = 0.7
    desk.read()
    desk.puck.silent = True
    for _ in range(50):
        assert desk.left() == 0.7
    assert desk.age_ns() > CONFIG.stale_s * 1e9


def test_another_device_may_be_pushed_to_take_over_from_one_that_is_gone():
    desk = Desk()
    desk.puck.left = 0.7
    desk.read()
    desk.puck.silent = True
    for _ in range(30):
        desk.read()
    desk.keys.left = -0.4
    assert desk.left() == -0.4
    desk.keys.left = 0.0
    assert desk.left() == 0.0


def test_a_device_that_never_spoke_does_not_disturb():
    desk = Desk()
    desk.puck.silent = True
    assert desk.left() == 0.0
    assert desk.age_ns() == 0


def test_presses_of_all_devices_are_counted():
    desk = Desk()
    desk.puck.presses, desk.keys.presses = (1, 0), (2, 3)
    desk.puck.stops, desk.keys.stops = 1, 1
    reading = desk.read()
    assert (reading.gripper_presses, reading.stop_presses) == ((3, 3), 2)


def test_a_clutch_counts_as_a_push():
    desk = Desk()
    desk.keys.clutch = (True, False)
    assert desk.read().clutch == (True, False)


def test_without_any_reading_there_is_none():
    puck = FakeDevice()
    puck.silent = True
    assert CombinedDevice([puck], CONFIG).read(5) is None
