from dataclasses import dataclass

import pytest

from teleop.devices import hid
from teleop.devices.spacemouse import SpaceMouse
from teleop.errors import DeviceForbidden, DeviceNotFound, SetupError


@dataclass
class Listed:
    """What hidapi lists; nobody opens it here."""

    path: str
    usage: int = 8
    product_id: int = 0xC652
    serial_number: str | None = "S1"
    vendor_id: int = 0x256F
    usage_page: int = 1
    product_string: str | None = None


def listing(monkeypatch: pytest.MonkeyPatch, *listed: Listed) -> None:
    class Enumeration:
        def __init__(self) -> None:
            self.device_list = list(listed)

    monkeypatch.setattr(hid, "Enumeration", Enumeration)


def test_of_a_receivers_interfaces_only_the_puck_is_taken(monkeypatch: pytest.MonkeyPatch):
    keyboard, puck = Listed("/dev/hidraw1", 6), Listed("/dev/hidraw2")
    foreign = Listed("/x", vendor_id=0x1234)
    listing(monkeypatch, keyboard, puck, foreign, puck)
    assert [found.node for found in hid.find_pucks()] == ["/dev/hidraw2"]


def test_without_permission_the_exact_rule_is_given(monkeypatch: pytest.MonkeyPatch):
    listing(monkeypatch, Listed("/dev/hidraw2"))
    monkeypatch.setattr(hid.os, "access", lambda *_: False)
    with pytest.raises(DeviceForbidden) as raised:
        SpaceMouse(required=True)
    assert "/dev/hidraw2" in str(raised.value)
    assert "/etc/udev/rules.d/70-spacemouse.rules" in str(raised.value)
    assert 'ATTRS{idVendor}=="256f"' in str(raised.value)


def test_no_puck_and_no_library_are_told_apart(monkeypatch: pytest.MonkeyPatch):
    listing(monkeypatch)
    with pytest.raises(DeviceNotFound, match="plug one in"):
        SpaceMouse(required=True)

    def missing() -> None:
        raise AttributeError("function/symbol 'hid_enumerate' not found in library '<None>'")

    monkeypatch.setattr(hid, "Enumeration", missing)
    with pytest.raises(SetupError, match="apt-get install libhidapi-hidraw0"):
        SpaceMouse(required=True)
