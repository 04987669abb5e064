from itertools import permutations

import pytest

from teleop.devices.binding import Binding, Claim, bound
from teleop.messages import Arm

LEFT, RIGHT = Arm.LEFT, Arm.RIGHT


def claim(identity: str, arm: Arm | None = None, state: str = "live") -> Claim:
    return Claim(identity, arm, state != "gone", state == "live")


def test_a_lone_puck_may_be_moved_unless_its_profile_names_an_arm():
    assert bound([claim("A")]) == {"A": Binding(None, movable=True)}
    assert bound([claim("A", RIGHT)]) == {"A": Binding(RIGHT)}
    assert bound([]) == {}


@pytest.mark.parametrize("order", list(permutations("AB")))
def test_two_pucks_are_left_and_right_by_serial_number_and_not_by_who_came_first(order: str):
    assert bound([claim(one) for one in order]) == {"A": Binding(LEFT), "B": Binding(RIGHT)}


def test_an_arm_that_a_profile_names_is_given_and_the_other_puck_has_what_is_left():
    assert bound([claim("A"), claim("B", LEFT)]) == {"A": Binding(RIGHT), "B": Binding(LEFT)}
    both = bound([claim("A", RIGHT), claim("B", RIGHT)])
    assert both == {"A": Binding(RIGHT), "B": Binding(LEFT)}


def test_one_that_is_unplugged_keeps_its_place_and_the_other_may_stand_in_for_it():
    assert bound([claim("A", state="gone"), claim("B")]) == {
        "A": Binding(LEFT),
        "B": Binding(RIGHT, movable=True),
    }


def test_a_third_puck_moves_nothing_and_displaces_nobody_until_there_is_room():
    three = [claim("A", state="present"), claim("B"), claim("C")]
    assert bound(three) == {"A": Binding(None), "B": Binding(LEFT), "C": Binding(RIGHT)}
    room = [claim("A", state="present"), claim("B", state="gone"), claim("C")]
    assert bound(room)["A"].arm is LEFT
