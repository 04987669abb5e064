"""What some drills need from the machine, and the sentence for what is missing."""

import ctypes

from teleop.rig.pucks import PRELOAD

PUCK_LIBRARIES = ((PRELOAD, "umockdev"), ("libhidapi-hidraw.so.0", "libhidapi-hidraw0"))


def missing_library() -> str:
    """The package that a virtual puck lacks; empty: none."""
    for library, package in PUCK_LIBRARIES:
        try:
            ctypes.CDLL(library)
        except OSError:
            return package
    return ""
