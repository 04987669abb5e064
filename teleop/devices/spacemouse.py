"""SpaceMice as a device: as many as are plugged in, at most two count; see `binding` for the arms.

A lone puck moves the left arm; its right button, while it is centred, moves it to the other arm
and back. What each button does, on every model, is the table in `puck_models`.

A puck that is plugged in later, or again, is picked up by itself: one thread looks for them, and
each has a thread of its own that reads it. The control loop only fetches the newest reading.
"""

import queue
import threading
from dataclasses import replace
from pathlib import Path

from teleop.clock import RealClock
from teleop.device_messages import (
    AT_REST,
    DeviceLevel,
    DeviceProfile,
    DeviceReading,
    DeviceSeen,
    MotionFrame,
)
from teleop.devices.binding import Claim, bound
from teleop.devices.hid import Puck, find_pucks, forbidden, listed_nodes, require_allowed
from teleop.devices.profile_store import devices_folder, read_profile, write_profile
from teleop.devices.puck_reader import PuckReader, Sample
from teleop.devices.puck_reports import PuckState
from teleop.devices.puck_seen import seen
from teleop.errors import SetupError
from teleop.interfaces import Clock
from teleop.messages import Arm, Mode, frozen_array
from teleop.order_messages import Reply

_PERIOD_S = 0.5  # between two looks for what was plugged in
# After a loss: one that is back within a period may have the same node, which the listing of the
# nodes does not show.
_SCANS = 3
_MISSING_NS = 75_000_000  # a puck in order gives a sample every 25 ms


