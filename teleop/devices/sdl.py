"""SDL's game controllers through pygame: without a window, polled from one thread.

Measured (pygame 2.6.1, SDL 2.28, a virtual pad): emptying the queue takes 1 us at rest and 3 us in
motion, opening a pad 0.2 ms, so both are done in the tick itself. pygame keeps the interpreter's
lock meanwhile: a thread of its own would hold up the tick just the same, and cost 3 % of a core.

Hazard: of a pad that is unplugged SDL says first that everything on it was let go, and only then
that it is gone. `poll` tells the two apart.

Hazard: a wireless pad whose link breaks stays as it was until the kernel drops it, seconds later.
Nothing that SDL tells shows the difference; use the cable where that matters.
"""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teleop.devices.pad_state import Axis, Button
from teleop.errors import SetupError

if TYPE_CHECKING:
    from pygame._sdl2.controller import Controller

# SDL looks at these when it starts. HIDAPI off: the kernel's own drivers serve every pad, need no
# udev rule, and leave the hidraw devices to the reader of the SpaceMouse.
_FORCED = {"SDL_VIDEODRIVER": "dummy", "SDL_NO_SIGNAL_HANDLERS": "1"}
_UNLESS_SET = {"SDL_JOYSTICK_HIDAPI": "0", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}


@dataclass(frozen=True)
class PadLook:
    """A pad that is there, as SDL sees it."""

    axes: tuple[int, ...]  # counts, in the order of `Axis`
    held: frozenset[int]  # buttons
    pressed: tuple[int, ...]  # buttons that went down since the last look, in order


class Sdl:
    """One game controller at a time: the first that is found, until it is gone.

    Raises:
        SetupError: SDL cannot be started.
    """

    def __init__(self) -> None:
        os.environ.update(_FORCED)
        for name, value in _UNLESS_SET.items():
            os.environ.setdefault(name, value)
        # Only here: pygame costs 0.1 s and 9 MB, and greets on the terminal unless told not to.
        import pygame
        from pygame._sdl2 import controller

        self._pygame, self._controllers = pygame, controller
        try:
            pygame.display.init()  # SDL's queue of events belongs to its video part
            controller.init()
        except pygame.error as error:
            raise SetupError(
                f"Gamepads cannot be read: SDL does not start ({error}). "
                "Reinstall pygame, or choose another device."
            ) from error
        self._pad: Controller | None = None
        self._instance = -1
        self.name = ""
        self.guid = ""  # of the model: SDL tells no serial number

    def find(self) -> bool:
        """Open the first gamepad that SDL knows; whether one is open now. May take milliseconds."""
        if self._pad is not None:
            return True
        self._controllers.update()
        for index in range(self._controllers.get_count()):
            if not self._controllers.is_controller(index):
                continue
            try:
                pad = self._controllers.Controller(index)
            except self._pygame.error:  # unplugged this very moment, or not ours to open
                continue
            joystick = pad.as_joystick()
            self._pad, self._instance = pad, joystick.get_instance_id()
            self.name, self.guid = pad.name, joystick.get_guid()
            return True
        return False

    def poll(self) -> PadLook | None:
        """Look at the open pad; None: there is none, or it has gone."""
        pad = self._pad
        if pad is None:
            return None
        down = self._pygame.CONTROLLERBUTTONDOWN
        pressed = tuple(
            event.button
            for event in self._pygame.event.get()  # all, or the queue would fill
            if event.type == down and event.instance_id == self._instance
        )
        look = PadLook(
            tuple(pad.get_axis(axis) for axis in Axis),
            frozenset(button for button in Button if pad.get_button(button)),
            pressed,
        )
        if pad.attached():
            return look
        pad.quit()
        self._pad = None
        return None

    def close(self) -> None:
        """Let the pad and SDL go. Idempotent."""
        if self._pad is not None:
            self._pad.quit()
            self._pad = None
        self._controllers.quit()
        self._pygame.joystick.quit()
        self._pygame.display.quit()
