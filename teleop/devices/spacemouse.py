"""SpaceMice as a device: as many as are plugged in, at most two count; see `binding` for the arms.

A lone puck moves the left arm; its right button, while it is centred, moves it to the other arm
and back. What each button does, on every model, is the table in `puck_models`.

A puck that is plugged in later, or again, is picked up by itself: one thread looks for them, and
each has a thread of its own that reads it. The control loop only fetches the newest reading.
"""

import queue
import threading
import time
from pathlib import Path

from teleop.clock import RealClock
from teleop.device_messages import (
    DeviceLevel,
    DeviceProfile,
    DeviceReading,
    DeviceSeen,
)
from teleop.devices.hid import Puck, find_pucks, listed_nodes, require_allowed
from teleop.devices.profile_store import devices_folder, read_profile, write_profile
from teleop.devices.puck_merge import merged
from teleop.devices.puck_reader import PuckReader, Sample
from teleop.devices.puck_roster import PuckRoster
from teleop.devices.puck_seen import seen
from teleop.errors import SetupError
from teleop.interfaces import Clock
from teleop.messages import Mode
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
        self._trouble: dict[str, str] = {}  # with its file of settings
        self._modes: tuple[Mode, Mode] | None = None
        self._merging = threading.Lock()
        self._reading: DeviceReading | None = None
        self._unsaved: queue.SimpleQueue[DeviceProfile] = queue.SimpleQueue()
        self._nodes = listed_nodes()
        pucks = find_pucks()
        if required:
            require_allowed(pucks)
        self._due_s = time.monotonic() + _PERIOD_S
        self._scans = 0  # to be made even if nothing seems to have changed
        self._closing = False
        self._wake = threading.Event()
        self._roster = PuckRoster(self._new, self._unsaved.put)
        self._roster.meet(pucks)
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
        self._roster.close()

    def seen(self, now_ns: int) -> tuple[DeviceSeen, ...]:
        return tuple(
            seen(reader, self._roster.refused.get(identity, ""), self._trouble.get(identity, ""))
            for identity, reader in self._roster.readers.items()
        )

    def tune(self, profile: DeviceProfile) -> Reply:
        reader = self._roster.readers.get(profile.serial)
        if reader is None:
            return Reply(False, f"No SpaceMouse has the serial '{profile.serial}'.")
        self._unsaved.put(reader.rest.tune(profile))
        self._wake.set()
        return Reply(True)

    def calibrate(self, serial: str, now_ns: int) -> Reply:
        reader = self._roster.readers.get(serial)
        if reader is None or not reader.is_live:
            return Reply(False, f"No SpaceMouse with the serial '{serial}' is plugged in.")
        reader.rest.calibrate()
        return Reply(True)

    def show(self, modes: tuple[Mode, Mode]) -> None:
        self._modes = modes
        for reader in self._roster.readers.values():
            reader.modes = modes

    def _watch(self) -> None:
        while not self._closing:
            self._wake.wait(max(0.0, self._due_s - time.monotonic()))
            self._wake.clear()
            self._save()
            if time.monotonic() >= self._due_s:
                self._due_s = time.monotonic() + _PERIOD_S
                self._scan()
            self._roster.bind()
        self._save()

    def _scan(self) -> None:
        nodes = listed_nodes()
        if nodes != self._nodes or self._roster.is_waiting or self._scans:
            self._nodes, self._scans = nodes, max(0, self._scans - 1)
            self._roster.meet(find_pucks())

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

    def _new(self, puck: Puck) -> PuckReader:
        stored = read_profile(self._folder, puck.identity, puck.layout.name)
        if stored.trouble:
            self._trouble[puck.identity] = stored.trouble
        reader = PuckReader(
            puck, stored.profile, self._clock, self._merge, self._lost, self._unsaved.put
        )
        reader.modes = self._modes
        return reader

    def _lost(self) -> None:
        self._scans = _SCANS
        self._due_s = time.monotonic() + _PERIOD_S  # not at once: the node is still going away
        self._wake.set()
        self._merge()

    def _merge(self) -> None:
        """One reading of all pucks. While none can be relied on, the last one grows old.

        One that was let go when it was unplugged is not missed.
        """
        with self._merging:
            readers = tuple(self._roster.readers.values())
            counted = [
                (reader, sample)
                for reader in readers
                if (sample := reader.sample) is not None
                and (reader.is_live or not sample.is_centred)
            ]
            newest_ns = max((sample.stamp_ns for _, sample in counted), default=0)
            present: list[Sample] = []
            missing: list[Sample] = []
            for reader, sample in counted:
                heard = reader.is_live and not reader.is_silent
                in_order = heard and newest_ns - sample.stamp_ns < _MISSING_NS
                (present if in_order else missing).append(sample)
            if present:
                states = [reader.state for reader in readers]
                self._reading = merged(self.name, present, missing, states)
