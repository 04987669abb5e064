"""The SpaceMouse: its library, and whether this user may open it."""

import ctypes
import os
from dataclasses import dataclass
from pathlib import Path

from teleop.checks import Check, Outcome
from teleop.devices.puck_ids import CONNEXION, LOGITECH, NAMES, RECEIVERS

HIDAPI = "libhidapi-hidraw.so.0"
# uaccess is acted on by 73-seat-late.rules: a file that sorts after it does nothing.
RULES_FILE = "/etc/udev/rules.d/70-spacemouse.rules"
RULES = (
    'SUBSYSTEM=="hidraw", ATTRS{idVendor}=="256f", MODE="0660", TAG+="uaccess"\n'
    'SUBSYSTEM=="hidraw", ATTRS{idVendor}=="046d", ATTRS{idProduct}=="c62[5-9b]", '
    'MODE="0660", TAG+="uaccess"'
)
# Usage page generic desktop, usage multi-axis controller: how a puck's report descriptor begins.
_MULTI_AXIS = bytes([0x05, 0x01, 0x09, 0x08])


@dataclass(frozen=True, slots=True)
class Puck:
    """A SpaceMouse as the kernel lists it."""

    name: str
    node: Path
    allowed: bool
    receiver: bool = False


def find_pucks(root: Path = Path("/")) -> tuple[Puck, ...]:
    """Return the hidraw nodes of every SpaceMouse in `root`/sys, without opening any."""
    found: list[Puck] = []
    for listing in sorted(root.glob("sys/class/hidraw/hidraw*/device/uevent")):
        pairs = (line.partition("=") for line in listing.read_text().splitlines())
        values = {key: value for key, _, value in pairs}
        _, vendor, product = (int(part, 16) for part in values.get("HID_ID", "0:0:0").split(":"))
        if _is_puck((vendor, product), listing.with_name("report_descriptor")):
            node = root / "dev" / listing.parts[-3]
            allowed = os.access(node, os.R_OK | os.W_OK)
            name = values.get("HID_NAME", "SpaceMouse")
            found.append(Puck(name, node, allowed, (vendor, product) in RECEIVERS))
    return tuple(found)


def _is_puck(ids: tuple[int, int], descriptor: Path) -> bool:
    """A receiver has other interfaces beside the puck's, and 3Dconnexion sells flat mice too."""
    try:
        return ids[0] in (CONNEXION, LOGITECH) and descriptor.read_bytes()[:4] == _MULTI_AXIS
    except OSError:
        return ids in NAMES


def check_spacemouse(root: Path = Path("/")) -> Check:
    """Check for a SpaceMouse that may be opened."""
    pucks = find_pucks(root)
    if not pucks:
        advice = "Plug one in, or steer with the keyboard in the window."
        return Check("SpaceMouse", Outcome.WARN, "none", advice)
    found = ", ".join(f"{puck.name} at {puck.node}" for puck in pucks)
    if not all(puck.allowed for puck in pucks):
        advice = (
            f"Write these two lines to {RULES_FILE}, then run `sudo udevadm control --reload` "
            f"and plug it in again:\n{RULES}"
        )
        return Check("SpaceMouse", Outcome.WARN, f"{found}: no permission to open it", advice)
    if any(puck.receiver for puck in pucks):
        advice = "If nothing moves, switch the mouse itself on: only its receiver can be seen."
        return Check("SpaceMouse", Outcome.OK, found, advice)
    return Check("SpaceMouse", Outcome.OK, found)


def check_hidapi(library: str = HIDAPI) -> Check:
    """Check that the library that reads the puck can be loaded."""
    try:
        ctypes.CDLL(library)
    except OSError:
        advice = "For a SpaceMouse run `sudo apt-get install libhidapi-hidraw0`."
        return Check("hidapi", Outcome.WARN, f"{library} is not there", advice)
    return Check("hidapi", Outcome.OK, library)
