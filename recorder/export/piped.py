"""A file written through a pipe, for a library that waits for ever where the disk refuses a write.

The library writes into the pipe, which always takes; a thread writes the file. After the first
refusal the rest goes nowhere, and the refusal is told at the end.
"""

import contextlib
import errno
import os
import threading
from collections.abc import Generator
from pathlib import Path

_BLOCK_BYTES = 1 << 20
_END_S = 60.0  # for the last blocks, once the library has let go of the pipe


@contextlib.contextmanager
def piped_to(path: Path) -> Generator[Path]:
    """Yield what the library is to write to; the file is complete when the block is left.

    Args:
        path: of the file, which is made anew. The library must have closed its own by then.

    Raises:
        OSError: the file cannot be written.
    """
    refused: list[OSError] = []
    with path.open("wb", buffering=0) as file:
        reading, writing = os.pipe()

        def copy() -> None:
            with os.fdopen(reading, "rb", buffering=0) as pipe:
                while block := pipe.read(_BLOCK_BYTES):
                    left = memoryview(block)
                    try:
                        while left and not refused:
                            left = left[file.write(left) :]
                    except OSError as error:
                        refused.append(error)

        copier = threading.Thread(target=copy, name=f"write {path.name}", daemon=True)
        copier.start()
        try:
            yield Path(f"/proc/self/fd/{writing}")
        finally:
            os.close(writing)
            copier.join(_END_S)
        if copier.is_alive():
            raise TimeoutError(errno.ETIMEDOUT, "it was not written to its end in time", str(path))
    if refused:
        raise refused[0]
