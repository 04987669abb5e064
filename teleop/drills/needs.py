"""What some drills need from the machine, and the sentence for what is missing."""

import ctypes
from pathlib import Path

from teleop.errors import SetupError
from teleop.rig.pucks import PRELOAD

PUCK_LIBRARIES = ((PRELOAD, "umockdev"), ("libhidapi-hidraw.so.0", "libhidapi-hidraw0"))
FAKETIME = "faketime/libfaketimeMT.so.1"


def missing_library() -> str:
    """The package that a virtual puck lacks; empty: none."""
    for library, package in PUCK_LIBRARIES:
        try:
            ctypes.CDLL(library)
        except OSError:
            return package
    return ""


def faketime() -> Path:
    """Where libfaketime is.

    Raises:
        SetupError: it is not installed.
    """
    for folder in ("/usr/lib", "/usr/lib64", "/usr/local/lib"):
        for found in Path(folder).glob(f"*/{FAKETIME}"):
            return found
        if (direct := Path(folder, FAKETIME)).is_file():
            return direct
    raise SetupError(
        "The wall clock was not stepped: libfaketime is not installed (apt-get install "
        "libfaketime), and stepping the machine's own clock would step it for every other program."
    )
