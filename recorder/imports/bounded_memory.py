"""A limit on what a call into a library may take, for files that lie about their sizes.

HDF5 takes a damaged file's word for how long a text is, and asks for that much memory before it
looks: up to 4 GB for one attribute. Within such a limit that is an error like any other.
"""

import resource
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_STATM = Path("/proc/self/statm")
_DATA_FIELD = 5


@contextmanager
def bounded_memory(more: int) -> Generator[None]:
    """Let this process take at most `more` bytes on top of what it has, until the block is left.

    What asks for more gets an error from its library, or MemoryError. Where the system does not
    tell how much is taken (elsewhere than on Linux) nothing is limited.
    """
    try:
        taken = int(_STATM.read_text().split()[_DATA_FIELD]) * resource.getpagesize()
    except OSError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = taken + more
    if hard != resource.RLIM_INFINITY and wanted > hard:
        wanted = hard
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
