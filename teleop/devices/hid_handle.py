"""An open HID device, through the hidapi that easyhid has loaded.

easyhid's own handle returns a short report padded to the size asked for, so that six axes cannot be
told from three, and hides why a write failed; this one does not. Reading and writing let other
threads run. hidapi's opening and closing are not thread-safe: both happen under `HID_LOCK`.

hidapi 0.13 frees its handle and then writes an error message into it when a node turns out to be
none while it is being opened, as when a puck is unplugged at that moment: the process dies. The
node is therefore tried without hidapi first.
"""

import fcntl
import os
import threading
from typing import Any, cast

from easyhid import easyhid

HID_LOCK = threading.Lock()  # around every enumeration, opening and closing in this process
_SIZE = 64  # bytes; longer than any report of a puck
_DESCRIPTOR_SIZE = 0x8004_4801  # HIDIOCGRDESCSIZE, which only a hidraw node answers

_library = cast(Any, easyhid).hidapi
_ffi = cast(Any, easyhid).ffi


class HidHandle:
    """A device at `node`; to be read, written and closed by one thread.

    Raises:
        ConnectionError: it cannot be opened.
    """

    def __init__(self, node: str) -> None:
        with HID_LOCK:
            _try(node)
            self._device = _library.hid_open_path(node.encode())
        if not self._device:
            raise ConnectionError(node)
        self._buffer = _ffi.new("unsigned char[]", _SIZE)

    def read(self, timeout_ms: int) -> bytes:
        """Return one report, empty if none comes in time.

        Raises:
            ConnectionError: it is gone.
        """
        count = _library.hid_read_timeout(self._device, self._buffer, _SIZE, timeout_ms)
        if count < 0:
            raise ConnectionError
        return bytes(_ffi.buffer(self._buffer, count))

    def write(self, report: bytes) -> bool:
        """Send an output report, its number first; false if the device does not take it."""
        sent = _library.hid_write(self._device, _ffi.from_buffer(report), len(report))
        return bool(sent == len(report))

    def close(self) -> None:
        """Idempotent."""
        with HID_LOCK:
            device, self._device = self._device, None
            if device:
                _library.hid_close(device)


def _try(node: str) -> None:
    try:
        number = os.open(node, os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            fcntl.ioctl(number, _DESCRIPTOR_SIZE, bytes(4))
        finally:
            os.close(number)
    except OSError as error:
        raise ConnectionError(node) from error
