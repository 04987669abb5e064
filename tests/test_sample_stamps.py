"""Two devices are one reading; each arm counts the samples of its own."""

from dataclasses import replace

import numpy as np

from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceReading
from teleop.devices.combined import CombinedDevice
from teleop.gestures import ArmGesture, read_gesture
from teleop.messages import Arm, Mode, SessionMode, frozen_array
from teleop.ownership import ArmState, Moment, next_owner
from tests.control_parts import MS

CONFIG = TakeoverConfig()
MOMENT = Moment(0, 0, SessionMode.ROLLOUT, blind=False, proposal_valid=True)


def reading(left_ms: int, right_ms: int, left: float = 0.5) -> DeviceReading:
    """The left arm's puck is pushed, the right one's rests; sampled at different times."""
    deflection = np.zeros((2, 6))
    deflection[Arm.LEFT, 0] = left
    older_ms = min(left_ms, right_ms)
    sampled = (left_ms * MS, right_ms * MS)
    return DeviceReading(older_ms * MS, "pucks", frozen_array(deflection), sample_ns=sampled)


def beyond(stamp_ms: int) -> ArmGesture:
    return ArmGesture(fresh=True, new=True, stamp_ns=stamp_ms * MS, beyond=True)


def test_a_new_sample_of_the_pushed_puck_is_new_although_the_other_one_rests():
    first = read_gesture(reading(100, 90), 101 * MS, 90 * MS, CONFIG)
    assert first.arms[Arm.LEFT].new
    second = read_gesture(reading(108, 90), 109 * MS, first.stamp_ns, CONFIG)
    assert [arm.new for arm in second.arms] == [True, True]
    assert [arm.stamp_ns for arm in second.arms] == [108 * MS, 90 * MS]
    assert not read_gesture(reading(108, 90), 110 * MS, second.stamp_ns, CONFIG).arms[0].new


def test_one_sample_counts_once_whatever_the_other_puck_says_meanwhile():
    arm = ArmState(owner=Mode.POLICY, armed=True)
    for _ in range(5):
        arm = next_owner(arm, beyond(100), MOMENT, CONFIG)
    assert (arm.owner, arm.beyond) == (Mode.POLICY, 1)
    assert next_owner(arm, beyond(108), MOMENT, CONFIG).owner is Mode.OPERATOR


def test_samples_that_are_not_in_a_row_take_nothing():
    arm = ArmState(owner=Mode.POLICY, armed=True)
    arm = next_owner(arm, beyond(100), MOMENT, CONFIG)
    arm = next_owner(arm, replace(beyond(108), beyond=False), MOMENT, CONFIG)
    assert next_owner(arm, beyond(116), MOMENT, CONFIG).owner is Mode.POLICY


def test_a_keyboard_beside_a_puck_does_not_make_its_sample_a_new_one():
    class Fixed:
        name = "fixed"

        def __init__(self, reading: DeviceReading) -> None:
            self.reading = reading

        def read(self, now_ns: int) -> DeviceReading:
            return self.reading

        def close(self) -> None:
            return

    keys = replace(reading(0, 0, left=0.0), stamp_ns=105 * MS, sample_ns=(0, 0))
    both = CombinedDevice([Fixed(reading(100, 90)), Fixed(keys)], CONFIG).read(106 * MS)
    assert both is not None
    assert (both.stamp_ns, both.sample_ns) == (105 * MS, (100 * MS, 90 * MS))
