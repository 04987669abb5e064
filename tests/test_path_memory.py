import numpy as np
from numpy.testing import assert_allclose

from teleop.config import TakeoverConfig
from teleop.messages import Arm, Mode, RobotState
from teleop.path_memory import NEVER_FREE, NO_PATH, PathMemory
from tests.control_parts import MS, START, make_state

SAFE = (0.0, 0.0)
GOING = (Mode.REWIND, Mode.POLICY)
RESTING = (Mode.HOLD, Mode.POLICY)


class Walk:
    """The left arm goes along x at 20 mm/s; the right one stands."""

    def __init__(self, rewind_s: float = 10.0) -> None:
        self.memory = PathMemory(TakeoverConfig(rewind_s=rewind_s), free_force=12.5)
        self.x = 0.0
        self.now_ns = 0

    def state(self, force: float = 0.0) -> RobotState:
        wrench = np.zeros((2, 6))
        wrench[0, 0] = -force
        position = START + np.array([[self.x, 0, 0], [0, 0, 0]])
        return make_state(self.now_ns, position, wrench=wrench)

    def go(
        self, seconds: float, speed: float = 0.02, force: float = 0.0, risk: float = 0.0
    ) -> None:
        for _ in range(round(seconds * 100)):
            self.now_ns += 10 * MS
            self.x += speed * 0.01
            self.memory.remember(self.state(force), (risk, 0.0))

    def back(self) -> float:
        """Rewind to the end, moving as asked; return where that is."""
        for _ in range(5000):
            self.now_ns += 10 * MS
            twist, arrived = self.memory.back(GOING, self.state(), self.now_ns)
            assert twist is not None
            if arrived[0]:
                break
            self.x += float(twist[0, 0]) * 0.01
            assert_allclose(twist[1], 0.0)
        self.memory.back(RESTING, self.state(), self.now_ns)
        return self.x


def test_it_leads_back_to_before_the_contact_however_long_the_arm_was_stuck():
    walk = Walk()
    walk.go(3.0)
    walk.go(0.5, speed=0.004, force=20.0)
    walk.go(8.0, speed=0.0, force=30.0)
    assert walk.memory.no_path(Arm.LEFT) == ""
    assert 0.03 < walk.back() < 0.061


def test_it_leads_back_to_before_the_policy_was_at_a_loss():
    walk = Walk()
    walk.go(2.0)
    walk.go(3.0, risk=1.2)
    assert 0.035 < walk.back() < 0.042


def test_a_second_rewind_goes_further_back():
    walk = Walk()
    walk.go(5.0)
    first = walk.back()
    assert 0.07 < first < 0.085
    assert walk.memory.no_path(Arm.LEFT) == ""
    assert walk.back() < first - 0.01


def test_no_path_no_rewind():
    walk = Walk()
    assert walk.memory.no_path(Arm.LEFT) == NO_PATH
    walk.go(0.5)
    assert walk.memory.no_path(Arm.LEFT) == NO_PATH
    walk.go(3.0)
    assert walk.memory.no_path(Arm.LEFT) == ""
    assert walk.memory.no_path(Arm.RIGHT) == NO_PATH
    walk.memory.clear()
    assert walk.memory.no_path(Arm.LEFT) == NO_PATH


def test_an_arm_that_always_pressed_on_something_has_nowhere_to_go_back_to():
    walk = Walk()
    walk.go(5.0, force=20.0)
    assert walk.memory.no_path(Arm.LEFT) == NEVER_FREE


def test_the_path_is_forgotten_beyond_its_length():
    walk = Walk(rewind_s=2.0)
    walk.go(1.0)
    walk.go(6.0, force=20.0)
    assert walk.memory.no_path(Arm.LEFT) == NEVER_FREE


def test_a_pose_that_is_not_a_number_is_not_remembered():
    walk = Walk()
    walk.go(3.0)
    walk.x = float("nan")
    walk.go(1.0)
    walk.x = 0.06
    assert np.isfinite(walk.back())
