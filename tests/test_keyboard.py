import pytest

from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceReading, KeysHeld
from teleop.devices.keyboard import (
    ARM_KEY,
    FAST,
    FAST_KEY,
    GRIPPER_KEY,
    KEYS,
    SLOW,
    STOP_KEY,
    KeyboardDevice,
    deflection_of,
)
from teleop.messages import Arm

# What the window uses for its own orders.
TAKEN = {"Space", "T", "G", "Return", "Enter", "Backspace", "Delete", "R", "F1", "1", "2", "3", "4"}


def sent(device: KeyboardDevice, *messages: KeysHeld) -> DeviceReading:
    for message in messages:
        device.hold(message)
    reading = device.read(0)
    assert reading is not None
    return reading


def test_no_key_has_two_meanings():
    own = [*KEYS, FAST_KEY, ARM_KEY, GRIPPER_KEY, STOP_KEY]
    assert len(own) == len(set(own))
    assert not set(own) & TAKEN


def test_every_axis_has_a_key_in_either_direction():
    assert sorted(KEYS.values()) == sorted(
        (axis, sign) for axis in range(6) for sign in (-1.0, 1.0)
    )


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ((), (0, 0, 0, 0, 0, 0)),
        (("D",), (SLOW, 0, 0, 0, 0, 0)),
        (("W", "E"), (0, SLOW, SLOW, 0, 0, 0)),
        (("W", "S"), (0, 0, 0, 0, 0, 0)),
        (("U", "Shift"), (0, 0, 0, 0, 0, FAST)),
        (("Shift", "Space", "F9"), (0, 0, 0, 0, 0, 0)),
    ],
)
def test_held_keys_are_a_deflection(keys: tuple[str, ...], expected: tuple[float, ...]):
    assert deflection_of(keys) == expected


def test_one_key_is_enough_to_take_over():
    assert TakeoverConfig().enter < SLOW


def test_before_the_window_speaks_there_is_no_reading():
    assert KeyboardDevice().read(5) is None


def test_the_keys_move_the_arm_that_the_window_names():
    reading = sent(KeyboardDevice(), KeysHeld(7, Arm.RIGHT, ("A",)))
    assert reading.stamp_ns == 7
    assert reading.deflection[Arm.RIGHT, 0] == -SLOW
    assert not reading.deflection[Arm.LEFT].any()


def test_a_window_that_falls_silent_lets_the_reading_grow_old():
    device = KeyboardDevice()
    sent(device, KeysHeld(7, Arm.LEFT, ("A",)))
    later = device.read(10_000_000_000)
    assert later is not None
    assert later.stamp_ns == 7
    assert later.deflection.any()


def test_a_message_that_was_overtaken_is_left_out():
    reading = sent(KeyboardDevice(), KeysHeld(9, Arm.LEFT, ()), KeysHeld(8, Arm.LEFT, ("A",)))
    assert not reading.deflection.any()


def test_presses_count_up_also_when_the_window_was_reopened():
    device = KeyboardDevice()
    assert sent(device, KeysHeld(1, Arm.LEFT, (), (5, 0), 2)).gripper_presses == (0, 0)
    assert sent(device, KeysHeld(2, Arm.LEFT, (), (6, 0), 2)).gripper_presses == (1, 0)
    assert sent(device, KeysHeld(3, Arm.LEFT, (), (0, 0), 0)).gripper_presses == (1, 0)
    reading = sent(device, KeysHeld(4, Arm.LEFT, (), (0, 2), 1))
    assert (reading.gripper_presses, reading.stop_presses) == ((1, 2), 1)


def test_every_kind_of_press_counts_up():
    device = KeyboardDevice()
    sent(device, KeysHeld(1, Arm.LEFT, (), take_presses=(4, 0), rewind_presses=(0, 7)))
    reading = sent(device, KeysHeld(2, Arm.LEFT, (), take_presses=(5, 0), rewind_presses=(0, 8)))
    assert (reading.take_presses, reading.rewind_presses) == ((1, 0), (0, 1))
    reading = sent(device, KeysHeld(3, Arm.LEFT, (), take_presses=(0, 2)))
    assert (reading.take_presses, reading.rewind_presses) == ((1, 2), (0, 1))


def test_a_pedal_is_a_clutch_for_as_long_as_the_window_says_that_it_is_held():
    device = KeyboardDevice()
    assert sent(device, KeysHeld(1, Arm.LEFT, (), clutch=(False, True))).clutch == (False, True)
    assert sent(device, KeysHeld(2, Arm.LEFT, ())).clutch == (False, False)


def test_lerobot_2345_a_key_that_is_held_is_not_forgotten_by_reading_or_repeating_it():
    device = KeyboardDevice()
    for repeat in range(200):
        reading = sent(device, KeysHeld(repeat, Arm.LEFT, ("W",), clutch=(True, False)))
        assert device.read(repeat) is reading
        assert (reading.deflection[Arm.LEFT, 1], reading.clutch) == (SLOW, (True, False))
