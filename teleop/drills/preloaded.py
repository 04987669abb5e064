"""Small C libraries that are built here and loaded before all others by the processes of a drill.

They change for these processes alone what would be changed for the whole machine otherwise.
"""

import os
import shutil
import struct
import subprocess
from pathlib import Path

from teleop.errors import SetupError


def compiled(source: Path, folder: Path, undone: str) -> Path:
    """Compile the C file `source` into a library in `folder`.

    Args:
        undone: what cannot be done without it, as the beginning of a sentence.

    Raises:
        SetupError: there is no compiler, or it fails.
    """
    compiler = shutil.which("cc")
    if compiler is None:
        raise SetupError(
            f"{undone}: there is no C compiler (apt-get install gcc libc6-dev) to build the "
            "library that does it for the drill's processes alone."
        )
    library = folder / f"{source.stem}.so"
    words = [compiler, "-shared", "-fPIC", "-O1", "-pthread", "-o", str(library), str(source)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupError(f"{undone}: {done.stderr.strip()}")
    return library


def preloading(library: Path) -> dict[str, str]:
    """What a process is to be started with, beside its own environment, to load the library."""
    return {"LD_PRELOAD": " ".join(filter(None, [os.environ.get("LD_PRELOAD"), str(library)]))}


class Setting:
    """Whole numbers in a file that a preloaded library follows, at first all 0.

    Args:
        path: of the file, which is made.
        count: of the numbers.
    """

    def __init__(self, path: Path, count: int) -> None:
        self._path = path
        self._numbers = struct.Struct(f"@{count}q")
        path.write_bytes(self._numbers.pack(*[0] * count))

    def take(self, *numbers: int) -> None:
        """Set all of them at once."""
        with self._path.open("r+b") as file:
            file.write(self._numbers.pack(*numbers))
