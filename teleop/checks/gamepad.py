"""Gamepads: what is plugged in, and whether this user may read it."""

from pathlib import Path

from teleop.checks import Check, Outcome
from teleop.devices.pad_nodes import find_pads


def check_gamepad(root: Path = Path("/")) -> Check:
    """Check that a gamepad, if there is one, may be read; having none is nothing to mend."""
    pads = find_pads(root)
    if not pads:
        return Check("Gamepad", Outcome.OK, "none")
    found = ", ".join(f"{pad.name} at {pad.node}" for pad in pads)
    if all(pad.allowed for pad in pads):
        return Check("Gamepad", Outcome.OK, found)
    advice = (
        "Log in at this machine's own screen, where the system grants it, or run "
        "`sudo usermod -aG input $USER` and log in again."
    )
    return Check("Gamepad", Outcome.WARN, f"{found}: no permission to read it", advice)
