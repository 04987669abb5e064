"""Finds and opens SpaceMice through hidapi.

hidapi's enumeration and opening are not thread-safe: two threads that scan while no puck is there
abort the process. All of it happens under `HID_LOCK`.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from easyhid.easyhid import Enumeration

from teleop.checks.spacemouse import HIDAPI, RULES, RULES_FILE
from teleop.devices.hid_handle import HID_LOCK, HidHandle
from teleop.devices.puck_models import Layout, layout_of
from teleop.errors import DeviceForbidden, DeviceLost, DeviceNotFound, SetupError

_MULTI_AXIS = (1, 8)  # usage page and usage; a receiver has other interfaces beside this one
_NODES = Path("/sys/class/hidraw")


class Listed(Protocol):
    """The part of easyhid's listing that is used."""

    path: str
    vendor_id: int
    product_id: int
    serial_number: str | None
    product_string: str | None
    usage_page: int
    usage: int


@dataclass(frozen=True)
class Puck:
    """A SpaceMouse that is plugged in."""

    node: str  # such as /dev/hidraw0; another one after it was plugged in again
    ids: tuple[int, int]  # USB vendor and product
    layout: Layout
    identity: str  # its serial number, or the USB port it is in
    has_serial: bool
    interface: str  # of the USB port, such as 1-3.2:1.0

    @property
    def is_allowed(self) -> bool:
        """Whether this user may open it."""
        return os.access(self.node, os.R_OK | os.W_OK)


def find_pucks() -> list[Puck]:
    """List the SpaceMice that are plugged in, by identity.

    Raises:
        SetupError: the library hidapi is missing.
    """
    found: dict[str, Puck] = {}
    with HID_LOCK:
        for one in _enumerate():
            # A node with two collections is listed twice; only one of them is the puck.
            if (one.usage_page, one.usage) != _MULTI_AXIS:
                continue
            ids = one.vendor_id, one.product_id
            layout = layout_of(*ids, one.product_string or "")
            if layout is not None:
                serial = (one.serial_number or "").strip()
                interface = _usb_interface(one.path)
                identity = serial or f"usb-{interface.partition(':')[0]}"
                found[one.path] = Puck(one.path, ids, layout, identity, bool(serial), interface)
    return sorted(found.values(), key=lambda puck: (puck.identity, puck.node))


def require_allowed(pucks: list[Puck]) -> None:
    """Check that one of `pucks` can be used.

    Raises:
        DeviceNotFound: no SpaceMouse is plugged in.
        DeviceForbidden: there is one, but no permission to open any.
    """
    if not pucks:
        raise DeviceNotFound(
            "No SpaceMouse is plugged in; plug one in, or steer with the keyboard in the window."
        )
    if not any(puck.is_allowed for puck in pucks):
        raise DeviceForbidden(forbidden(pucks[0]))


def forbidden(puck: Puck) -> str:
    """Say that this user may not open it, and what to do."""
    return (
        f"The {puck.layout.name} at {puck.node} may not be opened by this user. Write "
        f"these lines to {RULES_FILE}, run `sudo udevadm control --reload` and plug it in "
        f"again:\n{RULES}"
    )


def open_puck(puck: Puck) -> HidHandle:
    """Open it.

    Raises:
        DeviceLost: it could not be opened.
    """
    try:
        return HidHandle(puck.node)
    except ConnectionError as error:
        raise DeviceLost(f"The {puck.layout.name} at {puck.node} could not be opened.") from error


def listed_nodes() -> frozenset[str]:
    """The names of all hidraw nodes; cheap, and without hidapi."""
    try:
        return frozenset(os.listdir(_NODES))  # noqa: PTH208  # ten times as cheap as Path.iterdir
    except FileNotFoundError:
        return frozenset()


def _enumerate() -> list[Listed]:
    """All HID interfaces of this machine; a missing hidapi shows at the first call into it."""
    try:
        return cast(list[Listed], Enumeration().device_list)
    except (AttributeError, OSError) as error:
        raise SetupError(
            f"The library {HIDAPI}, which reads a SpaceMouse, is not installed; run "
            "`sudo apt-get install libhidapi-hidraw0`."
        ) from error


def _usb_interface(node: str) -> str:
    """The USB interface behind a hidraw node; the node's number changes, this stays."""
    device = (_NODES / Path(node).name / "device").resolve()
    return device.parent.name  # of .../usb1/1-3.2/1-3.2:1.0/0003:256F:C635.0007
