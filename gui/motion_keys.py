"""Which motion keys are held: from key events of the window, never from a global hook."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

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
)


def keys_of_axis(axis: int) -> str:
    """Return the keys that move along `axis` (x y z, then about them): backwards, forwards."""
    pair = sorted((sign, name) for name, (moved, sign) in KEYS.items() if moved == axis)
    return " ".join(name for _, name in pair)


class HeldKeys:
    """The held motion keys, in the order they were pressed."""

    def __init__(self) -> None:
        self._held: dict[str, None] = {}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._held)

    def press(self, event: QKeyEvent) -> bool:
        """Take a key press in; whether anything changed. Auto-repeat changes nothing."""
        name = _motion_key(event)
        if not name or event.isAutoRepeat() or name in self._held:
            return False
        self._held[name] = None
        return True

    def release(self, event: QKeyEvent) -> bool:
        """Take a key release in; whether anything changed."""
        name = _motion_key(event)
        if not name or event.isAutoRepeat() or name not in self._held:
            return False
        del self._held[name]
        return True

    def clear(self) -> bool:
        """Forget all keys, as when the window loses the keyboard; whether there were any."""
        had = bool(self._held)
        self._held.clear()
        return had


def _motion_key(event: QKeyEvent) -> str:
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
    if modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
        return ""
    return MOTION_KEYS.get(Qt.Key(event.key()), "")
