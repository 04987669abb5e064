import struct

import pytest

from teleop.devices.puck_models import layouts
from teleop.devices.puck_reports import LONG_NS, PuckState, after_report, after_time, is_readable
from teleop.messages import Arm

COMPACT = layouts()[0x256F, 0xC635]
PRO = layouts()[0x256F, 0xC632]


def after(state: PuckState, report: bytes, movable: bool = True, now_ns: int = 0) -> PuckState:
    return after_report(state, report, COMPACT, movable, now_ns)


def press(state: PuckState, *masks: int, movable: bool = True) -> PuckState:
    for mask in masks:
        state = after(state, bytes([3, mask, 0]), movable)
    return state


def test_translation_and_rotation_may_come_in_two_reports():
    state = after(PuckState(), struct.pack("<B3h", 1, 350, 350, -175))
    state = after(state, struct.pack("<B3h", 2, -350, 0, 35))
    assert state.axes == pytest.approx((1.0, -1.0, 0.5, -1.0, 0.0, -0.1))


@pytest.mark.parametrize("layout", [PRO, COMPACT], ids=lambda layout: layout.name)
def test_a_joined_report_is_read_whole_whatever_the_table_says(layout):  # pyright: ignore
    report = struct.pack("<B6h", 1, 35, -70, 105, 140, -175, 210)
    state = after_report(PuckState(), report, layout, True, 0)
    assert state.axes == pytest.approx((0.1, 0.2, -0.3, 0.4, 0.5, -0.6))


def test_more_than_full_deflection_is_full():
    assert after(PuckState(), struct.pack("<B3h", 1, 500, -500, 0)).axes[:2] == (1.0, 1.0)


@pytest.mark.parametrize("report", [b"\1\xff", b"\2", b"\3", b"\1\xff\xff\xff\xff\xff"])
def test_a_report_that_is_cut_short_changes_nothing_and_is_known_as_such(report: bytes):
    pushed = after(PuckState(), struct.pack("<B3h", 1, 100, 0, 0))
    assert after(pushed, report) == pushed
    assert not is_readable(report)


@pytest.mark.parametrize("report", [b"\x17\x50", b"\x09" + bytes(12), b"\0"])
def test_a_report_of_something_else_changes_nothing(report: bytes):
    pushed = after(PuckState(), struct.pack("<B3h", 1, 100, 0, 0))
    assert after(pushed, report) == pushed
    assert is_readable(report)


def test_the_left_button_counts_when_it_is_let_go():
    assert press(PuckState(), 1).gripper_presses == (0, 0)
    assert press(PuckState(), 1, 0, 1, 0).gripper_presses == (2, 0)


def test_a_button_that_is_held_means_something_else_and_is_no_short_press():
    left = press(PuckState(), 1)
    assert after_time(left, LONG_NS - 1) == left
    held = after_time(after_time(left, LONG_NS), 2 * LONG_NS)
    assert held.take_presses == (1, 0)
    assert press(held, 0).gripper_presses == (0, 0)
    assert press(held, 0, 1, 0).gripper_presses == (1, 0)
    rewinds = press(after_time(press(PuckState(arm=Arm.RIGHT), 2), LONG_NS), 0)
    assert (rewinds.rewind_presses, rewinds.arm) == ((0, 1), Arm.RIGHT)


def test_both_held_together_are_a_stop_and_neither_takeover_nor_rewind():
    state = after_time(press(PuckState(), 3), LONG_NS)
    assert (state.stop_presses, state.take_presses, state.rewind_presses) == (1, (0, 0), (0, 0))


def test_the_right_button_moves_a_puck_only_when_it_may():
    assert press(PuckState(), 2, 0).arm is Arm.RIGHT
    assert press(PuckState(), 2, 0, 2, 0).arm is Arm.LEFT
    assert press(PuckState(), 2, 0, movable=False).arm is Arm.LEFT
    assert press(PuckState(), 2, 0, 1, 0).gripper_presses == (0, 1)


@pytest.mark.parametrize("masks", [(3, 0), (1, 3, 0), (2, 3, 1, 0), (1, 3, 1, 3, 2, 0)])
def test_both_buttons_together_are_one_stop_and_nothing_else(masks: tuple[int, ...]):
    state = press(PuckState(), *masks)
    assert (state.stop_presses, state.gripper_presses, state.arm) == (1, (0, 0), Arm.LEFT)


@pytest.mark.parametrize(
    ("byte", "bit", "counted"),
    [
        (3, 6, "stop_presses"),  # ESC
        (2, 6, "take_presses"),  # 3
        (2, 7, "rewind_presses"),  # 4
    ],
)
def test_a_large_puck_has_buttons_of_their_own(byte: int, bit: int, counted: str):
    report = bytearray(7)
    report[0] = 3
    report[byte] = 1 << bit
    state = after_report(PuckState(), bytes(report), PRO, True, 0)
    state = after_report(state, bytes(report), PRO, True, 0)  # it is repeated while it is down
    assert getattr(state, counted) in (1, (1, 0))
