"""A made-up /sys and /dev with USB HID devices in it, as libudev and hidapi look for them."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

MAJOR = 240  # of hidraw here; the kernel's is dynamic too
_FOLDERS = (
    "sys/class/hidraw",
    "sys/bus/usb/devices",
    "sys/bus/hid/devices",
    "sys/dev/char",
    "dev/.node",
    "dev/.pipes",
    "ioctl/dev",
)


@dataclass(frozen=True)
class UsbIds:
    """What a USB HID device says about itself."""

    vendor: int
    product: int
    name: str
    serial: str
    descriptor: bytes  # HID report descriptor


def make_tree(root: Path) -> None:
    """Make the empty folders below `root`."""
    for folder in _FOLDERS:
        (root / folder).mkdir(parents=True)


def replace_link(link: Path, target: str) -> None:
    """Point `link` at `target` in one step; a reader sees the old or the new one."""
    fresh = link.with_name(link.name + ".new")
    fresh.symlink_to(target)
    fresh.rename(link)


class Entry:
    """One device in the tree: usb device, usb interface, hid, hidraw; gone after `remove`."""

    def __init__(self, root: Path, ids: UsbIds, minor: int, port: int) -> None:
        self._sys = root / "sys"
        usb = self._sys / f"devices/pci0000:00/usb1/1-{port}"
        interface = usb / f"1-{port}:1.0"
        hid = interface / f"0003:{ids.vendor:04X}:{ids.product:04X}.{port:04X}"
        raw = hid / "hidraw" / f"hidraw{minor}"
        self._links = {
            self._sys / "class/hidraw" / raw.name: raw,
            self._sys / f"dev/char/{MAJOR}:{minor}": raw,
            self._sys / "bus/hid/devices" / hid.name: hid,
            self._sys / "bus/usb/devices" / usb.name: usb,
            self._sys / "bus/usb/devices" / interface.name: interface,
        }
        self._top = usb
        self._write_usb(usb, interface, ids)
        self._folder(
            hid,
            "bus/hid",
            f"DRIVER=hid-generic\nHID_ID=0003:{ids.vendor:08X}:{ids.product:08X}\n"
            f"HID_NAME={ids.name}\nHID_UNIQ={ids.serial}\n",
        )
        (hid / "report_descriptor").write_bytes(ids.descriptor)
        self._folder(raw, "class/hidraw", f"MAJOR={MAJOR}\nMINOR={minor}\nDEVNAME={raw.name}\n")
        (raw / "dev").write_text(f"{MAJOR}:{minor}\n")
        (raw / "device").symlink_to("../..")
        for link, target in self._links.items():
            link.symlink_to(os.path.relpath(target, link.parent))

    def remove(self) -> None:
        for link in self._links:
            link.unlink()
        shutil.rmtree(self._top)

    def _write_usb(self, usb: Path, interface: Path, ids: UsbIds) -> None:
        self._folder(usb, "bus/usb", "DEVTYPE=usb_device\nDRIVER=usb\n")
        for name, value in {
            "idVendor": f"{ids.vendor:04x}",
            "idProduct": f"{ids.product:04x}",
            "bcdDevice": "0437",
            "manufacturer": "3Dconnexion",
            "product": ids.name,
            "serial": ids.serial,
        }.items():
            if value:
                (usb / name).write_text(value + "\n")
        self._folder(interface, "bus/usb", "DEVTYPE=usb_interface\nDRIVER=usbhid\n")
        (interface / "bInterfaceNumber").write_text("00\n")

    def _folder(self, path: Path, subsystem: str, uevent: str) -> None:
        path.mkdir(parents=True)
        (path / "subsystem").symlink_to(os.path.relpath(self._sys / subsystem, path))
        (path / "uevent").write_text(uevent)
