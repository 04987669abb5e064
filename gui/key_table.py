"""Which keys the operator has chosen, and what a key may be given to. No Qt.

They stand in `keys.json` beside the meanings of pedals (`gui.pedal_keys`), a meaning for each key:

    {"Y": "do TAKE", "Up": "move W", "F13": "clutch left"}

A chosen key comes before the key that the table of actions has. That one goes on to work until it
is given to something else, because sentences of control name it. Escape and Space always stop and
hold.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import msgspec

from gui.action_spec import ActionSpec, Intent
from gui.actions import ACTIONS
from gui.texts import key_choice as words
from teleop.devices.keyboard import FAST_KEY, KEYS
from teleop.errors import SetupError
from teleop.order_messages import OrderKind

DO, MOVE = "do", "move"
SAFETY = {"Escape": OrderKind.STOP, "Esc": OrderKind.STOP, "Space": OrderKind.HOLD}
MENU = "F10"
NEVER = frozenset({FAST_KEY, "Ctrl", "Alt", "Meta", "Tab", "Backtab", MENU})
SAME = {"Enter": "Return", "Esc": "Escape", "Del": "Delete", "PgUp": "PageUp", "PgDown": "PageDown"}


@dataclass(frozen=True)
class KeyTable:
    """The chosen keys: by meaning, such as "do TAKE" or "move W"."""

    own: Mapping[str, str] = field(default_factory=lambda: MappingProxyType(dict[str, str]()))

    def key_of(self, meaning: str) -> str:
        """Return the key that was chosen; empty: none."""
        return self.own.get(meaning, "")

    def giving(self, meaning: str, key: str) -> "KeyTable":
        """Return the table with another key for `meaning`; empty: the one it had at first."""
        own = {other: its for other, its in self.own.items() if other != meaning}
        return KeyTable({**own, meaning: key} if key else own)


NO_OWN = KeyTable()


@dataclass(frozen=True)
class KeysRead:
    """What the file says; `trouble` is one sentence where something in it is wrong."""

    table: KeyTable
    trouble: str = ""


def meaning_of(spec: ActionSpec) -> str:
    """Return how an action is named in the file."""
    return f"{DO} {spec.does.value}"


MEANINGS: Mapping[str, ActionSpec | str] = {
    **{meaning_of(spec): spec for spec in ACTIONS},
    **{f"{MOVE} {role}": role for role in KEYS},
}


def plain(key: str) -> str:
    """Return one spelling for a key."""
    *modifiers, last = key.split("+") if key not in ("+", "") else [key]
    return "+".join((*modifiers, SAME.get(last, last)))


def keys_of(table: KeyTable, meaning: str) -> tuple[str, ...]:
    """Return the present keys of `meaning`, the printed one first."""
    target = MEANINGS[meaning]
    usual = (target,) if isinstance(target, str) else target.keys
    chosen = table.key_of(meaning)
    if not chosen:
        taken = {plain(key) for key in table.own.values()}
        return tuple(key for key in usual if plain(key) not in taken)
    others = {plain(key) for key in table.own.values()}
    return (chosen, *(key for key in usual if plain(key) not in others))


def fixed(meaning: str) -> str:
    """Return why `meaning` keeps its key; empty: it may have another."""
    target = MEANINGS[meaning]
    if isinstance(target, ActionSpec) and (target.held or target.does is Intent.CHOOSE_ARM):
        return words.KEY_FIXED
    return ""


def objection(table: KeyTable, meaning: str, key: str, pedals: Mapping[str, object]) -> str:
    """Return why `key` cannot be given to `meaning`; empty: it can.

    Args:
        table: the present one.
        meaning: of the key.
        key: as Qt writes it.
        pedals: the keys that are pedals.
    """
    key = plain(key)
    if not key or key.rpartition("+")[2] in NEVER or key.startswith(f"{FAST_KEY}+"):
        return words.key_never(key)
    if why := fixed(meaning):
        return why
    target = MEANINGS[meaning]
    if key in SAFETY and not (isinstance(target, ActionSpec) and target.does is SAFETY[key]):
        return words.key_safety(key, SAFETY[key].value)
    if meaning.startswith(MOVE) and "+" in key:
        return words.KEY_PLAIN
    if key in pedals:
        return words.key_of_pedal(key)
    for other in MEANINGS:
        if other == meaning:
            continue
        present = keys_of(table, other)
        # A usual key that only stands behind a chosen one is free for others.
        bound = present[:1] if table.key_of(other) else present
        if key in {plain(one) for one in bound}:
            return words.key_taken(key, meaning_text(other))
    return ""


def meaning_text(meaning: str) -> str:
    """Return what a meaning is called in the window."""
    target = MEANINGS[meaning]
    if isinstance(target, str):
        return words.moves(target)
    return target.text


def read_keys(path: Path) -> KeysRead:
    """Return the chosen keys in the file; one that is wrong is left out, and told."""
    try:
        lines = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return KeysRead(NO_OWN)  # `read_pedals` tells of it
    table, trouble = NO_OWN, ""
    for key, said in lines.items():
        if said.split(" ", 1)[0] not in (DO, MOVE):
            continue
        if said not in MEANINGS:
            trouble = words.key_unknown(str(path), key, said)
        elif why := objection(table, said, key, {}):
            trouble = f"{path}: {why}"
        else:
            table = table.giving(said, plain(key))
    return KeysRead(table, trouble)


def write_keys(path: Path, table: KeyTable) -> None:
    """Write the chosen keys, and leave the pedals in the file as they are.

    Raises:
        SetupError: it cannot be written, or holds what is not understood.
    """
    try:
        lines = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        lines = dict[str, str]()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SetupError(
            f"The keys cannot be kept: {path} is not as it must be ({error}). Mend or delete it."
        ) from None
    kept = {key: said for key, said in lines.items() if said.split(" ", 1)[0] not in (DO, MOVE)}
    kept |= {key: meaning for meaning, key in table.own.items()}
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(msgspec.json.format(msgspec.json.encode(kept)) + b"\n")
        part.replace(path)
    except OSError as error:
        raise SetupError(f"The keys cannot be kept in {path}: {error.strerror}.") from None
