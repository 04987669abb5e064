"""What control told of refusals, holds, devices and calls for help. No Qt, no I/O."""

from dataclasses import replace

from gui.view import NoticeLine, NoticesView
from teleop.messages import Arm, Mode
from teleop.takeover_messages import Notice, NoticeKind

FRESH = 3  # lines at once
KEPT = 200
SAME_S = 10.0  # the same sentence again within this time is counted, not repeated
CALL_LEAST_S = 2.0  # a call for help stays this long, so that it can be read
RISK_FALLEN = 0.9  # of the alert line
SHOWN_S = {
    NoticeKind.REFUSED: 6.0,
    NoticeKind.HOLD: 8.0,
    NoticeKind.STOPPED: 12.0,
    NoticeKind.DEVICE: 8.0,
    NoticeKind.RESUMED: 5.0,
    NoticeKind.SETTINGS: 6.0,
}


class NoticeLog:
    """Keeps the newest notices, and the calls for help that still stand."""

    def __init__(self) -> None:
        self._log: tuple[NoticeLine, ...] = ()
        self._calls: tuple[NoticeLine, ...] = ()

    def take(self, notice: Notice, now_ns: int, *, said: bool = False) -> None:
        """Fold one notice in that came at `now_ns`; what was `said` elsewhere is only kept."""
        line = NoticeLine(now_ns, notice.kind, notice.arm, notice.text, said=said)
        last = self._log[-1] if self._log else None
        if last is not None and _same(last, line):
            line = replace(line, count=last.count + 1)
            self._log = self._log[:-1]
        self._log = (*self._log[1 - KEPT :], line)
        if notice.kind is NoticeKind.HELP:
            others = (call for call in self._calls if call.arm is not notice.arm)
            self._calls = (*others, line)

    def acknowledge(self) -> None:
        """The operator has seen the calls for help."""
        self._calls = ()

    def settle(
        self, risk: tuple[float, float] | None, modes: tuple[Mode, Mode] | None, now_ns: int
    ) -> None:
        """Drop the calls that are over: the operator has the arm, or the risk has fallen."""
        self._calls = tuple(
            call for call in self._calls if not (_taken(call, modes) or _fallen(call, risk, now_ns))
        )

    def view(self, now_ns: int) -> NoticesView:
        """Return what there is to show now."""
        fresh = tuple(
            line
            for line in self._log[-FRESH:]
            if not line.said and (now_ns - line.came_ns) / 1e9 < SHOWN_S.get(line.kind, 0.0)
        )
        return NoticesView(fresh, self._calls, self._log)


def _same(last: NoticeLine, line: NoticeLine) -> bool:
    soon = (line.came_ns - last.came_ns) / 1e9 < SAME_S
    return soon and (last.kind, last.arm, last.text) == (line.kind, line.arm, line.text)


def _concerned(arm: Arm | None) -> tuple[Arm, ...]:
    return tuple(Arm) if arm is None else (arm,)


def _taken(call: NoticeLine, modes: tuple[Mode, Mode] | None) -> bool:
    return modes is not None and all(modes[arm] is Mode.OPERATOR for arm in _concerned(call.arm))


def _fallen(call: NoticeLine, risk: tuple[float, float] | None, now_ns: int) -> bool:
    if risk is None or (now_ns - call.came_ns) / 1e9 < CALL_LEAST_S:
        return False
    return all(risk[arm] < RISK_FALLEN for arm in _concerned(call.arm))
