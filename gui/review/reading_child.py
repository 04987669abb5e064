"""The window's end of the process that reads episodes; it is started anew where it died."""

import contextlib
import signal
import socket
import subprocess
import sys

from gui.review.patience import Patience, look_at
from gui.review.reading_messages import Answer, Asked, At, Request, Told
from gui.review.reading_pipe import receive, send
from gui.texts import review as texts
from teleop.errors import EpisodeError
from teleop.wire import decoder, encode

PROGRAM = "gui.review.reading_work"
LIMIT_S = 30.0  # of its own time, for one message of it
LOOK_S = 1.0  # between two looks at a silent one
_END_S = 2.0


class ReaderDied(EpisodeError):
    """The process died of what it read, or never came to an end.

    Attributes:
        name: of the episode or clip whose file it had opened last, empty: none.
    """

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.name = name


class ReadingChild:
    """Asks one request after the other; to be used by one thread, but for `close`."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._sock: socket.socket | None = None
        self._decode = decoder(Told)

    def ask(self, request: Request) -> Answer:
        """Return the answer.

        Raises:
            ReaderDied: there was none.
        """
        at = ""
        try:
            sock = self._sock or self._start()
            send(sock, encode(Asked(request)))
            while (payload := self._receive(sock, at)) is not None:
                answer = self._decode(payload).answer
                if not isinstance(answer, At):
                    return answer
                at = answer.name
        except OSError:  # it is gone, which the end of it explains
            pass
        raise ReaderDied(at, self._end())

    def _receive(self, sock: socket.socket, at: str) -> bytes | None:
        """Wait for a message as long as the process may take for one, which is at `at`."""
        child = self._child
        process = child.pid if child is not None else 0
        patience = Patience(LIMIT_S, look_at(process))

        def silent() -> None:
            if patience.over(look_at(process), LOOK_S):
                self.close()
                raise ReaderDied(at, texts.NO_END.format(limit_s=LIMIT_S))

        return receive(sock, silent)

    def close(self) -> None:
        """End it. Idempotent; a request that is on its way ends with ReaderDied."""
        child, self._child = self._child, None
        sock, self._sock = self._sock, None
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for an answer
            sock.close()
        if child is not None:
            child.kill()
            child.wait()

    def _start(self) -> socket.socket:
        own, its = socket.socketpair()
        with its:
            self._child = subprocess.Popen(
                [sys.executable, "-m", PROGRAM, str(its.fileno())],
                pass_fds=(its.fileno(),),
                stdin=subprocess.DEVNULL,
                process_group=0,  # Ctrl-C is for the window, which ends it
            )
        own.settimeout(LOOK_S)
        self._sock = own
        return own

    def _end(self) -> str:
        """How it ended, which may take it a moment."""
        child, code = self._child, None
        if child is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = child.wait(timeout=_END_S)
        self.close()
        if code is None:
            return "the reading process neither answered nor ended"
        if code < 0:
            return f"HDF5 crashed over it ({signal.Signals(-code).name})"
        return f"the reading process ended with {code}"
