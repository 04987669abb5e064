"""Which motion keys and pedals are held: from the window's key events, never from a global hook.

They work while the window lives and has the keyboard. What a pedal means is in `pedal_keys`.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from gui.pedal_keys import (
    DEFAULTS,
    PEDAL_HELP,
    PedalAct,
    PedalKey,
    Pedals,
    spare_key,
    types_a_letter,
)
from teleop.devices.keyboard import FAST_KEY, KEYS

MOTION_KEYS: dict[Qt.Key, str] = {
    Qt.Key.Key_Shift: FAST_KEY,
    **{Qt.Key[f"Key_{name}"]: name for name in KEYS},
}
# What the key map says of them: keys, and what they do to the chosen arm.
MOTION_HELP = (
    ("W  S", "away from you, towards you"),
    ("A  D", "left, right"),
    ("Q  E", "down, up"),
    ("I  K", "tilt away, towards you"),
    ("J  L", "tilt left, right"),
    ("U  O", "turn left, right, seen from above"),
    ("Shift", "faster"),
    *PEDAL_HELP,
)


def keys_of_axis(axis: int) -> str:
    """Return the keys that move along `axis` (x y z, then about them): backwards, forwards."""
    pair = sorted((sign, name) for name, (moved, sign) in KEYS.items() if moved == axis)
    return " ".join(name for _, name in pair)


class HeldKeys:
    """The held motion keys, in the order they were pressed, and the held pedals.

    Args:
        pedals: what the pedals mean.
    """

    def __init__(self, pedals: Pedals = DEFAULTS) -> None:
        self._pedals = pedals
        self._held: dict[str, None] = {}
        self._clutches: dict[str, PedalKey] = {}
        self._pressed: list[PedalKey] = []

    @property
    def names(self) -> tuple[str, ...]:
        """The motion keys."""
        return tuple(self._held)

    @property
    def clutches(self) -> dict[str, PedalKey]:
        """The pedals that are clutches, by key."""
        return dict(self._clutches)

    def take_pressed(self) -> tuple[PedalKey, ...]:
        """Return the other pedals that were pressed since the last call."""
        pressed, self._pressed = tuple(self._pressed), []
        return pressed

    def press(self, event: QKeyEvent) -> bool:
        """Take a key press in; whether anything changed. Auto-repeat changes nothing."""
        if event.isAutoRepeat():
            return False
        name = _motion_key(event)
        if name:
            new = name not in self._held
            self._held[name] = None
            return new
        pedal = self._pedals.get(name := spare_key(event))
        if pedal is None or name in self._clutches:
            return False
        if pedal.does is PedalAct.CLUTCH:
            self._clutches[name] = pedal
        else:
            self._pressed.append(pedal)
        return True

    def release(self, event: QKeyEvent) -> bool:
        """Take a key release in; whether anything changed."""
        if event.isAutoRepeat():
            return False
        name = _motion_key(event)
        if name:
            return self._held.pop(name, "") is None
        return self._clutches.pop(spare_key(event), None) is not None

    def stop_moving(self) -> None:
        """Let go of the motion keys."""
        self._held.clear()

    def clear(self) -> bool:
        """Let go of the keys that a text field takes for itself; whether there were any.

        A pedal that types no letter is still the window's, and stays held.
        """
        letters = [name for name in self._clutches if types_a_letter(name)]
        for name in letters:
            del self._clutches[name]
        had = bool(self._held or letters)
        self._held.clear()
        return had

    def lose(self) -> bool:
        """Forget all, as when the keyboard goes to another window; whether there was any."""
        had = bool(self._held or self._clutches)
        self._held.clear()
        self._clutches.clear()
        return had


def _motion_key(event: QKeyEvent) -> str:
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
    if modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
        return ""
    return MOTION_KEYS.get(Qt.Key(event.key()), "")
