"""Whether a drill left every episode whole: asked of `nudge record verify`, a layer above."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from teleop.errors import SessionError


@dataclass(frozen=True)
class EpisodeFile:
    """What the drills need to know of a file that was read to its end."""

    name: str
    episode: int
    state: str
    outcome: str
    reason: str
    steps: int
    last_index: int
    opened_epoch_ns: int


@dataclass(frozen=True)
class Files:
    """What lies in a session's folder after its end."""

    whole: tuple[EpisodeFile, ...] = ()
    broken: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()

    def episodes(self) -> tuple[EpisodeFile, ...]:
        """The files of episodes, without the cuts."""
        return tuple(file for file in self.whole if file.state != "cut")


def read_files(session: Path) -> Files:
    """Let `nudge record verify` read every file of the session.

    Raises:
        SessionError: it could not.
    """
    words = [sys.executable, "-m", "teleop.cli", "record", "verify", str(session), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    try:
        return msgspec.json.decode(done.stdout, type=Files)
    except msgspec.DecodeError:
        raise SessionError(
            f"The episodes of {session} could not be verified: {done.stderr.strip()}"
        ) from None
