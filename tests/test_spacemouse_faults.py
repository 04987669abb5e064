"""What is known to go wrong with SpaceMice, each as a test, through the real hidapi."""

import os
import signal
import struct
import time
from collections.abc import Iterator

import pytest

from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceLevel
from teleop.messages import Mode
from teleop.rig.pucks import COMPACT, PRO_WIRELESS, UNIVERSAL, UNIVERSAL_KEYS, Model, VirtualUsb
from tests.rig.client import ClientProcess, age_s
from tests.rig.present import needs_virtual_pucks

STALE_S = TakeoverConfig().stale_s

pytestmark = needs_virtual_pucks


@pytest.fixture
def usb() -> Iterator[VirtualUsb]:
    with VirtualUsb() as usb:
        yield usb


def test_lag_however_seldom_it_is_read_a_release_is_seen_at_once(usb: VirtualUsb):
    puck = usb.plug()
    with ClientProcess(usb) as client:
        puck.push(x=350)
        client.until(lambda seen: seen.deflection[0][0] == 1.0)
        time.sleep(0.6)  # many more reports than the kernel keeps
        puck.push()
        time.sleep(0.1)
        assert client.wait_for_look().deflection[0] == [0.0] * 6
        assert puck.node.dropped == 0


def test_runaway_when_the_queue_overflows_and_the_release_is_lost_the_arm_holds(usb: VirtualUsb):
    puck = usb.plug()
    with ClientProcess(usb) as client:
        client.wait_for_look()
        os.kill(client.process.pid, signal.SIGSTOP)
        try:
            puck.push(x=350)
            time.sleep(0.6)
            puck.push()  # the kernel drops the newest
        finally:
            os.kill(client.process.pid, signal.SIGCONT)
        assert puck.node.dropped > 0
        client.until(lambda seen: seen.deflection[0][0] == 1.0 and age_s(seen) > STALE_S)
        assert "fell silent" in client.health
        puck.push(x=35)
        puck.push()
        client.until(lambda seen: age_s(seen) < 0.05 and seen.deflection[0] == [0.0] * 6)


def test_unplugged_while_deflected_the_reading_grows_old_and_is_no_release(usb: VirtualUsb):
    puck = usb.plug(serial="A1")
    with ClientProcess(usb) as client:
        puck.push(x=350)
        client.until(lambda seen: seen.deflection[0][0] == 1.0)
        puck.unplug()
        seen = client.until(lambda seen: age_s(seen) > STALE_S)
        assert seen.deflection[0][0] == 1.0
        told = client.seen()["A1"]
        assert told.level is DeviceLevel.ERROR
        assert "unplugged" in told.text


def test_plugged_in_again_it_resumes_by_itself_under_another_number(usb: VirtualUsb):
    puck = usb.plug(serial="A1")
    with ClientProcess(usb) as client:
        puck.push(x=350)
        client.until(lambda seen: seen.deflection[0][0] == 1.0)
        puck.buttons(3)
        stops = client.until(lambda seen: seen.stops == 1).stops
        puck.unplug()
        client.until(lambda seen: age_s(seen) > STALE_S)
        again = usb.plug(serial="A1", port=2)
        seen = client.until(lambda seen: age_s(seen) < 0.05)
        assert (seen.deflection[0], seen.stops) == ([0.0] * 6, stops)  # counters never go down
        again.push(z=-350)
        client.until(lambda seen: seen.deflection[0][2] == 1.0)
        assert list(client.seen()) == ["A1"]


def test_out_of_reach_while_deflected_is_no_release(usb: VirtualUsb):
    puck = usb.plug(PRO_WIRELESS)
    with ClientProcess(usb) as client:
        puck.push(x=350)
        client.until(lambda seen: seen.deflection[0][0] == 1.0)
        puck.fall_silent()
        for _ in range(20):
            puck.send(b"\x17\x50")  # its battery
            time.sleep(0.01)
        seen = client.until(lambda seen: age_s(seen) > STALE_S)
        assert seen.deflection[0][0] == 1.0


def test_double_free_many_threads_may_look_for_pucks_at_once(usb: VirtualUsb):
    with ClientProcess(usb, required=False) as client:
        assert client.ask("scan 4") == "ok"  # hidapi alone aborts here within seconds
        puck = usb.plug()
        puck.push(x=350)
        client.until(lambda seen: seen.deflection[0][0] == 1.0)


def test_one_mouse_that_is_listed_twice_moves_one_arm(usb: VirtualUsb):
    puck = usb.plug(Model(0x256F, 0xC635, "SpaceMouse Compact", False, 2, collections=2), "A")
    with ClientProcess(usb) as client:
        puck.push(x=350)
        seen = client.until(lambda seen: seen.deflection[0][0] == 1.0)
        assert seen.deflection[1] == [0.0] * 6
        assert list(client.seen()) == ["A"]


def test_of_a_receivers_interfaces_only_the_puck_is_read_and_a_silent_one_is_said(usb: VirtualUsb):
    usb.plug(UNIVERSAL_KEYS, port=1)
    puck = usb.plug(UNIVERSAL, serial="R", port=2)
    with ClientProcess(usb) as client:
        client.wait_for_look()
        [told] = client.seen().values()
        assert "switch the mouse on" in told.text
        puck.push(x=350)
        client.until(lambda seen: seen.deflection[0][0] == 1.0)
        assert "switch the mouse on" not in client.health


