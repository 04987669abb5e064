"""A process's sign of life, about once a second, with the rate at which it works."""

import os
from collections.abc import Callable

from teleop.messages import Health

PERIOD_NS = 1_000_000_000


class Heartbeat:
    """Called every round of a process's loop; sends now and then.

    Args:
        process: the process's name.
        send: gives a `Health` to the bus.
    """

    def __init__(self, process: str, send: Callable[[Health], None]) -> None:
        self._process = process
        self._send = send
        self._since_ns = 0
        self._worked = 0
        self._level = ""

    def beat(
        self,
        now_ns: int,
        *,
        worked: bool = True,
        level: str = "ok",
        text: str = "",
        numbers: dict[str, float] | None = None,
    ) -> bool:
        """Count one round, and send a sign of life when one is due.

        The first is sent at once, and so is one whose level is another than the last one's:
        trouble shall not wait.

        Args:
            now_ns: the instant.
            worked: whether this round did its work; `rate_hz` counts those that did.
            level: ok, warning or error.
            text: a sentence for the window.
            numbers: sent beside `rate_hz`.

        Returns:
            Whether one was sent.
        """
        self._worked += worked
        elapsed_ns = now_ns - self._since_ns
        if elapsed_ns < PERIOD_NS and level == self._level:
            return False
        rates = (
            {"rate_hz": self._worked * 1e9 / elapsed_ns} if self._since_ns and elapsed_ns else {}
        )
        self._send(Health(self._process, os.getpid(), now_ns, level, text, rates | (numbers or {})))
        self._since_ns, self._worked, self._level = now_ns, 0, level
        return True
