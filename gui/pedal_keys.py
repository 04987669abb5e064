"""Foot pedals and spare keys: what they mean to the operator's arms. A table, and a file for it.

A pedal is a keyboard to the computer. Most can be programmed to type F13 to F24, which no ordinary
keyboard has, and page-turners type PageUp and PageDown. The defaults below may be changed in
`keys.json` in the folder `nudge` of the user's settings, also for a pedal that types a letter:

    {"F13": "clutch", "V": "clutch left", "PageUp": "take right", "F24": ""}

A meaning is one of `PedalAct`, with an arm or for the chosen one; an empty one frees the key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from gui.actions import ACTIONS
from gui.texts import keys as texts
from teleop.devices.keyboard import FAST_KEY, KEYS
from teleop.devices.profile_store import devices_folder
from teleop.messages import Arm


class PedalAct(StrEnum):
    """What a pedal does."""

    CLUTCH = "clutch"  # while it is held
    TAKE = "take"  # over, or hand back
    REWIND = "rewind"
    GRIPPER = "gripper"
    STOP = "stop"


@dataclass(frozen=True)
class PedalKey:
    """The meaning of one key."""

    does: PedalAct
    arm: Arm | None = None  # None: the one that is chosen when it goes down


Pedals = Mapping[str, PedalKey]
DEFAULTS: Pedals = MappingProxyType(
    {
        "F13": PedalKey(PedalAct.CLUTCH, Arm.LEFT),
        "F14": PedalKey(PedalAct.CLUTCH, Arm.RIGHT),
        "F15": PedalKey(PedalAct.CLUTCH),
        "F16": PedalKey(PedalAct.TAKE),
        "F17": PedalKey(PedalAct.REWIND),
        "F18": PedalKey(PedalAct.GRIPPER),
        "F19": PedalKey(PedalAct.TAKE, Arm.LEFT),
        "F20": PedalKey(PedalAct.TAKE, Arm.RIGHT),
        "F21": PedalKey(PedalAct.REWIND, Arm.LEFT),
        "F22": PedalKey(PedalAct.REWIND, Arm.RIGHT),
        "F24": PedalKey(PedalAct.STOP),
        "PageDown": PedalKey(PedalAct.CLUTCH),
        "PageUp": PedalKey(PedalAct.TAKE),
    }
)
# What the key map says of them; it has room for few.
PEDAL_HELP = (
    ("F13 F14 PgDn", texts.PEDALS_HELD),
    ("PgUp F17 F24", texts.PEDALS_PRESSED),
)
OTHERS = ("do", "move")  # the first word of what is no pedal's meaning: see `gui.key_table`
_FUNCTION_KEYS = tuple(f"F{number}" for number in range(13, 25))
_NAMES = (
    *_FUNCTION_KEYS, "PageUp", "PageDown", "Home", "End", "Insert", *"BCMNPVXYZ", *"567890",
)  # fmt: skip
# A pedal counts before what a key does on one page only.
_MEANT = {key for spec in ACTIONS if not spec.only_shown for key in spec.keys} | {*KEYS, FAST_KEY}
SPARE: tuple[str, ...] = tuple(name for name in _NAMES if name not in _MEANT)
# X and Wayland call F13 to F24 by the names of a laptop's extra keys (XF86Tools, XF86Launch5, ...)
# or by none at all; their number is the same everywhere there: evdev's plus 8.
_FIRST_CODE = 191
_BY_CODE = {_FIRST_CODE + place: name for place, name in enumerate(_FUNCTION_KEYS)}
_BY_KEY = {Qt.Key[f"Key_{name}"]: name for name in SPARE}


def spare_key(event: QKeyEvent) -> str:
    """Return the name of the pedal or spare key of `event`; empty: it is another one."""
    if QGuiApplication.platformName() in ("xcb", "wayland"):
        by_code = _BY_CODE.get(event.nativeScanCode(), "")
        if by_code:
            return by_code
    return _BY_KEY.get(Qt.Key(event.key()), "")


def types_a_letter(name: str) -> bool:
    """Whether a text field would take the key for itself."""
    return len(name) == 1 or name in ("Home", "End", "Insert")


def keys_file() -> Path:
    """Where the user's own table is."""
    return devices_folder().parent / "keys.json"


@dataclass(frozen=True)
class PedalTable:
    """The keys and their meanings, and what is wrong with the file; empty: nothing."""

    pedals: Pedals
    trouble: str = ""


def read_pedals(path: Path) -> PedalTable:
    """Return the defaults as changed by the file; one that cannot be read changes nothing."""
    try:
        lines = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return PedalTable(DEFAULTS)
    except OSError as error:
        return PedalTable(DEFAULTS, texts.pedals_unread(path, error.strerror))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return PedalTable(DEFAULTS, texts.pedals_wrong(path, error))
    pedals = dict(DEFAULTS)
    for name, words in lines.items():
        if words.split(" ", 1)[0] in OTHERS:
            pedals.pop(name, None)
            continue
        meaning = _meaning(words)
        if name not in SPARE or (words and meaning is None):
            return PedalTable(DEFAULTS, _wrong(path, name, words))
        pedals.pop(name, None)
        if meaning is not None:
            pedals[name] = meaning
    return PedalTable(pedals)


def _meaning(words: str) -> PedalKey | None:
    act, _, arm = words.partition(" ")
    arms = {"": None, **{one.name.lower(): one for one in Arm}}
    if act not in set(PedalAct) or arm not in arms:
        return None
    return PedalKey(PedalAct(act), arms[arm])


def _wrong(path: Path, name: str, words: str) -> str:
    if name not in SPARE:
        return f"In {path} '{name}' cannot be a pedal; these can: {' '.join(SPARE)}."
    acts = ", ".join(PedalAct)
    return texts.no_such_meaning(path, name, words, acts)
