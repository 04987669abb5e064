"""What is remembered from one session to the next: names, targets, the countdown. A readable file.

What cannot be read is as if it had never been there: a wrong file never keeps anybody from working.
"""

import os
from pathlib import Path

import msgspec

from gui.demonstrate.plan import MOST_COUNTDOWN_S
from gui.texts import demonstrate as words
from teleop.config import name_trouble
from teleop.devices.profile_store import devices_folder
from teleop.errors import SetupError

FILE = "demonstrate.json"
MOST_NAMES, MOST_TARGETS, MOST_TARGET = 20, 100, 9999


class Target(msgspec.Struct, frozen=True):
    """How many are wanted of an instruction."""

    instruction: str
    count: int


class Remembered(msgspec.Struct, frozen=True):
    """The content of the file."""

    operator: str = ""  # who was last
    operators: tuple[str, ...] = ()  # newest first
    countdown_s: int = 3
    target: int = 10  # of an instruction that has none of its own
    targets: tuple[Target, ...] = ()

    def target_of(self, instruction: str) -> int:
        """How many are wanted of `instruction`; 0: no end."""
        own = (each.count for each in self.targets if each.instruction == instruction)
        return next(own, self.target)


def with_operator(kept: Remembered, name: str) -> Remembered:
    """The same with another operator; empty: nobody is named."""
    others = (each for each in kept.operators if each != name)
    names = (name, *others) if name else tuple(others)
    return msgspec.structs.replace(kept, operator=name, operators=names[:MOST_NAMES])


def with_target(kept: Remembered, instruction: str, count: int) -> Remembered:
    """The same with another target of `instruction`."""
    others = (each for each in kept.targets if each.instruction != instruction)
    targets = (Target(instruction, count), *others)[:MOST_TARGETS]
    return msgspec.structs.replace(kept, target=count, targets=targets)


def with_countdown(kept: Remembered, seconds: int) -> Remembered:
    """The same with another countdown."""
    return msgspec.structs.replace(kept, countdown_s=seconds)


def memory_file() -> Path:
    """Where it lies: beside the devices' profiles."""
    return devices_folder(os.environ).parent / FILE


def recall(path: Path) -> Remembered:
    """What is remembered; what is out of range is brought back into it."""
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=Remembered)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return Remembered()
    names = tuple(name for name in kept.operators if name and not name_trouble(name))
    return msgspec.structs.replace(
        kept,
        operator="" if name_trouble(kept.operator) else kept.operator,
        operators=names[:MOST_NAMES],
        countdown_s=min(max(kept.countdown_s, 0), MOST_COUNTDOWN_S),
        target=min(max(kept.target, 0), MOST_TARGET),
        targets=tuple(each for each in kept.targets if 0 <= each.count <= MOST_TARGET),
    )


def remember(path: Path, kept: Remembered) -> None:
    """Write the file whole or not at all.

    Raises:
        SetupError: it cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=2) + b"\n")
        part.replace(path)
    except OSError as error:
        raise SetupError(words.not_remembered(str(path), error.strerror or "")) from error
