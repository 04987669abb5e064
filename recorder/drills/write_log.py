"""All calls by which a process changes files, in their order: a small library writes them down."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from teleop.drills.preloaded import compiled, preloading

SOURCE = Path(__file__).with_name("write_log.c")
_HEAD = struct.Struct("=cqqq")


class Call(StrEnum):
    """What was done."""

    CREATE = "c"
    FOLDER = "d"
    WRITE = "w"
    LENGTH = "t"
    SYNC = "f"
    RENAME = "r"
    REMOVE = "u"
    SAY = "s"


@dataclass(frozen=True)
class Record:
    """One call.

    Attributes:
        number: the place of a write, or the new length.
        path: of the file or folder; of what is said, the words.
        content: that was written; of a renaming, the new path.
    """

    call: Call
    number: int
    path: str
    content: bytes


def writing_down(folder: Path, root: Path, log: Path) -> dict[str, str]:
    """What a process is to be started with, beside its own environment.

    Args:
        folder: where the library goes.
        root: what is done below it is written down.
        log: where to.

    Raises:
        SetupError: there is no compiler for the library.
    """
    library = compiled(SOURCE, folder, "What is written was not written down")
    return {
        **preloading(library),
        "NUDGE_WRITE_ROOT": str(root),
        "NUDGE_WRITE_LOG": str(log),
    }


def records(log: Path) -> Iterator[Record]:
    """Read a log."""
    with log.open("rb") as file:
        while head := file.read(_HEAD.size):
            what, number, first, second = _HEAD.unpack(head)
            path, content = file.read(first), file.read(second)
            yield Record(Call(what.decode()), number, path.decode(), content)
