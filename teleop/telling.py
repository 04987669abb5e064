"""Tells the operator at once: refusals, holds, stops, calls for help. After the command is sent."""

from collections.abc import Callable

from teleop.arbiter import Decision
from teleop.messages import Arm
from teleop.notices import Standing, Throttle, changes
from teleop.takeover_messages import Notice, NoticeKind


class Teller:
    """Compares every tick with the one before; lives in the control loop's thread.

    Args:
        tell: gives a notice to the bus.
    """

    def __init__(self, tell: Callable[[Notice], None]) -> None:
        self._tell = tell
        self._throttle = Throttle()
        self._standing = Standing()
        self._cameras = ("", "")

    def tell(
        self,
        decision: Decision,
        calls: tuple[Notice, ...],
        unknown_cameras: tuple[str, str],
        now_ns: int,
    ) -> None:
        """Tell of what has changed with this tick's decision.

        Args:
            decision: of the tick.
            calls: for help, that begin now.
            unknown_cameras: per arm, a camera whose axes were asked for and that nobody knows.
            now_ns: the instant.
        """
        state = decision.state
        standing = Standing(state.session_mode, state.stop_reason, decision.holds)
        if calls:
            self._send(calls)
        if decision.refusals:
            self._send(self._throttle.refused(decision.refusals, now_ns))
        if standing != self._standing:
            self._send(self._throttle.passed(changes(self._standing, standing, now_ns)))
            self._standing = standing
        if unknown_cameras != self._cameras:
            self._send(_of_cameras(self._cameras, unknown_cameras, now_ns))
            self._cameras = unknown_cameras

    def _send(self, notices: tuple[Notice, ...]) -> None:
        for notice in notices:
            self._tell(notice)


def _of_cameras(before: tuple[str, str], after: tuple[str, str], now_ns: int) -> tuple[Notice, ...]:
    return tuple(
        Notice(
            now_ns,
            NoticeKind.DEVICE,
            arm,
            f"There is no camera '{after[arm]}' to move along; the device moves in world axes.",
        )
        for arm in Arm
        if after[arm] and after[arm] != before[arm]
    )
