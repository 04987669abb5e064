"""A screen in memory (Xvfb), for measuring and photographing the window as an X client.

Qt's own off-screen drawing skips what a real screen costs: copies to another process, and events.
"""

import os
import shutil
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager

from teleop.errors import SetupError

START_S = 10.0


@contextmanager
def virtual_screen(width: int, height: int) -> Generator[Mapping[str, str]]:
    """The environment of programs that draw on a screen of that many pixels, while it lasts.

    Raises:
        SetupError: Xvfb is missing or does not start.
    """
    program = shutil.which("Xvfb")
    if program is None:
        raise SetupError("Xvfb is not installed: apt-get install xvfb, then run this again.")
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24"]
    server = subprocess.Popen(
        [*command, "-nolisten", "tcp", "-noreset"], pass_fds=(writing,), stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            number = numbers.readline().strip()  # comes when it is ready; empty: it has ended
        if not number:
            raise SetupError(
                f"Xvfb ended at once (exit code {server.wait(START_S)}): see {program}."
            )
        yield os.environ | {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait(START_S)
