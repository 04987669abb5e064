"""What the window remembers from one start to the next: look, scale, place and cameras.

A readable file, `window.json` in ~/.config/nudge. What cannot be read, or is out of range, is as if
it had never been there: a wrong file never keeps the window of a robot from opening.
"""

import base64
import binascii
import contextlib
import os
from pathlib import Path

import msgspec

from teleop.devices.profile_store import devices_folder
from teleop.errors import SetupError

FILE = "window.json"
VERSION = 1
LOOKS = ("dark", "light")
SCALES = (1.0, 1.25, 1.5, 1.75, 2.0)
MOST_CAMERAS = 32


class CameraPlaces(msgspec.Struct, frozen=True):
    """How the pictures are arranged; names that a session lacks are passed over.

    Attributes:
        large: the camera shown large; empty: the first.
        order: of the others, from above.
        hidden: not shown.
    """

    large: str = ""
    order: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


class WindowMemory(msgspec.Struct, frozen=True):
    """The content of the file.

    Attributes:
        version: of the file's form; another one is not read.
        look: dark or light.
        scale: of everything drawn; None: as the desktop says.
        geometry: as Qt writes it, in base64; empty: nothing is remembered.
        cameras: how the pictures are arranged.
    """

    version: int = VERSION
    look: str = LOOKS[0]
    scale: float | None = None
    geometry: str = ""
    cameras: CameraPlaces = CameraPlaces()

    @property
    def geometry_bytes(self) -> bytes:
        """The geometry as Qt takes it; empty where it is not base64."""
        try:
            return base64.b64decode(self.geometry, validate=True)
        except (binascii.Error, ValueError):
            return b""

    def at(self, geometry: bytes, cameras: CameraPlaces) -> "WindowMemory":
        """The same with another place and other cameras."""
        text = base64.b64encode(geometry).decode()
        return msgspec.structs.replace(self, geometry=text, cameras=cameras)


def memory_file() -> Path:
    """Where it lies: beside the devices' profiles."""
    return devices_folder(os.environ).parent / FILE


def recall(path: Path) -> WindowMemory:
    """Return what is remembered; what is out of range is as if it were not there."""
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=WindowMemory)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return WindowMemory()
    if kept.version != VERSION:
        return WindowMemory()
    known = kept.scale is not None and SCALES[0] <= kept.scale <= SCALES[-1]
    return msgspec.structs.replace(
        kept,
        look=kept.look if kept.look in LOOKS else LOOKS[0],
        scale=kept.scale if known else None,
    )


def remember(path: Path, memory: WindowMemory) -> None:
    """Write the file anew; a window that is killed meanwhile leaves the old one whole.

    Raises:
        SetupError: it cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(msgspec.json.format(msgspec.json.encode(memory), indent=2))
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise SetupError(
            f"The window's settings cannot be written to {path}: {error.strerror}. "
            "They hold until the window is closed; make the folder writable to keep them."
        ) from error


def stepped(scale: float | None, by: int) -> float:
    """Return the next larger or smaller of `SCALES`; the last one stays itself."""
    now = scale or SCALES[0]
    nearest = min(range(len(SCALES)), key=lambda n: abs(SCALES[n] - now))
    return SCALES[min(max(nearest + by, 0), len(SCALES) - 1)]