@pytest.mark.parametrize("joined", [True, False])
def test_reads_all_zeros_over_usb_when_the_cable_changes_the_layout(usb: VirtualUsb, joined: bool):
    listed_as = COMPACT if joined else PRO_WIRELESS  # and it sends the other one's reports
    model = Model(listed_as.vendor, listed_as.product, listed_as.name, joined, 2)
    puck = usb.plug(model)
    with ClientProcess(usb) as client:
        puck.push(x=70, rz=-350)
        seen = client.until(lambda seen: 0.0 not in (seen.deflection[0][0], seen.deflection[0][5]))
        assert seen.deflection[0] == pytest.approx([0.2, 0, 0, 0, 0, 1.0])


def test_short_odd_and_unknown_reports_change_nothing_and_are_said(usb: VirtualUsb):
    puck = usb.plug(serial="A")
    with ClientProcess(usb) as client:
        puck.push(x=175)
        client.until(lambda seen: seen.deflection[0][0] == 0.5)
        for report in (b"\x01\x00", b"\x02", b"\x17\x50", bytes(40), b"\x01" + b"\xff" * 4):
            puck.send(report)
        told = client.until_seen("A", lambda told: "cannot be read" in told.text)
        assert told.level is DeviceLevel.WARNING
        assert client.wait_for_look().deflection[0] == [0.5, 0, 0, 0, 0, 0]


def test_no_permission_says_the_udev_rule_and_once_granted_it_is_used(usb: VirtualUsb):
    puck = usb.plug(serial="A", mode=0o000)
    with ClientProcess(usb, required=False, ordinary=True) as client:
        told = client.seen()["A"]
        assert told.level is DeviceLevel.ERROR
        assert "/etc/udev/rules.d/70-spacemouse.rules" in told.text
        assert 'ATTRS{idVendor}=="256f"' in told.text
        assert client.look() is None
        puck.node.allow(0o666)
        puck.push(x=350)
        client.until(lambda seen: seen.deflection[0][0] == 1.0)
        assert "udev" not in client.health


def test_no_permission_is_an_error_when_a_puck_was_asked_for(usb: VirtualUsb):
    usb.plug(mode=0o000)
    with pytest.raises(RuntimeError, match=r"DeviceForbidden: .* may not be opened"):
        ClientProcess(usb, ordinary=True)


def test_use_after_free_it_may_be_closed_while_it_is_read(usb: VirtualUsb):
    puck = usb.plug()
    with ClientProcess(usb) as client:
        puck.push(x=350)
        client.until(lambda seen: seen.deflection[0][0] == 1.0)
        client.close_device()
        assert client.threads() == 0
        assert client.process.poll() is None


def test_a_mangled_serial_is_shown_as_it_is_printed_on_the_puck(usb: VirtualUsb):
    usb.plug(serial="LEFT01")
    with ClientProcess(usb) as client:
        assert list(client.seen()) == ["LEFT01"]


def test_led_bytes_are_written_as_the_model_wants_them(usb: VirtualUsb):
    puck = usb.plug(serial="A")
    with ClientProcess(usb) as client:
        client.show(Mode.POLICY, Mode.POLICY)
        deadline = time.monotonic() + 3.0
        for modes, wire in (
            ((Mode.POLICY, Mode.POLICY), [b"\4\0"]),
            ((Mode.OPERATOR, Mode.POLICY), [b"\4\0", b"\4\1"]),
            ((Mode.HOLD, Mode.OPERATOR), [b"\4\0", b"\4\1", b"\4\0"]),
        ):
            client.show(*modes)
            while puck.node.written != wire and time.monotonic() < deadline:
                time.sleep(0.01)
            assert puck.node.written == wire


def test_led_errors_are_said_and_stop_nothing(usb: VirtualUsb):
    puck = usb.plug(serial="A")
    puck.node.takes_output = False
    with ClientProcess(usb) as client:
        client.show(Mode.OPERATOR, Mode.POLICY)
        puck.push(x=350)
        client.until(lambda seen: seen.deflection[0][0] == 1.0)
        client.show(Mode.POLICY, Mode.POLICY)
        client.until_seen("A", lambda told: "light" in told.text)
        assert age_s(client.wait_for_look()) < STALE_S


def test_deflected_when_it_is_plugged_in_it_is_pushed_and_not_at_rest(usb: VirtualUsb):
    puck = usb.plug()
    puck.push(x=350)
    with ClientProcess(usb) as client:
        assert client.wait_for_look().deflection[0][0] == 1.0
        time.sleep(1.0)  # the first look at its rest is over
        assert client.wait_for_look().deflection[0][0] == 1.0


def test_counts_beyond_full_deflection_are_full(usb: VirtualUsb):
    puck = usb.plug()
    with ClientProcess(usb) as client:
        client.wait_for_look()
        puck.send(struct.pack("<B3h", 1, 500, 0, 0))
        client.until(lambda seen: seen.deflection[0][0] == 1.0)
