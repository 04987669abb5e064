"""A disk that can be taken away and put back: a file with a true file system, on a loop device."""

import fcntl
import os
import shutil
import struct
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from teleop.errors import SetupError

SIZE_BYTES = 300_000_000
_SHUTDOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN
_WITHOUT_FLUSH = struct.pack("I", 2)  # what was not synced is lost, as where a plug is pulled


class LoopDisk:
    """Mounted at a folder; where its plug was pulled it comes back as another device.

    Args:
        image: the file that holds it.
        folder: where it is mounted.
    """

    def __init__(self, image: Path, folder: Path) -> None:
        self._image = image
        self._folder = folder
        self._devices: list[str] = []

    def put_back(self) -> None:
        """Mount it, as a new device.

        Of a copy: whoever holds the old one open keeps it alive, and it is written at its end.
        """
        if self._devices:
            gone = self._devices[-1]
            subprocess.run(["blockdev", "--flushbufs", gone], capture_output=True, check=False)
            copy = self._image.with_name(f"{self._image.name}+")
            _said("cp", "--sparse=always", str(self._image), str(copy))
            copy.replace(self._image)
        device = _said("losetup", "-f", "--show", str(self._image)).strip()
        self._devices.append(device)
        subprocess.run(["e2fsck", "-y", device], capture_output=True, check=False)
        self.mount()

    def mount(self) -> None:
        """Mount the device as it is."""
        _said("mount", "-o", "errors=remount-ro", self._devices[-1], str(self._folder))

    def unmount(self) -> None:
        """Take it from its folder, though it is in use."""
        _said("umount", "-l", str(self._folder))

    def pull(self) -> None:
        """Let every access fail from now on, and lose what was not synced."""
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, _SHUTDOWN, _WITHOUT_FLUSH)
        finally:
            os.close(handle)

    def make_read_only(self) -> None:
        """Do what the system does to a disk on which it found an error."""
        name = Path(self._devices[-1]).name
        Path(f"/sys/fs/ext4/{name}/trigger_fs_error").write_text("drill\n")

    def close(self) -> None:
        """Take it away for good. Idempotent."""
        subprocess.run(["umount", "-l", str(self._folder)], capture_output=True, check=False)
        for device in self._devices:
            subprocess.run(["losetup", "-d", device], capture_output=True, check=False)
        self._devices.clear()


@contextmanager
def loop_disk(image: Path, folder: Path) -> Generator[LoopDisk]:
    """A fresh one, mounted until the block is left.

    Raises:
        SetupError: this user may not, or a tool is missing.
    """
    for tool in ("losetup", "mkfs.ext4", "e2fsck"):
        if shutil.which(tool) is None:
            raise SetupError(f"No disk was taken away: there is no {tool} here.")
    with image.open("wb") as file:
        file.truncate(SIZE_BYTES)
    # Whole from the start: a thread that goes on with it in an unmounted one would damage the next.
    whole = "lazy_itable_init=0,lazy_journal_init=0"
    _said("mkfs.ext4", "-q", "-E", whole, str(image))
    disk = LoopDisk(image, folder)
    try:
        disk.put_back()
        yield disk
    finally:
        disk.close()


def _said(*words: str) -> str:
    """Run a tool.

    Raises:
        SetupError: it failed.
    """
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupError(f"No disk was taken away: {words[0]}: {done.stderr.strip()}")
    return done.stdout
