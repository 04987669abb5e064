"""Finds and opens SpaceMice through hidapi.

hidapi's enumeration and opening are not thread-safe: two threads that scan while no puck is there
abort the process. All of it happens under `HID_LOCK`.
"""

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from easyhid.easyhid import Enumeration, HIDException

from teleop.checks.spacemouse import HIDAPI, RULES, RULES_FILE
from teleop.devices.puck_reports import Layout, layouts
from teleop.errors import DeviceForbidden, DeviceLost, DeviceNotFound, SetupError

HID_LOCK = threading.Lock()
_MULTI_AXIS = (1, 8)  # usage page and usage; a receiver has other interfaces beside this one


class Handle(Protocol):
    """The part of easyhid's device that is used."""

    path: str
    vendor_id: int
    product_id: int
    serial_number: str | None
    usage_page: int
    usage: int

    def open(self) -> None: ...

    def read(self, size: int, timeout: int) -> bytearray:
        """One report, empty after `timeout` ms without; a handle that is gone raises."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Puck:
    """A SpaceMouse that is plugged in."""

    handle: Handle
    layout: Layout
    node: str  # such as /dev/hidraw0; another one after it was plugged in again
    identity: str  # its serial number, or the USB port it is in


def find_pucks() -> list[Puck]:
    """List the SpaceMice that are plugged in, by node.

    Raises:
        SetupError: the library hidapi is missing.
    """
    known = layouts()
    found: dict[str, Puck] = {}
    with HID_LOCK:
        for handle in _enumerate():
            layout = known.get((handle.vendor_id, handle.product_id))
            # A node with two collections is listed twice; only one of them is the puck.
            if layout is None or (handle.usage_page, handle.usage) != _MULTI_AXIS:
                continue
            identity = handle.serial_number or _usb_port(handle.path)
            found[handle.path] = Puck(handle, layout, handle.path, identity)
    return [found[node] for node in sorted(found)]


def require_pucks() -> list[Puck]:
    """Like `find_pucks`, but only those that this user may open.

    Raises:
        SetupError: the library hidapi is missing.
        DeviceNotFound: no SpaceMouse is plugged in.
        DeviceForbidden: there is one, but no permission to open any.
    """
    pucks = find_pucks()
    if not pucks:
        raise DeviceNotFound(
            "No SpaceMouse is plugged in; plug one in, or steer with the keyboard in the window."
        )
    allowed = [puck for puck in pucks if os.access(puck.node, os.R_OK | os.W_OK)]
    if not allowed:
        raise DeviceForbidden(
            f"The {pucks[0].layout.name} at {pucks[0].node} may not be opened by this user. Write "
            f"these lines to {RULES_FILE}, run `sudo udevadm control --reload` and plug it in "
            f"again:\n{RULES}"
        )
    return allowed


def open_puck(puck: Puck) -> None:
    """Open its handle.

    Raises:
        DeviceLost: it could not be opened.
    """
    try:
        with HID_LOCK:
            puck.handle.open()
    except HIDException as error:
        raise DeviceLost(f"The {puck.layout.name} at {puck.node} could not be opened.") from error


def close_puck(puck: Puck) -> None:
    """Close its handle. Idempotent; only in the thread that reads it."""
    with HID_LOCK:
        puck.handle.close()


def read_puck(puck: Puck, timeout_ms: int) -> bytearray:
    """Return one report, empty if none comes in time.

    Raises:
        DeviceLost: it was unplugged.
    """
    try:
        return puck.handle.read(puck.layout.size, timeout_ms)
    except HIDException as error:
        raise DeviceLost(f"The {puck.layout.name} at {puck.node} was unplugged.") from error


def _enumerate() -> list[Handle]:
    """All HID interfaces of this machine; a missing hidapi shows at the first call into it."""
    try:
        return cast(list[Handle], Enumeration().device_list)
    except (AttributeError, OSError) as error:
        raise SetupError(
            f"The library {HIDAPI}, which reads a SpaceMouse, is not installed; run "
            "`sudo apt-get install libhidapi-hidraw0`."
        ) from error


def _usb_port(node: str) -> str:
    """The USB port behind a hidraw node, such as 1-3.2; the node's number changes, this stays."""
    device = Path("/sys/class/hidraw", Path(node).name, "device").resolve()
    # .../usb1/1-3.2/1-3.2:1.0/0003:256F:C635.0007
    return device.parent.parent.name
