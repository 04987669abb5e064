"""The versions of a session and which of them is served, as the learner sees it."""

import logging
from collections.abc import Iterator

from learner.manifest import Manifest, load_manifest
from learner.model import PolicyNet
from learner.store import PolicyStore
from teleop.errors import PolicyError
from teleop.serving import MOVES, Move, moves

OPERATOR = "operator"

log = logging.getLogger(__name__)


class Served:
    """Follows a store and its pointer, which an operator may move at any time.

    Attributes:
        manifests: of all versions, by number.
        net: the version that is served.
    """

    def __init__(self, store: PolicyStore) -> None:
        self.store = store
        self.manifests = dict(_readable(store))
        self._version = store.serving()
        self.net = store.load(self._version)[0]
        self._nets: dict[int, PolicyNet] = {self._version: self.net}
        self._moves: tuple[Move, ...] = ()
        self._size = -1

    @property
    def manifest(self) -> Manifest:
        """Of the version that is served."""
        return self.manifests[self._version]

    @property
    def operator_moves(self) -> int:
        """How often somebody else than the learner chose a version since the session began."""
        return sum(move.by == OPERATOR for move in self.moves)

    @property
    def moves(self) -> tuple[Move, ...]:
        """Of the pointer, oldest first."""
        path = self.store.folder / MOVES
        size = path.stat().st_size if path.exists() else 0
        if size != self._size:
            self._moves, self._size = moves(self.store.folder), size
        return self._moves

    def was_served(self, version: int) -> bool:
        """Whether the pointer ever was moved to it."""
        return any(move.version == version for move in self.moves)

    def follow(self) -> bool:
        """Take note of the pointer; whether somebody moved it."""
        try:
            version = self.store.serving()
            if version == self._version:
                return False
            self._take(version)
        except PolicyError:
            return False  # the policy process goes on with the one before too, and says why
        return True

    def choose(self, version: int) -> None:
        """Serve another version because the operator says so; fits go on from there.

        Raises:
            PolicyNotFound: there is none of that number.
        """
        self.store.promote(version, OPERATOR, "chosen by the operator")
        self.follow()

    def move(self, version: int, reason: str) -> None:
        """Have another version served."""
        self.store.promote(version, "learner", reason)
        self._take(version)

    def add(self, manifest: Manifest, net: PolicyNet) -> None:
        """A version was published."""
        self.manifests[manifest.version] = manifest
        self._nets[manifest.version] = net

    def load(self, version: int) -> PolicyNet:
        """The net of a version; nobody changes it."""
        if version not in self._nets:
            self._nets[version] = self.store.load(version)[0]
        return self._nets[version]

    def _take(self, version: int) -> None:
        if version not in self.manifests:
            self.manifests[version] = load_manifest(self.store.path(version))
        self.net = self.load(version)
        self._version = version
        # A net is 10 MB: keep what is served, and the newest one, from which a fit may start.
        kept = {version, max(self._nets)}
        self._nets = {number: net for number, net in self._nets.items() if number in kept}


def _readable(store: PolicyStore) -> Iterator[tuple[int, Manifest]]:
    """The manifests that can be read: a damaged version is passed over, not a reason to end."""
    for version in store.versions():
        try:
            yield version, load_manifest(store.path(version))
        except PolicyError as error:
            log.warning("version %d is left out: %s", version, error)
