"""Where finished pieces are kept, and how two processes share the work without a word.

    FOLDER/finetune-offset-good-0.1a2b3c4d.json     a finished piece
    FOLDER/finetune-offset-good-0.1a2b3c4d.claim    the number of the process that is at work on it

A piece's name carries a digest of the terms it was measured on, so that those of other terms, or of
another base policy, never mix.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from learner.bench_learner.pieces import Terms

Piece = TypeVar("Piece")


@dataclass(frozen=True)
class Kept:
    """Finished pieces in a folder.

    Attributes:
        folder: is made if it is not there.
        terms: of all pieces that are read and written.
    """

    folder: Path
    terms: Terms

    def load(self, kind: type[Piece], name: str) -> Piece | None:
        """The piece of that name if it is finished."""
        try:
            return msgspec.json.decode(self._path(name).read_bytes(), type=kind)
        except FileNotFoundError:
            return None

    def save(self, name: str, piece: object) -> None:
        """Keep a finished piece, and give up the claim to it."""
        path = self._path(name)
        partial = path.with_suffix(f".{os.getpid()}.part")
        partial.write_bytes(msgspec.json.format(msgspec.json.encode(piece), indent=1) + b"\n")
        partial.replace(path)
        self.give_up(name)

    def claim(self, name: str) -> bool:
        """Whether this process is to make that piece: it is not finished, and nobody is at it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        claim = self._path(name).with_suffix(".claim")
        if self._path(name).exists():
            return False
        if claim.exists() and not _lives(claim.read_text()):
            claim.unlink(missing_ok=True)
        try:
            descriptor = os.open(claim, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            return False
        with os.fdopen(descriptor, "w") as file:
            file.write(str(os.getpid()))
        return True

    def give_up(self, name: str) -> None:
        """Leave the piece to others."""
        self._path(name).with_suffix(".claim").unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        digest = hashlib.sha256(msgspec.json.encode(self.terms)).hexdigest()[:8]
        return self.folder / f"{name}.{digest}.json"


def _lives(process: str) -> bool:
    """Whether the process of that number runs; one that has not yet written it does."""
    if not process:
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
