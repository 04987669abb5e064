"""How far an export is, as lines of JSON on stderr: for a program that runs it, such as the window.

A line that is no such JSON is an error in words.
"""

import sys
from dataclasses import dataclass, replace
from typing import TextIO

import msgspec

from recorder.export.selection import Chosen


@dataclass(frozen=True)
class ExportProgress:
    """How far it is.

    Attributes:
        episodes: that are in the target.
        of: all that are to be.
        megabytes: read so far of `of_megabytes`; what was there already does not count.
        at: the episode that is being written; empty: none.
        reading_back: all are written, and what makes the dataset complete is being checked.
    """

    episodes: int = 0
    of: int = 0
    megabytes: float = 0.0
    of_megabytes: float = 0.0
    at: str = ""
    reading_back: bool = False

    @property
    def share(self) -> float:
        """0 to 1."""
        return min(1.0, self.megabytes / self.of_megabytes) if self.of_megabytes else 0.0


class ProgressLines:
    """Implements `work.Progress`, and is a context manager as its other implementation is."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._progress = ExportProgress()

    def __enter__(self) -> "ProgressLines":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held."""

    def begin(self, chosen: tuple[Chosen, ...], there: frozenset[str]) -> None:
        left = [episode for episode in chosen if episode.name not in there]
        self._tell(
            ExportProgress(
                episodes=len(chosen) - len(left),
                of=len(chosen),
                of_megabytes=sum(episode.size for episode in left) / 1e6,
            )
        )

    def add(self, episode: Chosen) -> None:
        self._tell(replace(self._progress, at=episode.name))

    def added(self, episode: Chosen) -> None:
        now = self._progress
        self._tell(
            replace(
                now, episodes=now.episodes + 1, megabytes=now.megabytes + episode.size / 1e6, at=""
            )
        )

    def finish(self) -> None:
        self._tell(replace(self._progress, reading_back=True))

    def _tell(self, progress: ExportProgress) -> None:
        self._progress = progress
        self._stream.write(msgspec.json.encode(progress).decode() + "\n")
        self._stream.flush()


def progress_in(line: str) -> ExportProgress | None:
    """What a line says; None: it is something else."""
    try:
        return msgspec.json.decode(line, type=ExportProgress)
    except msgspec.DecodeError:
        return None
