"""A virtual gamepad inside SDL itself, so that everything above it is the real thing.

SDL's own virtual joystick is reached through ctypes in the library that pygame brings and has
loaded. What no test here covers is what is below: the kernel's driver and evdev.
"""

import ctypes
import importlib.util
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from teleop.devices.pad_state import FULL_COUNTS, Axis, Button

GAME_CONTROLLER, THROTTLE = 1, 8  # kinds of joystick


def _library() -> ctypes.CDLL:
    spec = importlib.util.find_spec("pygame")
    assert spec is not None and spec.origin is not None
    beside = Path(spec.origin).parents[1] / "pygame.libs"
    found = next(beside.glob("libSDL2-2*"), None)
    sdl = ctypes.CDLL(str(found) if found is not None else "libSDL2-2.0.so.0")
    sdl.SDL_JoystickOpen.restype = ctypes.c_void_p
    return sdl


class VirtualPad:
    """Plugged in from the beginning, once SDL has been started."""

    def __init__(self, buttons: int = 15, axes: int = 6, kind: int = GAME_CONTROLLER) -> None:
        self._sdl = _library()
        self._shape = (kind, axes, buttons, 0)
        self._index, self._joystick = -1, ctypes.c_void_p()
        self.plug()

    def plug(self) -> None:
        self._index = self._sdl.SDL_JoystickAttachVirtual(*self._shape)
        assert self._index >= 0
        self._joystick = ctypes.c_void_p(self._sdl.SDL_JoystickOpen(self._index))

    def unplug(self) -> None:
        if self._index < 0:
            return
        self._sdl.SDL_JoystickDetachVirtual(self._index)
        self._sdl.SDL_JoystickClose(self._joystick)
        self._index = -1

    def push(self, axis: Axis, share: float) -> None:
        counts = ctypes.c_int16(round(share * FULL_COUNTS))
        assert self._sdl.SDL_JoystickSetVirtualAxis(self._joystick, int(axis), counts) == 0

    def hold(self, button: int, down: bool = True) -> None:
        value = ctypes.c_uint8(down)
        assert self._sdl.SDL_JoystickSetVirtualButton(self._joystick, int(button), value) == 0

    def tap(self, *buttons: Button) -> None:
        """Press and let go, seen by SDL, but between two looks of whoever reads."""
        for button in buttons:
            for down in (True, False):
                self.hold(button, down)
                self.update()

    def update(self) -> None:
        """Let SDL make events of what has changed."""
        self._sdl.SDL_JoystickUpdate()


@contextmanager
def plugged(buttons: int = 15, axes: int = 6, kind: int = GAME_CONTROLLER) -> Generator[VirtualPad]:
    pad = VirtualPad(buttons, axes, kind)
    try:
        yield pad
    finally:
        pad.unplug()
