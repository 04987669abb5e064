"""Messages end to end on a socket: four bytes of length, then `teleop.wire` bytes."""

import socket
import struct
from collections.abc import Callable

_LENGTH = struct.Struct("<I")
MOST_BYTES = 1 << 30  # of one message: hours of rows


def send(sock: socket.socket, payload: bytes) -> None:
    """Send one message; waits until it is on its way.

    Raises:
        OSError: nobody reads it any more.
    """
    sock.sendall(_LENGTH.pack(len(payload)))
    sock.sendall(payload)


def _no_limit() -> None:
    """Wait on."""


def receive(sock: socket.socket, silent: Callable[[], None] = _no_limit) -> bytes | None:
    """Wait for the next message; None: the other side has ended.

    Args:
        sock: where from.
        silent: called whenever nothing came within the socket's time; it may raise to give up.

    Raises:
        OSError: the socket broke, or a message is too long.
    """
    head = _exactly(sock, _LENGTH.size, silent)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MOST_BYTES:
        raise OSError(f"a message of {length} bytes is not accepted")
    return _exactly(sock, length, silent)


def _exactly(sock: socket.socket, length: int, silent: Callable[[], None]) -> bytes | None:
    buffer = bytearray(length)
    view = memoryview(buffer)
    done = 0
    while done < length:
        try:
            count = sock.recv_into(view[done:])
        except TimeoutError:
            silent()
            continue
        if not count:
            return None
        done += count
    return bytes(buffer)
