"""The SpaceMouse through the real pyspacemouse table, easyhid and libhidapi, on virtual pucks."""

import time
from collections.abc import Callable, Iterator

import pytest

from teleop.config import TakeoverConfig
from teleop.rig.pucks import MODELS, PRO_WIRELESS, UNIVERSAL, Model, VirtualPuck, VirtualUsb
from tests.rig.client import ClientProcess, Look, age_s
from tests.rig.present import needs_virtual_pucks

QUICK = (0xC635, 0xC632, 0xC652, 0xC62F, 0xC628)  # split, joined, and three that others lack

pytestmark = needs_virtual_pucks


@pytest.fixture
def usb() -> Iterator[VirtualUsb]:
    with VirtualUsb() as usb:
        yield usb


def until(client: ClientProcess, holds: Callable[[Look], bool]) -> Look:
    return client.until(holds)


def click(puck: VirtualPuck, mask: int) -> None:
    puck.buttons(mask)
    puck.buttons(0)


def test_no_puck_is_one_sentence_that_says_what_to_do(usb: VirtualUsb):
    with pytest.raises(RuntimeError, match=r"DeviceNotFound: No SpaceMouse .* keyboard"):
        ClientProcess(usb)


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(model, marks=() if model.product in QUICK else pytest.mark.slow)
        for model in MODELS
    ],
    ids=lambda model: model.name,
)
def test_pushing_the_cap_is_motion_along_the_operators_axes(usb: VirtualUsb, model: Model):
    puck = usb.plug(model)
    with ClientProcess(usb) as client:
        # In the puck's own frame y points at the user and z down.
        puck.push(x=350, y=-175, z=-35, rx=70, ry=-140, rz=-350)
        # Turning may be seen a report earlier than moving.
        seen = until(client, lambda seen: all(seen.deflection[0]))
        assert seen.deflection[0] == pytest.approx([1.0, 0.5, 0.1, 0.2, 0.4, 1.0])
        assert seen.deflection[1] == [0.0] * 6


def test_a_button_that_is_held_takes_over_or_rewinds(usb: VirtualUsb):
    puck = usb.plug()
    with ClientProcess(usb) as client:
        client.wait_for_look()
        puck.buttons(1)
        until(client, lambda seen: seen.takes == [1, 0])  # while it is still held
        puck.buttons(2)
        seen = until(client, lambda seen: seen.rewinds == [1, 0])
        puck.buttons(0)
        click(puck, 1)
        seen = until(client, lambda seen: seen.presses == [1, 0])
        assert (seen.takes, seen.rewinds, seen.stops) == ([1, 0], [1, 0], 0)


@pytest.mark.parametrize("model", [UNIVERSAL, PRO_WIRELESS], ids=lambda model: model.name)
def test_a_puck_with_more_buttons_has_one_for_everything(usb: VirtualUsb, model: Model):
    puck = usb.plug(model)
    with ClientProcess(usb) as client:
        client.wait_for_look()
        for bit in (12, 14, 15, 22):  # 1, 3, 4, ESC
            click(puck, 1 << bit)
        seen = until(client, lambda seen: seen.stops == 1)
        assert (seen.presses, seen.takes, seen.rewinds) == ([1, 0], [1, 0], [1, 0])


def test_reading_costs_the_tick_nothing_and_an_idle_puck_few_wakes(usb: VirtualUsb):
    usb.plug(serial="A")
    with ClientProcess(usb) as client:
        client.wait_for_look()
        assert sorted(client.wait_for_look().took_s for _ in range(50))[25] < 20e-6
        time.sleep(1.7)  # the scans after it was plugged in are over
        assert float(str(client.ask("wakes 1.0"))) < 60.0  # 40 of the reader, 2 of the other


def test_at_rest_the_readings_stay_fresh_though_the_puck_sends_nothing(usb: VirtualUsb):
    usb.plug()
    with ClientProcess(usb) as client:
        client.wait_for_look()
        for _ in range(10):
            time.sleep(0.05)
            assert age_s(client.wait_for_look()) < TakeoverConfig().stale_s


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


def test_closing_leaves_no_thread_and_may_be_repeated(usb: VirtualUsb):
    usb.plug()
    with ClientProcess(usb) as client:
        client.wait_for_look()
        assert client.threads() == 2  # one that reads, one that looks for pucks
        client.close_device()
        client.close_device()
        assert client.threads() == 0
