import numpy as np
import pytest

from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceReading, FrameKind, MotionFrame
from teleop.devices.combined import CombinedDevice
from tests.control_parts import MS, FakeDevice

CONFIG = TakeoverConfig()
TOOL = MotionFrame(FrameKind.TOOL)


class Named(FakeDevice):
    """A fake with a name, a frame and thresholds of its own."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.frame = MotionFrame()
        self.takes, self.rewinds = (0, 0), (0, 0)
        self.leave = 0.0

    def read(self, now_ns: int) -> DeviceReading | None:
        reading = super().read(now_ns)
        if reading is None or reading.stamp_ns != now_ns:
            return reading
        self._last = DeviceReading(
            now_ns,
            self.name,
            reading.deflection,
            reading.clutch,
            reading.gripper_presses,
            self.takes,
            self.rewinds,
            reading.stop_presses,
            (self.frame, self.frame),
            (2 * self.leave, 2 * self.leave),
            (self.leave, self.leave),
        )
        return self._last


class Desk:
    """A puck and a keyboard with a pedal."""

    def __init__(self) -> None:
        self.puck, self.keys = Named("puck"), Named("keys")
        self.device = CombinedDevice([self.puck, self.keys], CONFIG)
        self.now_ns = 0

    def read(self) -> DeviceReading:
        self.now_ns += 10 * MS
        reading = self.device.read(self.now_ns)
        assert reading is not None
        return reading

    def left(self) -> float:
        return float(self.read().deflection[0, 0])

    def right(self) -> float:
        return float(self.read().deflection[1, 0])

    def wait(self, seconds: float = 2 * CONFIG.stale_s) -> None:
        for _ in range(round(seconds * 100)):
            self.read()


def knows(reading: DeviceReading) -> list[bool]:
    return [bool(np.isfinite(row).all()) for row in reading.deflection]


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


def test_each_arm_is_moved_by_the_device_that_is_pushed_for_it():
    desk = Desk()
    desk.puck.left, desk.keys.right = 0.7, 0.4
    desk.puck.frame = TOOL
    reading = desk.read()
    assert reading.deflection[:, 0].tolist() == [0.7, 0.4]
    assert reading.frame == (TOOL, MotionFrame())
    assert reading.device == "puck+keys"


def test_frame_and_thresholds_are_those_of_the_device_that_is_pushed():
    desk = Desk()
    desk.puck.leave, desk.keys.left = 0.3, 0.4
    desk.keys.frame = TOOL
    reading = desk.read()
    assert (reading.frame[0], reading.enter[0], reading.leave[0]) == (TOOL, 0.0, 0.0)
    assert (reading.frame[1], reading.enter[1], reading.leave[1]) == (MotionFrame(), 0.6, 0.3)


def test_a_noisy_device_within_its_own_dead_band_takes_no_arm_from_another():
    desk = Desk()
    desk.puck.leave, desk.puck.left, desk.keys.left = 0.3, 0.2, 0.4
    assert desk.left() == 0.4


def test_a_puck_unplugged_while_pushed_is_not_let_go_by_a_keyboard_at_rest():
    desk = Desk()
    desk.puck.left = 0.7
    desk.read()
    desk.puck.silent = True
    desk.wait()
    for _ in range(50):
        assert knows(desk.read()) == [False, True]


def test_while_the_left_puck_is_gone_the_right_arm_goes_on():
    desk = Desk()
    desk.puck.left = 0.7
    desk.read()
    desk.puck.silent = True
    desk.wait()
    desk.keys.right = 0.4
    reading = desk.read()
    assert reading.stamp_ns == desk.now_ns
    assert reading.deflection[1, 0] == 0.4
    assert knows(reading) == [False, True]


def test_a_puck_that_was_at_rest_may_go_without_holding_anything():
    desk = Desk()
    desk.read()
    desk.puck.silent = True
    desk.wait()
    assert knows(desk.read()) == [True, True]


def test_a_puck_that_comes_back_centred_has_let_go():
    desk = Desk()
    desk.puck.left = 0.7
    desk.read()
    desk.puck.silent = True
    desk.wait()
    desk.puck.silent, desk.puck.left = False, 0.0
    assert desk.left() == 0.0


def test_another_device_may_be_pushed_to_take_over_from_one_that_is_gone():
    desk = Desk()
    desk.puck.left = 0.7
    desk.read()
    desk.puck.silent = True
    desk.wait()
    desk.keys.left = -0.4
    assert desk.left() == -0.4
    desk.keys.left = 0.0
    assert desk.left() == 0.0


def test_when_all_are_silent_the_reading_grows_old():
    desk = Desk()
    desk.read()
    desk.puck.silent = desk.keys.silent = True
    desk.wait()
    assert desk.now_ns - desk.read().stamp_ns > CONFIG.stale_s * 1e9


def test_a_device_that_never_spoke_does_not_disturb():
    desk = Desk()
    desk.puck.silent = True
    reading = desk.read()
    assert reading.stamp_ns == desk.now_ns
    assert knows(reading) == [True, True]


def test_a_member_that_does_not_know_an_arm_itself_has_not_let_it_go():
    desk = Desk()
    desk.puck.left = 0.7
    desk.read()
    desk.puck.left = float("nan")
    assert knows(desk.read()) == [False, True]


def test_presses_of_all_devices_are_counted():
    desk = Desk()
    desk.puck.presses, desk.keys.presses = (1, 0), (2, 3)
    desk.puck.takes, desk.keys.takes = (0, 1), (1, 1)
    desk.puck.rewinds, desk.keys.rewinds = (4, 0), (0, 5)
    desk.puck.stops, desk.keys.stops = 1, 1
    reading = desk.read()
    assert (reading.gripper_presses, reading.stop_presses) == ((3, 3), 2)
    assert (reading.take_presses, reading.rewind_presses) == ((1, 2), (4, 5))


def test_the_presses_of_a_device_that_went_silent_stay_counted():
    desk = Desk()
    desk.keys.stops, desk.keys.takes = 1, (1, 0)
    desk.read()
    desk.keys.silent = True
    desk.wait()
    reading = desk.read()
    assert (reading.stop_presses, reading.take_presses) == (1, (1, 0))


def test_a_stop_is_told_with_the_name_of_who_pressed_it():
    desk = Desk()
    desk.puck.left = 0.7
    assert desk.read().device == "puck"
    desk.keys.stops = 1
    assert desk.read().device == "keys"
    desk.wait()
    assert desk.read().device == "puck"


def test_the_puck_moves_while_the_pedal_holds_the_clutch():
    desk = Desk()
    desk.keys.clutch, desk.puck.left = (True, False), 0.7
    reading = desk.read()
    assert (reading.clutch, reading.deflection[0, 0]) == ((True, False), 0.7)
    desk.puck.left = 0.0
    assert desk.read().clutch == (True, False)
    desk.keys.clutch = (False, False)
    assert desk.read().clutch == (False, False)


def test_a_clutch_whose_device_fell_silent_is_not_released():
    desk = Desk()
    desk.keys.clutch, desk.puck.left = (True, False), 0.7
    desk.read()
    desk.keys.silent = True
    desk.wait()
    assert knows(desk.read()) == [False, True]
    desk.keys.silent, desk.keys.clutch = False, (False, False)
    assert desk.left() == 0.7


def test_another_clutch_takes_the_place_of_one_that_is_gone():
    desk = Desk()
    desk.keys.clutch = (True, False)
    desk.read()
    desk.keys.silent = True
    desk.wait()
    desk.puck.clutch = (True, False)
    assert desk.read().clutch == (True, False)
    desk.puck.clutch = (False, False)
    reading = desk.read()
    assert (reading.clutch, knows(reading)) == ((False, False), [True, True])


def test_either_of_two_clutches_is_enough():
    desk = Desk()
    desk.keys.clutch = desk.puck.clutch = (False, True)
    desk.read()
    desk.puck.clutch = (False, False)
    assert desk.read().clutch == (False, True)


def test_what_is_read_cannot_be_changed():
    assert not Desk().read().deflection.flags.writeable


def test_without_any_reading_there_is_none():
    puck = FakeDevice()
    puck.silent = True
    assert CombinedDevice([puck], CONFIG).read(5) is None


@pytest.mark.parametrize("axis", range(6))
def test_one_axis_that_is_not_a_number_makes_the_whole_arm_unknown(axis: int):
    desk = Desk()
    desk.puck.left = 0.7
    desk.read()
    row = np.zeros(6)
    row[axis] = np.nan
    desk.puck.left = row
    assert knows(desk.read()) == [False, True]
    desk.puck.silent = True
    desk.wait()
    assert knows(desk.read()) == [False, True]
