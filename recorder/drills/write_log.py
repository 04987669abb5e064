"""All calls by which a process changes files, in their order: a small library writes them down."""

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from teleop.errors import SetupError

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


def build(folder: Path) -> Path:
    """Compile the library into `folder`. Raises SetupError: there is no compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise SetupError(
            "There is no C compiler (apt-get install gcc libc6-dev) to build the library that "
            "writes down what a process writes."
        )
    library = folder / "write_log.so"
    words = [compiler, "-shared", "-fPIC", "-O1", "-pthread", "-o", str(library), str(SOURCE)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupError(f"The write log could not be built: {done.stderr.strip()}")
    return library


def environment(library: Path, root: Path, log: Path) -> dict[str, str]:
    """What a process is to be started with, beside its own environment."""
    preload = " ".join(filter(None, [os.environ.get("LD_PRELOAD"), str(library)]))
    return {"LD_PRELOAD": preload, "NUDGE_WRITE_ROOT": str(root), "NUDGE_WRITE_LOG": str(log)}


def records(log: Path) -> Iterator[Record]:
    """Read a log."""
    with log.open("rb") as file:
        while head := file.read(_HEAD.size):
            what, number, first, second = _HEAD.unpack(head)
            path, content = file.read(first), file.read(second)
            yield Record(Call(what.decode()), number, path.decode(), content)
