"""Which motion keys and pedals are held: from the window's key events, never from a global hook.

They work while the window lives and has the keyboard. What a pedal means is in `pedal_keys`.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from gui.key_table import MOVE, KeyTable, keys_of
from gui.pedal_keys import (
    DEFAULTS,
    PEDAL_HELP,
    PedalAct,
    PedalKey,
    Pedals,
    spare_key,
    types_a_letter,
)
from gui.texts import keys as words
from teleop.devices.keyboard import FAST_KEY, KEYS

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
MOTION_KEYS: dict[Qt.Key, str] = {
    Qt.Key.Key_Shift: FAST_KEY,
    **{Qt.Key[f"Key_{name}"]: name for name in KEYS},
}
# What the key map says of them: keys, and what they do to the chosen arm.
MOTION_HELP = (
    ("W  S", words.AWAY),
    ("A  D", words.LEFT_RIGHT),
    ("Q  E", words.DOWN_UP),
    ("I  K  J  L", words.TILT),
    ("U  O", words.TURN),
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
        patient: a release counts only at the next `settle`, if the key was not pressed again until
            then. X repeats a held key as releases and presses, and on a busy machine Qt does not
            recognise them as repeats: without patience a held pedal would flicker.
    """

    def __init__(self, pedals: Pedals = DEFAULTS, patient: bool = False) -> None:
        self._pedals = pedals
        self._patient = patient
        self._motion = MOTION_KEYS
        self._down: dict[str, PedalKey | None] = {}  # None: a motion key
        self._leaving: set[str] = set()
        self._pressed: list[PedalKey] = []

    @property
    def names(self) -> tuple[str, ...]:
        """The motion keys."""
        return tuple(name for name, pedal in self._down.items() if pedal is None)

    @property
    def pedals(self) -> Pedals:
        """What the pedals mean."""
        return self._pedals

    @property
    def clutches(self) -> dict[str, PedalKey]:
        """The pedals that are clutches, by key."""
        return {
            name: pedal
            for name, pedal in self._down.items()
            if pedal is not None and pedal.does is PedalAct.CLUTCH
        }

    @property
    def unsettled(self) -> bool:
        """Whether a key was released that waits for `settle`."""
        return bool(self._leaving)

    def take_pressed(self) -> tuple[PedalKey, ...]:
        """Return the other pedals that were pressed since the last call."""
        pressed, self._pressed = tuple(self._pressed), []
        return pressed

    def press(self, event: QKeyEvent) -> bool:
        """Take a key press in; whether anything changed. Auto-repeat changes nothing."""
        if event.isAutoRepeat() or event.modifiers() & (CONTROL | ALT):
            return False
        name = self._name(event)
        if name in self._down:
            self._leaving.discard(name)
            return False
        pedal = self._pedals.get(name)
        if pedal is None and name not in MOTION_KEYS.values():
            return False
        self._down[name] = pedal
        if pedal is not None and pedal.does is not PedalAct.CLUTCH:
            self._pressed.append(pedal)
        return True

    def release(self, event: QKeyEvent) -> bool:
        """Take a key release in; whether anything changed, or will at the next `settle`."""
        name = self._name(event)
        if event.isAutoRepeat() or name not in self._down:
            return False
        if self._patient:
            self._leaving.add(name)
        else:
            del self._down[name]
        return True

    def settle(self) -> None:
        """Let go of the keys that were released and not pressed again."""
        self._forget(self._leaving)

    def stop_moving(self) -> None:
        """Let go of the motion keys."""
        self._forget(set(self.names))

    def clear(self) -> bool:
        """Let go of the keys that a text field takes for itself; whether there were any.

        A pedal that types no letter is still the window's, and stays held.
        """
        return self._forget(
            {name for name, pedal in self._down.items() if pedal is None or types_a_letter(name)}
        )

    def lose(self) -> bool:
        """Forget all, as when the keyboard goes to another window; whether there was any."""
        return self._forget(set(self._down))

    def _forget(self, names: set[str]) -> bool:
        for name in names:
            del self._down[name]
        self._leaving = self._leaving - names
        return bool(names)

    def use(self, motion: Mapping[Qt.Key, str], pedals: Pedals) -> None:
        """Go by other motion keys and pedals; what is held is let go."""
        self.lose()
        self._motion, self._pedals = motion, pedals

    def _name(self, event: QKeyEvent) -> str:
        """Of the motion key or the pedal; a key is let go by it whatever Ctrl does meanwhile."""
        return self._motion.get(Qt.Key(event.key()), "") or spare_key(event)


def motion_help(table: KeyTable) -> tuple[tuple[str, str], ...]:
    """Return what the key map says of motion keys and pedals, with the chosen keys."""

    def printed(keys: str) -> str:
        names = [keys_of(table, f"{MOVE} {one}")[:1] if one in KEYS else (one,) for one in keys]
        return "".join("".join(name) or "—" for name in names)

    return (*((printed(keys), does) for keys, does in MOTION_HELP[: -len(PEDAL_HELP)]), *PEDAL_HELP)


def motion_keys(table: KeyTable) -> dict[Qt.Key, str]:
    """Return what each motion key does, with the keys that the operator has chosen."""
    found: dict[Qt.Key, str] = {Qt.Key.Key_Shift: FAST_KEY}
    for role in KEYS:
        for name in keys_of(table, f"{MOVE} {role}"):
            sequence: Any = QKeySequence(name)  # the stubs know no index
            found[sequence[0].key()] = role
    return found
