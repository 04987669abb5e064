"""Pucks that come and go, and whose arms they move, through the real hidapi."""

import time
from collections.abc import Iterator
from itertools import pairwise
from math import isnan
from pathlib import Path

import pytest

from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceLevel, DeviceProfile
from teleop.devices.profile_store import write_profile
from teleop.messages import Arm
from teleop.rig.pucks import COMPACT, PRO_WIRELESS, VirtualPuck, VirtualUsb
from tests.rig.client import ClientProcess, Look, age_s
from tests.rig.present import needs_virtual_pucks

STALE_S = TakeoverConfig().stale_s

pytestmark = needs_virtual_pucks


@pytest.fixture
def usb() -> Iterator[VirtualUsb]:
    with VirtualUsb() as usb:
        yield usb


def arms(client: ClientProcess) -> dict[str, Arm | None]:
    return {serial: told.arm for serial, told in client.seen().items()}


def moves(client: ClientProcess, puck: VirtualPuck, arm: Arm) -> Look:
    """Push, see that arm and only that arm move, and let go."""
    puck.push(x=350)
    seen = client.until(lambda seen: any(row[0] == 1.0 for row in seen.deflection))
    assert [row[0] for row in seen.deflection] == [float(arm is one) for one in Arm]
    puck.push()
    return client.until(lambda seen: seen.deflection == [[0.0] * 6] * 2)


def test_plugged_in_after_the_start_the_first_and_the_second_are_picked_up(usb: VirtualUsb):
    with ClientProcess(usb, required=False) as client:
        assert client.look() is None
        assert "No SpaceMouse" in client.health
        second = usb.plug(serial="B", port=2)
        moves(client, second, Arm.LEFT)  # alone
        first = usb.plug(serial="A", port=1)
        client.until_seen("B", lambda told: told.arm is Arm.RIGHT)
        moves(client, first, Arm.LEFT)
        moves(client, second, Arm.RIGHT)


def test_a_second_puck_leaves_the_first_its_arm_until_it_is_let_go(usb: VirtualUsb):
    held = usb.plug(serial="B", port=2)
    with ClientProcess(usb) as client:
        held.push(x=350)
        client.until(lambda seen: seen.deflection[0][0] == 1.0)
        usb.plug(serial="A", port=1)
        client.until_seen("A", lambda told: told.level is not DeviceLevel.ERROR)
        time.sleep(0.8)
        seen = client.wait_for_look()
        assert (seen.deflection[0][0], seen.deflection[1][0]) == (1.0, 0.0)
        held.push()
        client.until_seen("B", lambda told: told.arm is Arm.RIGHT)


def test_cannot_tell_devices_apart_not_when_the_ports_are_swapped_after_a_replug(usb: VirtualUsb):
    left, right = usb.plug(serial="L", port=1), usb.plug(serial="R", port=2)
    with ClientProcess(usb) as client:
        moves(client, left, Arm.LEFT)
        moves(client, right, Arm.RIGHT)
        left.unplug()
        right.unplug()
        right, left = usb.plug(serial="R", port=1), usb.plug(serial="L", port=2)
        for serial in "LR":
            client.until_seen(serial, lambda told: told.level is not DeviceLevel.ERROR)
        moves(client, left, Arm.LEFT)
        moves(client, right, Arm.RIGHT)


def test_a_profile_names_the_arm(usb: VirtualUsb, tmp_path: Path):
    write_profile(tmp_path / "nudge/devices", DeviceProfile("L", arm=Arm.RIGHT))
    left, right = usb.plug(serial="L", port=1), usb.plug(serial="R", port=2)
    with ClientProcess(usb, folder=tmp_path) as client:
        client.wait_for_look()
        moves(client, left, Arm.RIGHT)
        moves(client, right, Arm.LEFT)


