"""A value that was asked for and is not in force yet. No Qt, no I/O.

What the window shows as set is what control reports; what was asked for stands beside it, marked
as pending, until control reports it, refuses it, or lets too much time pass.
"""

WAIT_S = 2.0  # an answer comes within 0.5 s, a report every 0.1 s
NEAR = 1e-3


class Wish:
    """One number that control is asked to set."""

    def __init__(self) -> None:
        self._value: float | None = None
        self._asked_ns = 0

    @property
    def pending(self) -> float | None:
        """What was asked for and not reported yet; None: nothing."""
        return self._value

    def ask(self, value: float, now_ns: int) -> None:
        """The operator asks for `value` at `now_ns`; an earlier wish is forgotten."""
        self._value = value
        self._asked_ns = now_ns

    def refuse(self) -> None:
        """Control has refused."""
        self._value = None

    def report(self, value: float | None, now_ns: int) -> None:
        """Control reports that `value` is set, at `now_ns`."""
        if self._value is None:
            return
        reached = value is not None and abs(value - self._value) < NEAR
        if reached or (now_ns - self._asked_ns) / 1e9 > WAIT_S:
            self._value = None
