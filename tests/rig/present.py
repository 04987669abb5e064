"""Whether this machine can run virtual pucks."""

import ctypes

import pytest

from teleop.rig.pucks import PRELOAD


def _missing() -> str:
    for library, package in ((PRELOAD, "umockdev"), ("libhidapi-hidraw.so.0", "libhidapi-hidraw0")):
        try:
            ctypes.CDLL(library)
        except OSError:
            return package
    return ""


needs_virtual_pucks = pytest.mark.skipif(
    bool(_missing()), reason=f"{_missing()} is not installed: apt-get install {_missing()}"
)