def test_an_idle_puck_does_not_slow_the_other_one_down(usb: VirtualUsb):
    left = usb.plug(serial="L", port=1)
    usb.plug(serial="R", port=2)
    with ClientProcess(usb) as client:
        client.until_seen("R", lambda told: told.arm is Arm.RIGHT)
        left.push(x=350)
        client.until(lambda seen: seen.deflection[0][0] == 1.0)
        looks = [client.wait_for_look() for _ in range(400)]
        stamps = sorted({seen.samples[0] for seen in looks if seen.samples[0]})
        gaps = sorted(after - before for before, after in pairwise(stamps))
        assert (
            gaps[len(gaps) // 3] < 15_000_000
        )  # it reports every 8 ms, and the other one every 25


def test_of_two_the_deflected_one_that_is_gone_makes_its_own_arm_hold(usb: VirtualUsb):
    left, right = usb.plug(serial="L", port=1), usb.plug(serial="R", port=2)
    with ClientProcess(usb) as client:
        left.push(x=350)
        right.push(y=-350)
        seen = client.until(lambda seen: bool(seen.deflection[0][0] and seen.deflection[1][1]))
        assert seen.deflection == [[1.0, 0, 0, 0, 0, 0], [0, 1.0, 0, 0, 0, 0]]
        right.unplug()
        seen = client.until(lambda seen: isnan(seen.deflection[1][1]))
        assert seen.deflection[0][0] == 1.0
        assert age_s(seen) < STALE_S
        usb.plug(serial="R", port=3)
        client.until(lambda seen: seen.deflection[1] == [0.0] * 6)


def test_a_broken_puck_can_be_replaced_but_its_arm_waits_until_the_new_one_is_moved_there(
    usb: VirtualUsb,
):
    broken = usb.plug(serial="A", port=1)
    with ClientProcess(usb) as client:
        broken.push(x=350)
        client.until(lambda seen: seen.deflection[0][0] == 1.0)
        broken.unplug()
        client.until_seen("A", lambda told: told.level is DeviceLevel.ERROR)
        other = usb.plug(serial="B", port=1)
        client.until_seen("B", lambda told: told.arm is Arm.RIGHT)
        assert isnan(client.until(lambda seen: age_s(seen) < STALE_S).deflection[0][0])
        other.buttons(2)
        other.buttons(0)
        client.until_seen("B", lambda told: told.arm is Arm.LEFT)
        moves(client, other, Arm.LEFT)


def test_of_two_the_deflected_one_that_falls_silent_makes_its_own_arm_hold(usb: VirtualUsb):
    usb.plug(serial="L", port=1)
    right = usb.plug(PRO_WIRELESS, serial="R", port=2)
    with ClientProcess(usb) as client:
        right.push(y=-350)
        client.until(lambda seen: seen.deflection[1][1] == 1.0)
        right.fall_silent()
        seen = client.until(lambda seen: isnan(seen.deflection[1][1]))
        assert seen.deflection[0] == [0.0] * 6


def test_of_two_a_centred_one_that_is_gone_leaves_the_other_one_working(usb: VirtualUsb):
    left, right = usb.plug(serial="L", port=1), usb.plug(serial="R", port=2)
    with ClientProcess(usb) as client:
        client.until_seen("R", lambda told: told.level is not DeviceLevel.ERROR)
        right.unplug()
        client.until_seen("R", lambda told: told.level is DeviceLevel.ERROR)
        assert age_s(moves(client, left, Arm.LEFT)) < STALE_S
        left.buttons(2)
        left.buttons(0)  # alone, it may go to the other arm
        client.until_seen("L", lambda told: told.arm is Arm.RIGHT)
        usb.plug(serial="R", port=4)
        client.until_seen("L", lambda told: told.arm is Arm.LEFT)


def test_a_puck_without_a_serial_number_is_known_in_another_port(usb: VirtualUsb):
    puck = usb.plug(port=1)
    with ClientProcess(usb) as client:
        client.wait_for_look()
        assert arms(client) == {"usb-1-1": Arm.LEFT}
        puck.buttons(2)
        puck.buttons(0)
        client.until_seen("usb-1-1", lambda told: told.arm is Arm.RIGHT)
        puck.unplug()
        client.until_seen("usb-1-1", lambda told: told.level is DeviceLevel.ERROR)
        again = usb.plug(port=3)
        client.until_seen("usb-1-3", lambda told: told.arm is Arm.RIGHT)
        moves(client, again, Arm.RIGHT)


def test_two_pucks_with_one_serial_number_are_two_hands(usb: VirtualUsb):
    left = usb.plug(serial="0", port=1)
    with ClientProcess(usb) as client:
        moves(client, left, Arm.LEFT)
        right = usb.plug(serial="0", port=2)
        client.until_seen("0@1-2:1.0", lambda told: told.arm is Arm.RIGHT)
        moves(client, left, Arm.LEFT)
        moves(client, right, Arm.RIGHT)


def test_a_third_puck_is_not_used_and_that_is_said(usb: VirtualUsb):
    usb.plug(COMPACT, "B", port=1)
    second = usb.plug(PRO_WIRELESS, "C", port=2)
    with ClientProcess(usb) as client:
        client.wait_for_look()
        third = usb.plug(COMPACT, "A", port=3)
        told = client.until_seen("A", lambda told: told.level is DeviceLevel.ERROR)
        assert "two others" in told.text
        assert arms(client) == {"A": None, "B": Arm.LEFT, "C": Arm.RIGHT}
        second.unplug()
        client.until_seen("A", lambda told: told.arm is Arm.LEFT)
        moves(client, third, Arm.LEFT)