class SpaceMouse:
    """Implements `teleop.interfaces.Device` and `Tunable`.

    Args:
        required: whether there must be a puck now; otherwise one may come later.
        clock: what readings are stamped with.
        folder: of the profiles; None: the user's own.

    Raises:
        SetupError: the library hidapi is missing.
        DeviceNotFound: a puck is required, and none is plugged in.
        DeviceForbidden: a puck is required, and there is no permission to open it.
    """

    def __init__(
        self, required: bool = False, clock: Clock | None = None, folder: Path | None = None
    ) -> None:
        self._clock = clock or RealClock()
        self._folder = folder or devices_folder()
        self._readers: dict[str, PuckReader] = {}  # by identity; replaced whole
        self._refused: dict[str, str] = {}  # why a puck is not opened
        self._trouble: dict[str, str] = {}  # with its file of settings
        self._modes: tuple[Mode, Mode] | None = None
        self._merging = threading.Lock()
        self._reading: DeviceReading | None = None
        self._unsaved: queue.SimpleQueue[DeviceProfile] = queue.SimpleQueue()
        self._nodes = listed_nodes()
        pucks = find_pucks()
        if required:
            require_allowed(pucks)
        self._present: frozenset[str] = frozenset()
        self._waiting = False  # a puck is there and is not read yet
        self._scans = 0  # to be made even if nothing seems to have changed
        self._closing = False
        self._wake = threading.Event()
        self._meet(pucks)
        self._scout = threading.Thread(target=self._watch, name="puck-scout", daemon=True)
        self._scout.start()

    @property
    def name(self) -> str:
        return "spacemouse"

    @property
    def health(self) -> str:
        """All that can be said of the pucks, in one line."""
        return "; ".join(one.text for one in self.seen(0)) or "No SpaceMouse is plugged in."

    @property
    def trouble(self) -> str:
        """Why a puck that is plugged in cannot be used, and what to do; empty: nothing is wrong."""
        return "; ".join(one.text for one in self.seen(0) if one.level is DeviceLevel.ERROR)

    def read(self, now_ns: int) -> DeviceReading | None:
        return self._reading

    def close(self) -> None:
        self._closing = True
        self._wake.set()
        self._scout.join(timeout=2.0)
        for reader in self._readers.values():
            reader.close()

    def seen(self, now_ns: int) -> tuple[DeviceSeen, ...]:
        return tuple(
            seen(reader, self._refused.get(identity, ""), self._trouble.get(identity, ""))
            for identity, reader in self._readers.items()
        )

    def tune(self, profile: DeviceProfile) -> Reply:
        reader = self._readers.get(profile.serial)
        if reader is None:
            return Reply(False, f"No SpaceMouse has the serial '{profile.serial}'.")
        self._unsaved.put(reader.rest.tune(profile))
        self._wake.set()
        return Reply(True)

    def calibrate(self, serial: str, now_ns: int) -> Reply:
        reader = self._readers.get(serial)
        if reader is None or not reader.is_live:
            return Reply(False, f"No SpaceMouse with the serial '{serial}' is plugged in.")
        reader.rest.calibrate()
        return Reply(True)

    def show(self, modes: tuple[Mode, Mode]) -> None:
        self._modes = modes
        for reader in self._readers.values():
            reader.modes = modes

    def _watch(self) -> None:
        while not self._closing:
            self._wake.wait(_PERIOD_S)
            self._wake.clear()
            self._save()
            nodes = listed_nodes()
            if nodes != self._nodes or self._waiting or self._scans:
                self._nodes, self._scans = nodes, max(0, self._scans - 1)
                self._meet(find_pucks())
            self._bind()
        self._save()

    def _save(self) -> None:
        latest: dict[str, DeviceProfile] = {}
        while not self._unsaved.empty():
            profile = self._unsaved.get()
            latest[profile.serial] = profile
        for serial, profile in latest.items():
            try:
                write_profile(self._folder, profile)
                self._trouble.pop(serial, None)
            except SetupError as error:
                self._trouble[serial] = str(error)

    def _meet(self, pucks: list[Puck]) -> None:
        """Take note of what is plugged in, and begin to read what can be read."""
        found = self._named(pucks)
        readers = dict(self._readers)
        for identity, puck in found.items():
            if identity not in readers:
                readers[identity] = self._moved(puck, readers, found) or self._new(puck)
        self._readers, self._present = readers, frozenset(found)
        self._bind()
        idle = {identity: puck for identity, puck in found.items() if not readers[identity].is_live}
        self._refused = {identity: self._refusal(puck) for identity, puck in idle.items()}
        self._waiting = bool(idle)  # until each was seen live
        for identity, puck in idle.items():
            if not self._refused[identity]:
                for other in readers.values():
                    if not other.is_live and other is not readers[identity]:
                        other.forget()
                readers[identity].attach(puck)
        self._bind()

    def _named(self, pucks: list[Puck]) -> dict[str, Puck]:
        """Return them by identity; of several with one serial number, the later also by port."""
        named: dict[str, Puck] = {}
        for puck in pucks:
            for identity, reader in self._readers.items():
                same = identity.partition("@")[0] == puck.identity
                if same and reader.is_live and reader.puck.node == puck.node:
                    named[identity] = replace(puck, identity=identity)
        read = {puck.node for puck in named.values()}
        for puck in pucks:
            if puck.node not in read:
                free = puck.identity not in named
                identity = puck.identity if free else f"{puck.identity}@{puck.interface}"
                named[identity] = replace(puck, identity=identity)
        return named

    def _refusal(self, puck: Puck) -> str:
        """Why a puck is not read; empty: it is."""
        binding = self._readers[puck.identity].binding
        if not binding.movable and binding.arm is None:
            return (
                f"The {puck.layout.name} at {puck.node} is not used: there are two others, and two "
                "arms; unplug one of them."
            )
        return "" if puck.is_allowed else forbidden(puck)

    def _new(self, puck: Puck) -> PuckReader:
        stored = read_profile(self._folder, puck.identity, puck.layout.name)
        if stored.trouble:
            self._trouble[puck.identity] = stored.trouble
        reader = PuckReader(
            puck, stored.profile, self._clock, self._merge, self._lost, self._unsaved.put
        )
        reader.modes = self._modes
        return reader

    def _moved(
        self, puck: Puck, readers: dict[str, PuckReader], found: dict[str, Puck]
    ) -> PuckReader | None:
        """The reader of a puck without a serial number that came back in another port."""
        gone = [
            identity
            for identity, reader in readers.items()
            if identity not in found and reader.puck.ids == puck.ids and not reader.is_live
        ]
        if puck.has_serial or len(gone) != 1 or readers[gone[0]].puck.has_serial:
            return None
        reader = readers.pop(gone[0])
        profile = replace(reader.rest.profile, serial=puck.identity)
        self._unsaved.put(reader.rest.tune(profile))
        return reader

    def _bind(self) -> None:
        readers = self._readers
        claims = [
            Claim(identity, reader.rest.profile.arm, identity in self._present, reader.is_live)
            for identity, reader in readers.items()
        ]
        for identity, binding in bound(claims).items():
            readers[identity].bind(binding)

    def _lost(self) -> None:
        self._scans = _SCANS
        self._wake.set()
        self._merge()

    def _merge(self) -> None:
        """One reading of all pucks that count, as new as the newest of them.

        Unless one of them is missing: then it grows old, and both arms hold, because silence is
        not letting go. One that was centred when it went does not count, nor one that was deflected
        once another puck is plugged in.
        """
        with self._merging:
            readers = tuple(self._readers.values())
            counted = [
                (reader, sample)
                for reader in readers
                if (sample := reader.sample) is not None
                and (reader.is_live or not sample.is_centred)
            ]
            if not counted:
                return
            newest_ns = max(sample.stamp_ns for _, sample in counted)
            whole = all(
                reader.is_live
                and not reader.is_silent
                and newest_ns - sample.stamp_ns < _MISSING_NS
                for reader, sample in counted
            )
            if not whole and self._reading is not None:
                newest_ns = self._reading.stamp_ns
            samples = [sample for _, sample in counted]
            states = [reader.state for reader in readers]
            self._reading = merged(self.name, newest_ns, samples, states)


def merged(
    name: str, stamp_ns: int, samples: list[Sample], states: list[PuckState]
) -> DeviceReading:
    """Return one reading of `samples`; the counters are those of all `states`."""
    chosen: list[Sample | None] = [None, None]
    for sample in samples:
        before = chosen[sample.state.arm]
        # Two at one arm: a puck that is to go to the other one and is not centred yet.
        if before is None or _most(sample) > _most(before):
            chosen[sample.state.arm] = sample
    left, right = chosen
    return DeviceReading(
        stamp_ns,
        name,
        frozen_array(
            [left.deflection if left else AT_REST, right.deflection if right else AT_REST]
        ),
        gripper_presses=_total([state.gripper_presses for state in states]),
        take_presses=_total([state.take_presses for state in states]),
        rewind_presses=_total([state.rewind_presses for state in states]),
        stop_presses=sum(state.stop_presses for state in states),
        frame=(left.frame if left else MotionFrame(), right.frame if right else MotionFrame()),
        enter=(left.enter if left else 0.0, right.enter if right else 0.0),
        leave=(left.leave if left else 0.0, right.leave if right else 0.0),
        sample_ns=(left.stamp_ns if left else 0, right.stamp_ns if right else 0),
    )


def _most(sample: Sample) -> float:
    return max(map(abs, sample.deflection))


def _total(counters: list[tuple[int, int]]) -> tuple[int, int]:
    return sum(pair[Arm.LEFT] for pair in counters), sum(pair[Arm.RIGHT] for pair in counters)
