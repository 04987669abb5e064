import time
from random import Random

import pytest

from teleop import bench_hand
from teleop.bench_hand import CENTRED, REPORT_NS, Counts, Gesture, deflection, make_push
from teleop.bench_takeover import require_library
from teleop.config import TakeoverConfig
from teleop.errors import SetupError
from teleop.messages import Arm

CONFIG = TakeoverConfig()


class Puck:
    """Writes down what is reported to it."""

    def __init__(self) -> None:
        self.reports: list[tuple[int, Counts]] = []

    def report(self, axes: Counts) -> None:
        self.reports.append((time.monotonic_ns(), axes))


def test_a_machine_without_virtual_pucks_is_told_what_to_install():
    with pytest.raises(SetupError, match="apt-get install umockdev"):
        require_library("libnothing-of-this-name.so.0")


def test_every_gesture_can_take_over_and_lets_go_at_the_end():
    random = Random(3)
    arms: set[Arm] = set()
    for _ in range(300):
        gesture = bench_hand.draw_gesture(random)
        arms.add(gesture.arm)
        sizes = [deflection(counts) for counts in gesture.reports]
        assert sum(size > CONFIG.enter for size in sizes) >= CONFIG.enter_samples
        assert gesture.reports[-1] == CENTRED
        assert max(sizes) < 0.82
    assert arms == set(Arm)


def test_reports_are_stamped_as_they_are_written_8_ms_apart():
    strong, weak = (175, 0, 0, 0, 0, 0), (0, 0, 0, 35, 0, 0)
    puck = Puck()
    gesture = Gesture(Arm.RIGHT, (weak, strong, strong, weak, CENTRED))
    push = make_push(puck, gesture, CONFIG)
    written = [stamp for stamp, _ in puck.reports]
    assert [counts for _, counts in puck.reports] == list(gesture.reports)
    assert push.arm is Arm.RIGHT
    stamps = [push.begun_ns, *push.beyond_ns, push.centred_ns]
    assert stamps == sorted(stamps)
    assert written[0] < push.beyond_ns[0] <= written[1] < push.beyond_ns[1] <= written[2]
    assert written[3] < push.centred_ns <= written[4]
    assert written[4] - push.begun_ns >= 4 * REPORT_NS
