"""A hidraw node with the kernel's manners, seen by a program that runs under umockdev's preload.

The preload forwards read and ioctl on the node to a UNIX socket, one connection an open, as
messages of three machine words; a result may be preceded by requests to write into the program's
memory. For `poll` the program has a pipe of its own: one byte in it stands for one queued report,
or for the hang-up of an unplugged device. A pty would have a real hang-up, but a thread of the
kernel without any priority passes its bytes on: up to milliseconds late on a busy machine.
"""

import errno
import os
import selectors
import socket
import struct
import threading
from collections import deque
from itertools import count
from pathlib import Path

from teleop.rig.tree import MAJOR, Entry, UsbIds, replace_link

_SLOTS = 63  # reports that fit the kernel's ring of 64; the newest is dropped when it is full
_WORDS = struct.Struct("@3L")
_IOCTL, _READ, _WRITE = 1, 7, 8  # from the program
_DONE, _PEEK, _POKE = 3, 5, 6  # to the program
_RDESC_SIZE, _RDESC, _RAW_INFO = 1, 2, 3  # numbers of the HIDIOC requests
_BUS_USB = 3
_NUMBERS = count()


class _Opening:
    """One open of the node: its queue of reports, and the pipe that tells of them."""

    def __init__(self, root: Path, number: int, mode: int) -> None:
        self.reports: deque[bytes] = deque()
        self._pipe = root / f"dev/.pipes/{next(_NUMBERS)}"
        os.mkfifo(self._pipe)
        self.allow(mode)
        self._end = os.open(self._pipe, os.O_RDWR | os.O_NONBLOCK)
        replace_link(root / f"dev/hidraw{number}", str(self._pipe))
        self._is_open = True

    def allow(self, mode: int) -> None:
        self._pipe.chmod(mode)

    def queue(self, report: bytes) -> bool:
        if len(self.reports) >= _SLOTS:
            return False
        self.reports.append(report)
        os.write(self._end, b"\0")
        return True

    def take(self) -> bytes:
        os.read(self._end, 1)
        return self.reports.popleft()

    def hang_up(self) -> None:
        """Let the program read from now on, which fails."""
        if self._is_open:
            os.write(self._end, b"\0")

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            os.close(self._end)
            self._pipe.unlink()


class Node:
    """/dev/hidraw`number` in the tree at `root`, until it is unplugged and closed.

    Attributes:
        plugged: until it is unplugged.
        dropped: reports that found the queue full.
        written: output reports, in the order they came.
        takes_output: otherwise a write fails, as on a device without output reports.
    """

    def __init__(self, root: Path, ids: UsbIds, number: int, port: int, mode: int) -> None:
        self._root, self._ids, self._number, self._mode = root, ids, number, mode
        self.plugged, self.dropped = True, 0
        self.written: list[bytes] = []
        self.takes_output = True
        self._lock = threading.RLock()
        self._openings: dict[socket.socket, _Opening] = {}
        (root / f"dev/.node/hidraw{number}").symlink_to(f"{MAJOR}:{number}")
        self._next = _Opening(root, number, mode)
        self._path = root / f"ioctl/dev/hidraw{number}"
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(self._path))
        self._path.chmod(0o777)
        self._server.listen()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._server, selectors.EVENT_READ)
        self._entry = Entry(root, ids, number, port)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name=f"hidraw{number}")
        self._thread.start()

    @property
    def in_use(self) -> bool:
        """Whether a program still has it open; its number is taken until then."""
        return bool(self._openings)

    def allow(self, mode: int) -> None:
        """Give the node another mode, as a new udev rule does."""
        with self._lock:
            self._mode = mode
            self._next.allow(mode)

    def send(self, report: bytes) -> None:
        """Queue one input report, its number first, for everyone who has the node open."""
        with self._lock:
            for opening in self._openings.values() if self.plugged else ():
                self.dropped += not opening.queue(report)

    def unplug(self) -> None:
        """Take the device away; programs that have it open get a hang-up and errors."""
        with self._lock:
            if not self.plugged:
                return
            self.plugged = False
            for opening in self._openings.values():
                opening.hang_up()
            self._next.hang_up()
            self._next.close()
            self._entry.remove()
            for name in (f"dev/hidraw{self._number}", f"dev/.node/hidraw{self._number}"):
                (self._root / name).unlink()
            self._path.unlink()

    def close(self) -> None:
        """Unplug and stop serving. Programs that have the node open must have ended."""
        self.unplug()
        self._closing.set()
        self._thread.join()
        for connection in (*self._openings, self._server):
            connection.close()
        self._selector.close()

    def _serve(self) -> None:
        while not self._closing.is_set():
            for key, _ in self._selector.select(0.02):
                with self._lock:
                    if key.fileobj is self._server:
                        self._accept()
                    else:
                        self._answer(key.fileobj)  # pyright: ignore[reportArgumentType]

    def _accept(self) -> None:
        connection, _ = self._server.accept()
        self._openings[connection] = self._next
        if self.plugged:  # else: opened as the plug was pulled; it gets errors as the others do
            self._next = _Opening(self._root, self._number, self._mode)
        self._selector.register(connection, selectors.EVENT_READ)

    def _answer(self, connection: socket.socket) -> None:
        request = connection.recv(_WORDS.size, socket.MSG_WAITALL)
        if len(request) < _WORDS.size:  # the program has closed it
            self._selector.unregister(connection)
            self._openings.pop(connection).close()
            connection.close()
            return
        command, first, second = _WORDS.unpack(request)
        if not self.plugged:
            self._done(connection, -1, errno.EIO)
        elif command == _READ:
            self._read(connection, first, second)
        elif command == _WRITE:
            self._write(connection, first, second)
        elif command == _IOCTL:
            self._ioctl(connection, first, second)
        else:
            self._done(connection, -1, errno.ENOSYS)

    def _read(self, connection: socket.socket, buffer: int, size: int) -> None:
        opening = self._openings[connection]
        if not opening.reports:
            self._done(connection, -1, errno.EAGAIN)
            return
        report = opening.take()[:size]
        self._poke(connection, buffer, report)
        self._done(connection, len(report))

    def _write(self, connection: socket.socket, buffer: int, size: int) -> None:
        connection.sendall(_WORDS.pack(_PEEK, buffer, size))
        report = connection.recv(size, socket.MSG_WAITALL)
        if not self.takes_output:
            self._done(connection, -1, errno.EPIPE)
            return
        self.written.append(report)
        self._done(connection, size)

    def _ioctl(self, connection: socket.socket, request: int, argument: int) -> None:
        descriptor = self._ids.descriptor
        answers = {
            _RDESC_SIZE: struct.pack("i", len(descriptor)),
            _RDESC: struct.pack("I", len(descriptor)) + descriptor,
            _RAW_INFO: struct.pack("=IHH", _BUS_USB, self._ids.vendor, self._ids.product),
        }
        kind, number = request >> 8 & 0xFF, request & 0xFF
        if kind != ord("H") or number not in answers:
            self._done(connection, -1, errno.ENOTTY)
            return
        self._poke(connection, argument, answers[number])
        self._done(connection, 0)

    def _poke(self, connection: socket.socket, address: int, data: bytes) -> None:
        connection.sendall(_WORDS.pack(_POKE, address, len(data)) + data)

    def _done(self, connection: socket.socket, result: int, error: int = 0) -> None:
        connection.sendall(_WORDS.pack(_DONE, result & (2**64 - 1), error))
