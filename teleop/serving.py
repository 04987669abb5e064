"""Which version is to be served: a pointer in the session's `policies` folder, and who moved it.

    policies/serving        the number of the version, replaced as a whole
    policies/moves.jsonl    one line for each move, the newest last

Moving the pointer is all that serving and rollback are. The policy process and the learner look at
it again and again; so whoever may write the folder may roll back, with or without a session.
"""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from teleop.errors import PolicyMismatch, PolicyNotFound

POINTER = "serving"
MOVES = "moves.jsonl"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Move:
    """One move of the pointer."""

    version: int
    before: int  # -1: there was none
    by: str  # "learner", "operator", "start"
    reason: str
    wall_ns: int


def version_folder(policies: Path, version: int) -> Path:
    """Where a version stands, or would."""
    return policies / f"v{version:04d}"


def serving_version(policies: Path) -> int:
    """The version to serve.

    Raises:
        PolicyNotFound: the pointer was never set.
        PolicyMismatch: the file holds something else than a number.
    """
    try:
        return int((policies / POINTER).read_text())
    except FileNotFoundError:
        raise PolicyNotFound(f"No policy is served from '{policies}' yet.") from None
    except ValueError:
        raise PolicyMismatch(f"'{policies / POINTER}' does not hold a version number.") from None


def move_serving(policies: Path, version: int, by: str, reason: str) -> Move:
    """Point at another version, which must be there whole.

    Raises:
        PolicyNotFound: it is not there.
    """
    if not (version_folder(policies, version) / MANIFEST).is_file():
        raise PolicyNotFound(
            f"Version {version} cannot be served: '{version_folder(policies, version)}' is not "
            f"there. `nudge policy list` names those that are."
        )
    try:
        before = serving_version(policies)
    except (PolicyNotFound, PolicyMismatch):
        before = -1  # never set, or broken: it is mended by this
    move = Move(version, before, by, reason, time.time_ns())
    # The log first: a pointer that moved without a line could not be explained.
    _append(policies / MOVES, msgspec.json.encode(move) + b"\n")
    partial = policies / f".{POINTER}.part"
    partial.write_text(f"{version}\n")
    _sync(partial)
    partial.rename(policies / POINTER)
    _sync(policies)
    return move


def moves(policies: Path) -> tuple[Move, ...]:
    """Every move so far, oldest first; a line that was cut short by a crash is left out."""
    try:
        lines = (policies / MOVES).read_bytes().splitlines()
    except FileNotFoundError:
        return ()
    found: list[Move] = []
    for line in lines:
        try:
            found.append(msgspec.json.decode(line, type=Move))
        except msgspec.DecodeError:
            continue
    return tuple(found)


def way(made: Iterable[Move]) -> tuple[int, ...]:
    """The versions served one after the other, the present one last, without what was taken back.

    A move to a version that was served earlier takes back every move since; so going back twice
    goes back two versions.
    """
    served: list[int] = []
    for move in made:
        if not served and move.before >= 0:
            served.append(move.before)
        served = served[: served.index(move.version)] if move.version in served else served
        served.append(move.version)
    return tuple(served)


def _append(path: Path, line: bytes) -> None:
    with path.open("ab") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
