"""One thread that reads one SpaceMouse, and its newest sample for whoever asks.

It drains the queue, so that a sample is never old; stamps each; goes on stamping while the puck is
healthy and at rest, when a real one sends nothing; and stops stamping when the puck is unplugged,
or is silent although it is deflected, which a puck in reach never is. The thread ends with the
puck's connection; `attach` begins another one when it is plugged in again. It also sets the light,
because writing to a device may block.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from teleop.chunks import NEVER
from teleop.device_messages import DeviceProfile, MotionFrame, Six
from teleop.devices.binding import Binding
from teleop.devices.hid import Puck, open_puck
from teleop.devices.hid_handle import HidHandle
from teleop.devices.puck_reports import (
    PuckState,
    after_report,
    after_time,
    is_motion,
    is_readable,
    let_go,
)
from teleop.devices.rest_watch import RestWatch
from teleop.errors import DeviceLost
from teleop.interfaces import Clock
from teleop.messages import Arm, Mode

_WAIT_MS = 25  # an idle puck wakes its thread 40 times a second
_QUIET_NS = 100_000_000  # deflected, a puck reports every 8 ms
_SETTLE_NS = 50_000_000  # after opening, for the first report of one that is held deflected
_LET_GO_NS = 300_000_000  # centred for this long it may go to another arm; a hand passes faster


@dataclass(frozen=True)
class Sample:
    """The puck at an instant."""

    stamp_ns: int
    state: PuckState
    deflection: Six  # by its profile
    is_centred: bool
    frame: MotionFrame
    enter: float
    leave: float


class PuckReader:
    """Reads one puck, whenever it is plugged in, until it is closed.

    Attributes:
        puck: as it was found last.
        sample: the newest; None: there has been none since it was plugged in.
        is_live: whether it is plugged in and read.
        lost: why it is not; empty: it is, or was not tried yet.
        is_silent: it is deflected, and says nothing any more.
        has_spoken: a report came since it was plugged in.
        odd: a report that could not be read, for people; empty: none.
        is_dim: it has a light, which could not be set.

    Args:
        puck: found, not opened yet.
        profile: how it is read.
        clock: what the samples are stamped with.
        tell: called in its thread after each sample.
        gone: called in its thread when the puck is gone.
        keep: called in its thread with a profile that is to be kept.
    """

    def __init__(
        self,
        puck: Puck,
        profile: DeviceProfile,
        clock: Clock,
        tell: Callable[[], None],
        gone: Callable[[], None],
        keep: Callable[[DeviceProfile], None],
    ) -> None:
        self.puck = puck
        self.rest = RestWatch(profile)
        self.sample: Sample | None = None
        self.is_live = False
        self.lost = ""
        self.is_silent = self.has_spoken = self.is_dim = False
        self.odd = ""
        self.modes: tuple[Mode, Mode] | None = None
        self._clock, self._tell, self._gone, self._keep = clock, tell, gone, keep
        self._binding = Binding(None)
        self._go_to: Arm | None = None
        self._centred_ns = NEVER  # since when; NEVER: it is not
        self._state = PuckState()
        self._opened_ns = self._report_ns = 0
        self._lit: bool | None = None  # None: nobody has set it
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> PuckState:
        """The newest, read or not."""
        return self._state

    @property
    def binding(self) -> Binding:
        """Which arm it is to move."""
        return self._binding

    def bind(self, binding: Binding) -> None:
        """Let it move another arm, as soon as it is centred. From any thread."""
        if binding != self._binding:
            self._binding, self._go_to = binding, binding.arm

    def attach(self, puck: Puck) -> None:
        """Begin to read it; it is plugged in and allowed, and was not live."""
        if self._thread is not None:
            self._thread.join()
        if self.sample is not None and self.sample.is_centred:
            self.sample = None
        if self.sample is None and self._go_to is not None:
            self._state, self._go_to = replace(self._state, arm=self._go_to), None
        self.puck, self.lost, self.is_live = puck, "", True
        self._thread = threading.Thread(target=self._run, name=f"puck-{puck.identity}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop the thread, which closes the handle. Idempotent."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(timeout=2.0)

    def _run(self) -> None:
        try:
            handle = open_puck(self.puck)
            try:
                self._read(handle)
            finally:
                handle.close()
        except DeviceLost as error:
            self.lost = f"{error} It is used again as soon as it is back."
        # A handle that is gone sends no zero: what was held is not held any more, but the last
        # sample stays, with a stamp that grows old, so that the arm holds.
        self._state = let_go(self._state)
        self.is_live = self.is_silent = False
        self._gone()

    def _read(self, handle: HidHandle) -> None:
        self._opened_ns = self._report_ns = self._clock.now_ns()
        self.has_spoken, self.odd, self.is_dim, self._lit = False, "", False, None
        self.rest.opened(self._opened_ns)
        while not self._closing.is_set():
            report = self._next(handle, _WAIT_MS)
            while report:
                self._take(report)
                report = self._next(handle, 0)
            self._light(handle)
            self._stamp(self._clock.now_ns())

    def _next(self, handle: HidHandle, timeout_ms: int) -> bytes:
        try:
            return handle.read(timeout_ms)
        except ConnectionError as error:
            name, node = self.puck.layout.name, self.puck.node
            raise DeviceLost(f"The {name} at {node} was unplugged.") from error

    def _take(self, report: bytes) -> None:
        if not is_readable(report):
            self.odd = f"report {report[0]} of {len(report)} bytes"
            return
        now_ns = self._clock.now_ns()
        self.has_spoken = True
        if is_motion(report):  # a wireless puck tells of its battery too
            self._report_ns = now_ns
        movable = self._binding.movable and self.rest.is_centred(self._state.axes)
        self._state = after_report(self._state, report, self.puck.layout, movable, now_ns)

    def _light(self, handle: HidHandle) -> None:
        light = self.puck.layout.light
        if self.modes is None or not light or self.is_dim:
            return
        lit = self.modes[self._state.arm] is Mode.OPERATOR
        if lit != self._lit:
            self._lit = lit
            self.is_dim = not handle.write(light if lit else self.puck.layout.dark)

    def _stamp(self, now_ns: int) -> None:
        axes = self._state.axes
        kept = self.rest.look(axes, now_ns)
        if kept is not None:
            self._keep(kept)
        self._state = after_time(self._state, now_ns)
        is_centred = self.rest.is_centred(axes)
        self.is_silent = not is_centred and now_ns - self._report_ns > _QUIET_NS
        if self.is_silent or not (self.has_spoken or now_ns - self._opened_ns > _SETTLE_NS):
            return
        if not is_centred:
            self._centred_ns = NEVER
        elif self._centred_ns == NEVER:
            self._centred_ns = now_ns
        elif self._go_to is not None and now_ns - self._centred_ns > _LET_GO_NS:
            self._state, self._go_to = replace(self._state, arm=self._go_to), None
        self.sample = Sample(
            now_ns,
            self._state,
            self.rest.deflection(axes),
            is_centred,
            self.rest.effective.frame,
            self.rest.enter,
            self.rest.leave,
        )
        self._tell()
