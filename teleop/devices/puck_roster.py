"""All pucks that were plugged in at some time: who is who, who is read, and whose arm it is.

Told by one thread what is plugged in; any thread may look at `readers` and `refused`, which are
replaced whole.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from teleop.device_messages import DeviceProfile
from teleop.devices.binding import Claim, bound
from teleop.devices.hid import Puck, forbidden
from teleop.devices.puck_reader import PuckReader


class PuckRoster:
    """Begins to read what is plugged in and allowed.

    Attributes:
        readers: by identity; of pucks that are gone, too.
        refused: why a puck that is plugged in is not read.
        is_waiting: a puck is there and was not seen being read yet.

    Args:
        make: a reader for a puck that was never there.
        keep: takes the profile of a puck whose identity has changed.
    """

    def __init__(
        self, make: Callable[[Puck], PuckReader], keep: Callable[[DeviceProfile], None]
    ) -> None:
        self.readers: dict[str, PuckReader] = {}
        self.refused: dict[str, str] = {}
        self.is_waiting = False
        self._make, self._keep = make, keep
        self._present: frozenset[str] = frozenset()

    def meet(self, pucks: Sequence[Puck]) -> None:
        """Take note of what is plugged in, and begin to read what can be read."""
        found = self._named(pucks)
        readers = dict(self.readers)
        for identity, puck in found.items():
            if identity not in readers:
                readers[identity] = self._moved(puck, readers, found) or self._make(puck)
        self.readers, self._present = readers, frozenset(found)
        self.bind()
        idle = {identity: puck for identity, puck in found.items() if not readers[identity].is_live}
        refused = {identity: self._refusal(puck) for identity, puck in idle.items()}
        self.refused = {identity: reason for identity, reason in refused.items() if reason}
        self.is_waiting = bool(idle)
        for identity, puck in idle.items():
            if not refused[identity]:
                readers[identity].attach(puck)
        self.bind()

    def bind(self) -> None:
        """Give each puck its arm, by the profiles as they are now."""
        readers = self.readers
        claims = [
            Claim(identity, reader.rest.profile.arm, identity in self._present, reader.is_live)
            for identity, reader in readers.items()
        ]
        for identity, binding in bound(claims).items():
            readers[identity].bind(binding)

    def close(self) -> None:
        """Stop reading. Idempotent."""
        for reader in self.readers.values():
            reader.close()

    def _named(self, pucks: Sequence[Puck]) -> dict[str, Puck]:
        """Return them by identity; of several with one serial number, the later also by port."""
        named: dict[str, Puck] = {}
        for puck in pucks:
            for identity, reader in self.readers.items():
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
        self._keep(reader.rest.tune(profile))
        return reader

    def _refusal(self, puck: Puck) -> str:
        """Why a puck is not read; empty: it is."""
        binding = self.readers[puck.identity].binding
        if not binding.movable and binding.arm is None:
            return (
                f"The {puck.layout.name} at {puck.node} is not used: there are two others, and two "
                "arms; unplug one of them."
            )
        return "" if puck.is_allowed else forbidden(puck)
