import numpy as np

from teleop.exercise import CYCLE_NS, PUSH_NS, REPORT_NS, ExerciseDevice
from teleop.messages import Arm

START_NS = 5_000_000_000


def test_reports_carry_the_stamp_of_when_they_came():
    device = ExerciseDevice(START_NS)
    for now_ns in range(START_NS, START_NS + CYCLE_NS, 1_234_567):
        age_ns = now_ns - device.read(now_ns).stamp_ns
        assert 0 <= age_ns < REPORT_NS


def test_it_pushes_each_arm_in_turn_lets_go_and_ends_where_it_began():
    device = ExerciseDevice(START_NS)
    assert not device.read(START_NS - 1).deflection.any()
    pushed: list[int] = []
    total = np.zeros((2, 6))
    for cycle in range(4):
        begin_ns = START_NS + cycle * CYCLE_NS + REPORT_NS
        deflection = device.read(begin_ns).deflection
        pushed += [arm for arm in Arm if deflection[arm].any()]
        total += deflection
        assert not device.read(begin_ns + PUSH_NS).deflection.any()
    assert pushed == [Arm.LEFT, Arm.LEFT, Arm.RIGHT, Arm.RIGHT]
    assert not total.any()
