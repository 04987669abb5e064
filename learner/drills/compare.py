"""What two runs of the same session left behind, compared; and what may be loaded after a kill."""

from dataclasses import asdict
from pathlib import Path

from learner.judging import LOSSES, read_losses
from learner.manifest import Manifest
from learner.store import PolicyStore
from teleop.errors import NudgeError
from teleop.serving import moves

_TIMES = ("fit_s", "seconds_from_handback", "created_ns", "data_age_s")


def differences(one: Path, two: Path) -> list[str]:
    """A sentence for each thing that differs between two `policies` folders, but for the times."""
    first, second = PolicyStore(one), PolicyStore(two)
    if first.versions() != second.versions():
        return [f"versions {second.versions()} instead of {first.versions()}"]
    found: list[str] = []
    for version in first.versions():
        (net, manifest), (other, told) = first.load(version), second.load(version)
        mine, theirs = net.state_dict(), other.state_dict()
        if any(not tensor.equal(theirs[name]) for name, tensor in mine.items()):
            found.append(f"version {version} has other weights")
        if _timeless(manifest) != _timeless(told):
            found.append(f"version {version} has another manifest")
    if (one / LOSSES).read_bytes() != (two / LOSSES).read_bytes():
        found.append(f"other losses, {len(read_losses(two))} curves")
    if [move.version for move in moves(one)] != [move.version for move in moves(two)]:
        found.append("the pointer was moved to other versions")
    if first.serving() != second.serving():
        found.append(f"version {second.serving()} is served instead of {first.serving()}")
    return found


def unloadable(policies: Path) -> list[str]:
    """A sentence for each version that is there and cannot be loaded, the served one too."""
    store = PolicyStore(policies)
    found: list[str] = []
    for version in (*store.versions(), store.serving()):
        try:
            store.load(version)
        except NudgeError as error:
            found.append(str(error))
    return found


def _timeless(manifest: Manifest) -> dict[str, object]:
    # What is not a number equals nothing, itself included.
    return {name: repr(value) for name, value in asdict(manifest).items() if name not in _TIMES}
