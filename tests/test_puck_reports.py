import struct

import pytest

from teleop.devices.puck_reports import AT_REST, PuckState, after_report, layouts
from teleop.devices.rest import Rest, calibrated, corrected
from teleop.messages import Arm

COMPACT = layouts()[0x256F, 0xC635]
PRO = layouts()[0x256F, 0xC632]


def press(state: PuckState, *masks: int, lone: bool = True) -> PuckState:
    for mask in masks:
        state = after_report(state, bytes([3, mask, 0]), COMPACT, lone)
    return state


def test_translation_and_rotation_may_come_in_two_reports():
    state = after_report(PuckState(), struct.pack("<B3h", 1, 350, 350, -175), COMPACT, True)
    state = after_report(state, struct.pack("<B3h", 2, -350, 0, 35), COMPACT, True)
    assert state.axes == pytest.approx((1.0, -1.0, 0.5, -1.0, 0.0, -0.1))


def test_six_axes_in_one_report_are_read_whole():
    report = struct.pack("<B6h", 1, 35, -70, 105, 140, -175, 210)
    state = after_report(PuckState(), report, PRO, True)
    assert state.axes == pytest.approx((0.1, 0.2, -0.3, 0.4, 0.5, -0.6))


def test_more_than_full_deflection_is_full():
    state = after_report(PuckState(), struct.pack("<B3h", 1, 500, -500, 0), COMPACT, True)
    assert state.axes[:2] == (1.0, 1.0)


def test_a_report_that_is_cut_short_changes_nothing():
    assert after_report(PuckState(), bytes([1, 255]), COMPACT, True) == PuckState()


def test_the_left_button_counts_when_it_is_let_go():
    assert press(PuckState(), 1).gripper_presses == (0, 0)
    assert press(PuckState(), 1, 0, 1, 0).gripper_presses == (2, 0)


def test_the_right_button_moves_a_lone_puck_only_while_it_is_centred():
    assert press(PuckState(), 2, 0).arm is Arm.RIGHT
    assert press(PuckState(), 2, 0, 2, 0).arm is Arm.LEFT
    pushed = PuckState(axes=(0.5, 0, 0, 0, 0, 0))
    assert press(pushed, 2, 0).arm is Arm.LEFT
    assert press(PuckState(), 2, 0, lone=False).arm is Arm.LEFT
    assert press(PuckState(), 2, 0, 1, 0).gripper_presses == (0, 1)


@pytest.mark.parametrize("masks", [(3, 0), (1, 3, 0), (2, 3, 1, 0), (1, 3, 1, 3, 2, 0)])
def test_both_buttons_together_are_one_stop_and_nothing_else(masks: tuple[int, ...]):
    state = press(PuckState(), *masks)
    assert (state.stop_presses, state.gripper_presses, state.arm) == (1, (0, 0), Arm.LEFT)


def test_the_esc_button_of_a_large_puck_stops():
    report = bytearray(7)
    report[0] = 3
    report[3] = 1 << 6
    state = after_report(PuckState(), report, PRO, True)
    state = after_report(state, report, PRO, True)
    assert state.stop_presses == 1


def test_every_known_model_has_six_axes_and_nearly_all_have_two_buttons():
    assert len(layouts()) > 10
    assert all(len(layout.axes) == 6 for layout in layouts().values())
    bare = [layout.name for layout in layouts().values() if None in layout.buttons[:2]]
    assert bare == ["SpaceMouseUSB"]


def test_the_rest_of_a_puck_is_learnt_from_its_noise():
    looks = [(0.02, 0.0, -0.01, 0, 0, 0), (0.04, 0.0, -0.01, 0, 0, 0)]
    rest = calibrated(looks)
    assert rest.offset == pytest.approx((0.03, 0, -0.01, 0, 0, 0))
    for look in looks:
        assert corrected(look, rest) == (0, 0, 0, 0, 0, 0)
    moved = corrected((0.33, 0.2, -0.01, 0, 0, 0), rest)
    assert moved == pytest.approx((0.3, 0.2, 0, 0, 0, 0))


def test_a_puck_that_is_pushed_or_silent_is_not_calibrated():
    assert calibrated([]) == Rest()
    assert calibrated([AT_REST, (0.3, 0, 0, 0, 0, 0)]) == Rest()
