"""The versions of a session as they stand on disk, without their weights."""

from dataclasses import dataclass
from pathlib import Path

from learner.manifest import Manifest, load_manifest
from teleop.errors import PolicyError
from teleop.serving import MANIFEST, Move, moves, serving_version, way


@dataclass(frozen=True)
class Versions:
    """What there is.

    Attributes:
        serving: the version that is served; -1: none yet.
        manifests: ascending by version.
        moves: of the pointer, oldest first.
        trouble: a sentence for each version that cannot be read.
    """

    policies: Path
    serving: int
    manifests: tuple[Manifest, ...]
    moves: tuple[Move, ...]
    trouble: tuple[str, ...]

    def of(self, version: int) -> Manifest | None:
        return next((m for m in self.manifests if m.version == version), None)

    def lineage(self, version: int) -> tuple[Manifest, ...]:
        """The version, its parent, and so on to one that has none."""
        found: list[Manifest] = []
        manifest = self.of(version)
        while manifest is not None and manifest not in found:
            found.append(manifest)
            manifest = self.of(manifest.parent)
        return tuple(found)


def read_versions(policies: Path) -> Versions:
    """Look at everything; what cannot be read is told and left out.

    Raises:
        PolicyMismatch: the pointer is broken.
    """
    manifests: list[Manifest] = []
    trouble: list[str] = []
    for path in sorted(policies.glob(f"v[0-9]*/{MANIFEST}")):
        try:
            manifests.append(load_manifest(path.parent))
        except PolicyError as error:
            trouble.append(str(error))
    try:
        serving = serving_version(policies)
    except FileNotFoundError:
        serving = -1
    manifests.sort(key=lambda manifest: manifest.version)
    return Versions(policies, serving, tuple(manifests), moves(policies), tuple(trouble))


def version_before(versions: Versions) -> int:
    """The version that was served before the present one; -1: there was none.

    Without a log of moves it is the newest accepted version before.
    """
    served = way(versions.moves)
    known = [version for version in served if versions.of(version) is not None]
    if known and known[-1] == versions.serving:
        return known[-2] if len(known) > 1 else -1
    older = [m.version for m in versions.manifests if m.accepted and m.version < versions.serving]
    return max(older, default=-1)
