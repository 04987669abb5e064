"""A wall clock that can be stepped for one session: a small library, preloaded to its processes.

The machine's own clock would be stepped for every other program too. libfaketime will not do: it
makes `time.sleep` fail with EINVAL in Python (0.9.10 with 3.11), and time spaces of the kernel have
no wall clock. The library is harsher than a true step: a wait until a wall time that a program asks
for after the step is wrong by all of it for as long as it lasts.
"""

import os
import shutil
import struct
import subprocess
from pathlib import Path

from teleop.errors import SetupError

SOURCE = Path(__file__).with_name("wall_clock.c")
_SECONDS = struct.Struct("@q")


class WallClock:
    """The wall clock of every process that is started with `environment`.

    Args:
        folder: where the library and its setting go.

    Raises:
        SetupError: there is no compiler for the library.
    """

    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc")
        if compiler is None:
            raise SetupError(
                "The wall clock was not stepped: there is no C compiler (apt-get install gcc "
                "libc6-dev) to build the library that does it for the session alone."
            )
        self._setting, library = folder / "clock", folder / "wall_clock.so"
        words = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SetupError(f"The wall clock was not stepped: {done.stderr.strip()}")
        self._setting.write_bytes(_SECONDS.pack(0))
        preload = " ".join(filter(None, [os.environ.get("LD_PRELOAD"), str(library)]))
        self.environment = {"LD_PRELOAD": preload, "NUDGE_CLOCK": str(self._setting)}

    def be_wrong_by(self, seconds: int) -> None:
        """Step the clock to so much after the true time."""
        with self._setting.open("r+b") as file:
            file.write(_SECONDS.pack(seconds))
