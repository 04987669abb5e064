"""Which gamepads the kernel lists, and whether this user may read them; opens none."""

import os
from dataclasses import dataclass
from pathlib import Path

# Bits of the kernel's key capabilities that every gamepad or joystick has one of; a SpaceMouse,
# whose buttons begin at BTN_0, has neither.
_BTN_JOYSTICK, _BTN_GAMEPAD = 0x120, 0x130
_WORD = 64


@dataclass(frozen=True)
class PadNode:
    """A gamepad as the kernel lists it."""

    name: str
    node: Path
    allowed: bool


def find_pads(root: Path = Path("/")) -> tuple[PadNode, ...]:
    """Return the event nodes of all gamepads in `root`/sys."""
    found: list[PadNode] = []
    for entry in sorted(root.glob("sys/class/input/event*")):
        keys = _bits(_line(entry / "device/capabilities/key"))
        if keys >> _BTN_JOYSTICK & 1 or keys >> _BTN_GAMEPAD & 1:
            node = root / "dev/input" / entry.name
            name = _line(entry / "device/name") or "Gamepad"
            found.append(PadNode(name, node, os.access(node, os.R_OK)))
    return tuple(found)


def _line(path: Path) -> str:
    """The file's text; nothing where the device has just gone."""
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""


def _bits(text: str) -> int:
    """The number behind the kernel's hexadecimal words, the highest first."""
    bits = 0
    for word in text.split():
        bits = bits << _WORD | int(word, 16)
    return bits
