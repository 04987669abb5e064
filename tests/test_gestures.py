from dataclasses import replace

import numpy as np
import pytest

from teleop.config import TakeoverConfig
from teleop.gestures import ArmGesture, read_gesture
from teleop.messages import frozen_array
from tests.control_parts import make_reading

CONFIG = TakeoverConfig()


def test_an_arm_that_nobody_knows_of_is_silent_and_the_other_is_read():
    reading = make_reading(7, float("nan"), 0.5, clutch=(True, False))
    gesture = read_gesture(reading, 7, 0, CONFIG)
    assert gesture.arms[0] == ArmGesture()
    assert gesture.arms[1].fresh
    assert gesture.arms[1].beyond
    assert gesture.twist[0].tolist() == [0.0] * 6
    assert gesture.twist[1, 0] > 0.0


@pytest.mark.parametrize("axis", range(6))
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_no_axis_that_is_no_number_reaches_the_twist(axis: int, value: float):
    rows = np.full((2, 6), 0.5)
    rows[:, axis] = value
    reading = replace(make_reading(7), deflection=frozen_array(rows))
    gesture = read_gesture(reading, 7, 0, CONFIG)
    assert gesture.arms == (ArmGesture(), ArmGesture())
    assert not gesture.twist.any()
