"""Virtual SpaceMice: what a hand does to them becomes reports, as the real models send them."""

import os
import struct
import tempfile
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from teleop.devices.puck_ids import NAMES
from teleop.rig.node import Node
from teleop.rig.tree import UsbIds, make_tree

PRELOAD = "libumockdev-preload.so.0"
FULL = 350  # counts at full deflection
_PERIOD_S = 0.008  # a deflected puck repeats its reports


def _axes_item(report: int, first: int, count: int) -> bytes:
    """HID items of one input report of `count` 16-bit axes from usage `first` on."""
    usages = b"".join(bytes([0x09, first + i]) for i in range(count))
    return (
        bytes([0xA1, 0x00, 0x85, report, 0x16])
        + struct.pack("<h", -FULL)
        + b"\x26"
        + struct.pack("<h", FULL)
        + usages
        + bytes([0x75, 16, 0x95, count, 0x81, 0x06, 0xC0])
    )


@dataclass(frozen=True)
class Model:
    """A SpaceMouse model, as far as its reports differ."""

    vendor: int
    product: int
    name: str
    joined: bool  # all six axes in one report
    button_bytes: int
    usage: int = 8  # a multi-axis controller; a receiver's other interfaces are something else
    collections: int = 1  # hidapi lists a node once for each


def _descriptor(model: Model) -> bytes:
    head = bytes([0x05, 0x01, 0x09, model.usage, 0xA1, 0x01])  # page: generic desktop
    axes = _axes_item(1, 0x30, 3) + _axes_item(2, 0x33, 3)
    if model.joined:
        axes = _axes_item(1, 0x30, 6)
    return (head + axes + b"\xc0") * model.collections


_JOINED = (0xC62E, 0xC62F, 0xC631, 0xC632, 0xC633, 0xC638, 0xC63A, 0xC652)
MODELS = tuple(
    Model(vendor, product, name, product in _JOINED, button_bytes=4)
    for (vendor, product), name in NAMES.items()
)
COMPACT = Model(0x256F, 0xC635, "SpaceMouse Compact", joined=False, button_bytes=2)
PRO_WIRELESS = Model(0x256F, 0xC632, "SpaceMouse Pro Wireless Receiver", True, 4)
UNIVERSAL = Model(0x256F, 0xC652, "3Dconnexion Universal Receiver", True, 4)
UNIVERSAL_KEYS = Model(0x256F, 0xC652, "3Dconnexion Universal Receiver", True, 4, usage=6)


class VirtualPuck:
    """One puck. Axes are counts of -350..350 in its own frame: right, towards the user, down."""

    def __init__(self, node: Node, model: Model) -> None:
        self.node, self._model = node, model
        self._held = (0, 0, 0, 0, 0, 0)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._repeat, name="virtual-puck")
        self._thread.start()

    def push(
        self, x: int = 0, y: int = 0, z: int = 0, rx: int = 0, ry: int = 0, rz: int = 0
    ) -> None:
        """Hold the cap deflected until the next call; without arguments, let it go."""
        self._held = (x, y, z, rx, ry, rz)
        self.report(self._held)

    def fall_silent(self) -> None:
        """Stay deflected without a report, as a wireless puck that is out of reach."""
        self._held = (0, 0, 0, 0, 0, 0)

    def buttons(self, mask: int) -> None:
        """Hold the buttons of `mask` down, bit 0 the left one."""
        self.node.send(bytes([3]) + mask.to_bytes(self._model.button_bytes, "little"))

    def send(self, report: bytes) -> None:
        """Send it as it is, whatever it is."""
        self.node.send(report)

    def unplug(self) -> None:
        self.node.unplug()

    def close(self) -> None:
        self._closing.set()
        self._thread.join()
        self.node.close()

    def _repeat(self) -> None:
        while not self._closing.wait(_PERIOD_S):
            if any(self._held):
                self.report(self._held)

    def report(self, axes: tuple[int, int, int, int, int, int]) -> None:
        """Send what the model sends of these axes, once."""
        if self._model.joined:
            self.node.send(struct.pack("<B6h", 1, *axes))
        else:
            self.node.send(struct.pack("<B3h", 1, *axes[:3]))
            self.node.send(struct.pack("<B3h", 2, *axes[3:]))


class VirtualUsb:
    """A machine's USB ports; programs started with `environment` see only what is plugged here."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="puck-"))
        self._root = Path(folder)
        self._pucks: list[tuple[int, VirtualPuck]] = []
        self._root.chmod(0o755)  # for a program of another user
        make_tree(self._root)

    @property
    def environment(self) -> dict[str, str]:
        preload = " ".join(filter(None, [os.environ.get("LD_PRELOAD"), PRELOAD]))
        return {**os.environ, "LD_PRELOAD": preload, "UMOCKDEV_DIR": str(self._root)}

    def plug(
        self, model: Model = COMPACT, serial: str = "", port: int = 1, mode: int = 0o666
    ) -> VirtualPuck:
        """Plug a puck in; it gets the lowest number that no program keeps open."""
        taken = {n for n, puck in self._pucks if puck.node.plugged or puck.node.in_use}
        number = next(n for n in range(64) if n not in taken)
        descriptor = _descriptor(model)
        ids = UsbIds(model.vendor, model.product, model.name, serial, descriptor)
        puck = VirtualPuck(Node(self._root, ids, number, port, mode), model)
        self._pucks.append((number, puck))
        return puck

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Only after the programs have ended: the preload aborts one whose device stops serving."""
        for _, puck in self._pucks:
            puck.close()
        self._stack.close()
