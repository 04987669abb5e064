"""One thread that reads one SpaceMouse, and its newest state for whoever asks.

It drains the queue, so that a reading is never old; stamps each state; goes on stamping while the
puck is healthy and at rest, when a real one sends nothing; and stops stamping when the puck is
unplugged, or is silent although it is deflected, which a puck in reach never is. Plugged in again,
it resumes by itself.
"""

import threading
from dataclasses import dataclass, replace

from teleop.clock import RealClock
from teleop.devices.hid import Puck, close_puck, find_pucks, open_puck, read_puck
from teleop.devices.puck_reports import Axes, PuckState, after_report, is_centred
from teleop.devices.rest import Rest, calibrated, corrected
from teleop.errors import DeviceLost
from teleop.interfaces import Clock
from teleop.messages import Arm

_WAIT_MS = 20
_QUIET_NS = 100_000_000  # deflected, a puck reports every 8 ms
_RESCAN_S = 0.5
_CALIBRATION_NS = 500_000_000  # after opening, when nobody is expected to push yet


@dataclass(frozen=True)
class Sample:
    """The puck at an instant."""

    stamp_ns: int
    state: PuckState


class PuckReader:
    """Reads `puck` in a thread of its own until it is closed.

    Args:
        puck: found, not opened yet.
        lone: whether the right button moves it between the arms.
        arm: the arm it moves at first.
        clock: what the samples are stamped with.
    """

    def __init__(self, puck: Puck, lone: bool, arm: Arm, clock: Clock | None = None) -> None:
        self._puck: Puck | None = puck
        self._identity, self._name = puck.identity, puck.layout.name
        self._lone = lone
        self._clock = clock or RealClock()
        self._state = PuckState(arm=arm)
        self._rest = Rest()
        self._looks: list[Axes] = []
        self._opened_ns = 0
        self._report_ns = 0
        self._closing = threading.Event()
        self.sample: Sample | None = None  # replaced whole, so that any thread may read it
        self.health = f"{self._name}: being opened"
        self._thread = threading.Thread(
            target=self._run, name=f"puck-{self._identity}", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop the thread, which closes the handle. Idempotent."""
        self._closing.set()
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        while not self._closing.is_set():
            puck = self._puck or self._search()
            if puck is None:
                self._closing.wait(_RESCAN_S)
                continue
            self._puck = None
            try:
                open_puck(puck)
                self._read_until_lost(puck)
            except DeviceLost as error:
                self.health = f"{error} It is used again as soon as it is back."
                # A handle that is gone sends no zero: what was held is not held any more, but the
                # last sample stays, with a stamp that grows old, so that the arm holds.
                self._state = PuckState(
                    arm=self._state.arm,
                    gripper_presses=self._state.gripper_presses,
                    stop_presses=self._state.stop_presses,
                )
            finally:
                close_puck(puck)

    def _search(self) -> Puck | None:
        """Find the same puck again, wherever the kernel has put it; a lone one in any port."""
        pucks = find_pucks()
        same = [puck for puck in pucks if puck.identity == self._identity]
        if not same and self._lone:
            same = [puck for puck in pucks if puck.layout.name == self._name]
        return same[0] if same else None

    def _read_until_lost(self, puck: Puck) -> None:
        self.health = f"{puck.layout.name} at {puck.node}"
        self._opened_ns = self._report_ns = self._clock.now_ns()
        self._rest, self._looks = Rest(), []
        calibrating = True
        while not self._closing.is_set():
            report = read_puck(puck, _WAIT_MS)
            while report:
                self._take(report, puck)
                report = read_puck(puck, 0)
            if calibrating and self._clock.now_ns() - self._opened_ns > _CALIBRATION_NS:
                self._rest, calibrating = calibrated(self._looks), False
            self._stamp()

    def _take(self, report: bytearray, puck: Puck) -> None:
        self._report_ns = self._clock.now_ns()
        self._state = after_report(self._state, report, puck.layout, self._lone)
        if self._report_ns - self._opened_ns <= _CALIBRATION_NS:
            self._looks.append(self._state.axes)

    def _stamp(self) -> None:
        now_ns = self._clock.now_ns()
        if not is_centred(self._state.axes) and now_ns - self._report_ns > _QUIET_NS:
            return
        axes = corrected(self._state.axes, self._rest)
        self.sample = Sample(now_ns, replace(self._state, axes=axes))
