"""The SpaceMouse through the real pyspacemouse table, easyhid and libhidapi, on virtual pucks."""

import time
from collections.abc import Callable, Iterator

import pytest

from teleop.rig.pucks import COMPACT, PRO_WIRELESS, VirtualPuck, VirtualUsb
from tests.rig.client import ClientProcess, Look
from tests.rig.present import needs_virtual_pucks

STALE_S = 0.15


pytestmark = needs_virtual_pucks


@pytest.fixture
def usb() -> Iterator[VirtualUsb]:
    with VirtualUsb() as usb:
        yield usb


def until(client: ClientProcess, holds: Callable[[Look], bool], within_s: float = 5.0) -> Look:
    """Look until it holds."""
    deadline = time.monotonic() + within_s
    while True:
        seen = client.wait_for_look()
        if holds(seen):
            return seen
        assert time.monotonic() < deadline, seen
        time.sleep(0.005)


def age_s(seen: Look) -> float:
    return (seen.now_ns - seen.stamp_ns) * 1e-9


def click(puck: VirtualPuck, mask: int) -> None:
    puck.buttons(mask)
    puck.buttons(0)


def test_no_puck_is_one_sentence_that_says_what_to_do(usb: VirtualUsb):
    with pytest.raises(RuntimeError, match=r"DeviceNotFound: No SpaceMouse .* keyboard"):
        ClientProcess(usb)


@pytest.mark.parametrize("model", [COMPACT, PRO_WIRELESS], ids=lambda model: model.name)
def test_pushing_the_cap_is_motion_along_the_operators_axes(usb: VirtualUsb, model):  # pyright: ignore
    puck = usb.plug(model)  # pyright: ignore[reportUnknownArgumentType]
    with ClientProcess(usb) as client:
        # In the puck's own frame y points at the user and z down.
        puck.push(x=350, y=-175, z=-35, rx=70, ry=-140, rz=-350)
        seen = until(client, lambda seen: seen.deflection[0][5] != 0.0)
        assert seen.deflection[0] == pytest.approx([1.0, 0.5, 0.1, 0.2, 0.4, 1.0])
        assert seen.deflection[1] == [0.0] * 6


def test_at_rest_the_readings_stay_fresh_though_the_puck_sends_nothing(usb: VirtualUsb):
    usb.plug()
    with ClientProcess(usb) as client:
        client.wait_for_look()
        for _ in range(10):
            time.sleep(0.05)
            assert age_s(client.wait_for_look()) < STALE_S


def test_a_release_is_seen_at_once_however_seldom_it_is_read(usb: VirtualUsb):
    puck = usb.plug()
    with ClientProcess(usb) as client:
        puck.push(x=350)
        until(client, lambda seen: seen.deflection[0][0] == 1.0)
        time.sleep(0.6)  # many more reports than the kernel keeps
        puck.push()
        time.sleep(0.1)
        assert client.wait_for_look().deflection[0] == [0.0] * 6
        assert puck.node.dropped == 0


def test_unplugged_while_pushed_the_reading_grows_old_and_is_no_release(usb: VirtualUsb):
    puck = usb.plug(serial="A1")
    with ClientProcess(usb) as client:
        puck.push(x=350)
        until(client, lambda seen: seen.deflection[0][0] == 1.0)
        puck.unplug()
        seen = until(client, lambda seen: age_s(seen) > STALE_S)
        assert seen.deflection[0][0] == 1.0
        assert "unplugged" in client.health


def test_plugged_in_again_it_resumes_by_itself_under_another_number(usb: VirtualUsb):
    puck = usb.plug(serial="A1")
    with ClientProcess(usb) as client:
        client.wait_for_look()
        puck.unplug()
        until(client, lambda seen: age_s(seen) > STALE_S)
        again = usb.plug(serial="A1", port=2)
        until(client, lambda seen: age_s(seen) < 0.05)
        again.push(z=-350)
        until(client, lambda seen: seen.deflection[0][2] == 1.0)
        assert "/dev/hidraw" in client.health


def test_a_puck_out_of_reach_while_pushed_is_no_release(usb: VirtualUsb):
    puck = usb.plug(PRO_WIRELESS)
    with ClientProcess(usb) as client:
        puck.push(x=350)
        until(client, lambda seen: seen.deflection[0][0] == 1.0)
        puck.fall_silent()
        seen = until(client, lambda seen: age_s(seen) > STALE_S)
        assert seen.deflection[0][0] == 1.0


def test_short_presses_are_never_lost(usb: VirtualUsb):
    puck = usb.plug()
    with ClientProcess(usb) as client:
        client.wait_for_look()
        for _ in range(5):
            click(puck, 1)
        assert until(client, lambda seen: seen.presses[0] == 5).presses == [5, 0]


def test_the_right_button_moves_a_lone_puck_to_the_other_arm_while_it_is_centred(usb: VirtualUsb):
    puck = usb.plug()
    with ClientProcess(usb) as client:
        client.wait_for_look()
        puck.push(x=350)
        until(client, lambda seen: seen.deflection[0][0] == 1.0)
        click(puck, 2)
        puck.push()
        until(client, lambda seen: seen.deflection[0][0] == 0.0)
        puck.push(x=350)
        until(client, lambda seen: seen.deflection[0][0] == 1.0)  # still the left arm
        puck.push()
        click(puck, 2)
        puck.push(x=350)
        seen = until(client, lambda seen: seen.deflection[1][0] == 1.0)
        assert seen.deflection[0] == [0.0] * 6
        click(puck, 1)
        assert until(client, lambda seen: sum(seen.presses) > 0).presses == [0, 1]


def test_both_buttons_together_stop_and_are_no_gripper_press(usb: VirtualUsb):
    puck = usb.plug()
    with ClientProcess(usb) as client:
        client.wait_for_look()
        for mask in (1, 3, 2, 0):
            puck.buttons(mask)
        seen = until(client, lambda seen: seen.stops > 0)
        assert (seen.stops, seen.presses) == (1, [0, 0])


def test_two_pucks_move_one_arm_each_and_one_that_is_gone_makes_both_hold(usb: VirtualUsb):
    left, right = usb.plug(serial="L", port=1), usb.plug(serial="R", port=2)
    with ClientProcess(usb) as client:
        left.push(x=350)
        right.push(y=-350)
        seen = until(client, lambda seen: bool(seen.deflection[0][0] and seen.deflection[1][1]))
        assert seen.deflection == [[1.0, 0, 0, 0, 0, 0], [0, 1.0, 0, 0, 0, 0]]
        right.unplug()
        until(client, lambda seen: age_s(seen) > STALE_S)


def test_closing_leaves_no_thread_and_may_be_repeated(usb: VirtualUsb):
    usb.plug()
    with ClientProcess(usb) as client:
        client.wait_for_look()
        assert client.threads() == 2  # one that reads, one that looks for pucks
        client.close_device()
        client.close_device()
        assert client.threads() == 0
