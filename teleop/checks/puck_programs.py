"""Other programs at the SpaceMouse: one that acts on its motion too, or has taken it away.

Every program that opens a puck's hidraw node gets all of its reports, so none is stolen that way,
but two programs act on one motion. A program that uses libusb takes the puck away from the kernel:
it has no hidraw node then, and nobody else sees it.
"""

from dataclasses import dataclass
from pathlib import Path

from teleop.checks import Check, Outcome
from teleop.checks.spacemouse import find_pucks
from teleop.devices.puck_ids import NAMES

NAME = "SpaceMouse alone"
# They read the puck through evdev, so that its hidraw node does not tell of them.
DAEMONS = ("spacenavd", "3dxsrv", "3dxserver")
_OURS = ("nudge", "teleop")


@dataclass(frozen=True, slots=True)
class Program:
    """A running program."""

    name: str
    pid: int

    def __str__(self) -> str:
        return f"{self.name} (process {self.pid})"


def check_puck_programs(root: Path = Path("/")) -> Check:
    """Check that no other program uses a SpaceMouse. Those of other users may be hidden."""
    for device, name in _taken(root):
        takers = programs_with(root, device)
        who = ", ".join(map(str, takers)) or "a program of another user"
        advice = f"End {who}, then plug the {name} in again."
        return Check(NAME, Outcome.WARN, f"{who} has taken the {name} from the kernel", advice)
    daemons = [one for one in programs(root) if one.name in DAEMONS]
    if daemons:
        advice = (
            f"Both would act on its motion: run `sudo systemctl disable --now {daemons[0].name}`, "
            f"or `sudo kill {daemons[0].pid}`."
        )
        return Check(NAME, Outcome.WARN, f"{daemons[0]} is running", advice)
    for puck in find_pucks(root):
        others = programs_with(root, Path("/dev", puck.node.name))
        if others:
            who = ", ".join(map(str, others))
            advice = f"Both would act on its motion: end {who}."
            return Check(NAME, Outcome.WARN, f"{who} has {puck.node} open", advice)
    return Check(NAME, Outcome.OK, "no other program uses one")


def programs(root: Path) -> list[Program]:
    """All running programs."""
    found: list[Program] = []
    for folder in sorted(root.glob("proc/[0-9]*")):
        try:
            name = (folder / "comm").read_text().strip()
        except OSError:  # it has ended
            continue
        found.append(Program(name, int(folder.name)))
    return found


def programs_with(root: Path, device: Path) -> list[Program]:
    """The programs that have `device` open, without our own, as far as this user may know."""
    return [
        program
        for program in programs(root)
        if _has_open(root / "proc" / str(program.pid), str(device))
    ]


def _has_open(process: Path, device: str) -> bool:
    try:
        opened = any(str(link.readlink()) == device for link in (process / "fd").iterdir())
        words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:  # it has ended, or is somebody else's
        return False
    return opened and not any(Path(word).name.startswith(_OURS) for word in words[:3])


def _taken(root: Path) -> list[tuple[Path, str]]:
    """Pucks that libusb has: their nodes in /dev/bus/usb, and their names."""
    found: list[tuple[Path, str]] = []
    for interface in sorted(root.glob("sys/bus/usb/devices/*:*")):
        device = interface.with_name(interface.name.partition(":")[0])
        try:
            if (interface / "driver").readlink().name != "usbfs":
                continue
            ids = _number(device / "idVendor", 16), _number(device / "idProduct", 16)
            bus, number = _number(device / "busnum", 10), _number(device / "devnum", 10)
        except OSError:  # no driver has it, or it was unplugged just now
            continue
        if ids in NAMES:
            found.append((Path(f"/dev/bus/usb/{bus:03d}/{number:03d}"), NAMES[ids]))
    return found


def _number(file: Path, base: int) -> int:
    return int(file.read_text(), base)
