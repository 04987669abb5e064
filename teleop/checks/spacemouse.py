"""The SpaceMouse: its library, and whether this user may open it."""

import ctypes
import os
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from teleop.checks import Check, Outcome

HIDAPI = "libhidapi-hidraw.so.0"
# Vendor and product of 3Dconnexion's own and its Logitech-era devices, in hexadecimal.
PUCKS: tuple[tuple[str, str], ...] = (("256f", "*"), ("046d", "c62[5-9b]"))
# uaccess is acted on by 73-seat-late.rules: a file that sorts after it does nothing.
RULES_FILE = "/etc/udev/rules.d/70-spacemouse.rules"
RULES = (
    'SUBSYSTEM=="hidraw", ATTRS{idVendor}=="256f", MODE="0660", TAG+="uaccess"\n'
    'SUBSYSTEM=="hidraw", ATTRS{idVendor}=="046d", ATTRS{idProduct}=="c62[5-9b]", '
    'MODE="0660", TAG+="uaccess"'
)


@dataclass(frozen=True, slots=True)
class Puck:
    """A SpaceMouse as the kernel lists it."""

    name: str
    node: Path
    allowed: bool


def find_pucks(root: Path = Path("/")) -> tuple[Puck, ...]:
    """Return the hidraw nodes of every SpaceMouse in `root`/sys, without opening any."""
    found: list[Puck] = []
    for listing in sorted(root.glob("sys/class/hidraw/hidraw*/device/uevent")):
        pairs = (line.partition("=") for line in listing.read_text().splitlines())
        values = {key: value for key, _, value in pairs}
        _, vendor, product = values.get("HID_ID", "0:0:0").lower().split(":")
        if any(vendor[-4:] == v and fnmatch(product[-4:], p) for v, p in PUCKS):
            node = root / "dev" / listing.parts[-3]
            allowed = os.access(node, os.R_OK | os.W_OK)
            found.append(Puck(values.get("HID_NAME", "SpaceMouse"), node, allowed))
    return tuple(found)


def check_spacemouse(root: Path = Path("/")) -> Check:
    """Check for a SpaceMouse that may be opened."""
    pucks = find_pucks(root)
    if not pucks:
        advice = "Plug one in, or steer with the keyboard in the window."
        return Check("SpaceMouse", Outcome.WARN, "none", advice)
    found = ", ".join(f"{puck.name} at {puck.node}" for puck in pucks)
    if all(puck.allowed for puck in pucks):
        return Check("SpaceMouse", Outcome.OK, found)
    advice = (
        f"Write these two lines to {RULES_FILE}, then run `sudo udevadm control --reload` "
        f"and plug it in again:\n{RULES}"
    )
    return Check("SpaceMouse", Outcome.WARN, f"{found}: no permission to open it", advice)


def check_hidapi(library: str = HIDAPI) -> Check:
    """Check that the library that reads the puck can be loaded."""
    try:
        ctypes.CDLL(library)
    except OSError:
        advice = "For a SpaceMouse run `sudo apt-get install libhidapi-hidraw0`."
        return Check("hidapi", Outcome.WARN, f"{library} is not there", advice)
    return Check("hidapi", Outcome.OK, library)
