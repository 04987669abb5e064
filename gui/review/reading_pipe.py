"""Messages end to end on a socket: four bytes of length, then `teleop.wire` bytes."""

import socket
import struct

_LENGTH = struct.Struct("<I")
MOST_BYTES = 1 << 30  # of one message: hours of rows


def send(sock: socket.socket, payload: bytes) -> None:
    """Send one message; waits until it is on its way.

    Raises:
        OSError: nobody reads it any more.
    """
    sock.sendall(_LENGTH.pack(len(payload)))
    sock.sendall(payload)


def receive(sock: socket.socket) -> bytes | None:
    """Wait for the next message; None: the other side has ended.

    Raises:
        OSError: the socket broke, or a message is too long.
    """
    head = _exactly(sock, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MOST_BYTES:
        raise OSError(f"a message of {length} bytes is not accepted")
    return _exactly(sock, length)


def _exactly(sock: socket.socket, length: int) -> bytes | None:
    buffer = bytearray(length)
    view = memoryview(buffer)
    done = 0
    while done < length:
        count = sock.recv_into(view[done:])
        if not count:
            return None
        done += count
    return bytes(buffer)
