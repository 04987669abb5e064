"""Several pucks' samples as one reading; without hidapi."""

import numpy as np
import pytest

from teleop.device_messages import AT_REST, FrameKind, MotionFrame, Six
from teleop.devices.puck_merge import merged
from teleop.devices.puck_reader import Sample
from teleop.devices.puck_reports import PuckState
from teleop.messages import Arm

X: Six = (0.5, 0, 0, 0, 0, 0)
Y: Six = (0, 0.7, 0, 0, 0, 0)
TOOL = MotionFrame(FrameKind.TOOL)


def sample(arm: Arm, deflection: Six, stamp_ns: int = 5, frame: MotionFrame = TOOL) -> Sample:
    return Sample(stamp_ns, PuckState(arm=arm), deflection, deflection == AT_REST, frame, 0.3, 0.1)


def test_each_arm_has_its_pucks_deflection_frame_and_thresholds():
    reading = merged("spacemouse", [sample(Arm.RIGHT, X)], [], [])
    assert reading.deflection.tolist() == [[0.0] * 6, list(X)]
    assert reading.frame == (MotionFrame(), TOOL)
    assert (reading.enter, reading.leave) == ((0.0, 0.3), (0.0, 0.1))


def test_a_reading_is_as_old_as_the_oldest_puck_and_tells_the_age_of_each():
    reading = merged("spacemouse", [sample(Arm.LEFT, X, 7), sample(Arm.RIGHT, Y, 3)], [], [])
    assert (reading.stamp_ns, reading.sample_ns) == (3, (7, 3))


def test_the_arm_of_a_puck_that_is_missing_is_unknown_until_another_one_is_moved_there():
    missing = [sample(Arm.RIGHT, Y, 3)]
    reading = merged("spacemouse", [sample(Arm.LEFT, X, 7)], missing, [])
    assert reading.stamp_ns == 7
    assert reading.deflection[Arm.LEFT].tolist() == list(X)
    assert np.isnan(reading.deflection[Arm.RIGHT]).all()
    moved = merged("spacemouse", [sample(Arm.RIGHT, X, 7)], missing, [])
    assert moved.deflection.tolist() == [[0.0] * 6, list(X)]


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_pucks_at_one_arm_the_one_that_is_pushed_counts(order: int):
    both = [sample(Arm.LEFT, AT_REST), sample(Arm.LEFT, Y)][::order]
    assert merged("spacemouse", both, [], []).deflection.tolist() == [list(Y), [0.0] * 6]


def test_presses_are_those_of_all_pucks_even_of_one_that_is_gone():
    states = [
        PuckState(gripper_presses=(1, 2), take_presses=(1, 0), stop_presses=1),
        PuckState(gripper_presses=(3, 0), rewind_presses=(0, 4), stop_presses=2),
    ]
    reading = merged("spacemouse", [sample(Arm.LEFT, X)], [], states)
    assert reading.gripper_presses == (4, 2)
    assert (reading.take_presses, reading.rewind_presses) == ((1, 0), (0, 4))
    assert reading.stop_presses == 3
