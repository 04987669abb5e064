"""One part of the recorder's drill: a kind of fault, made many times over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class PartResult:
    """What a part found.

    Attributes:
        rounds: faults that were made.
        violations: a sentence for everything that may not be.
        worst_lost_ms: of the episode that was open, -1: the part does not tell.
        numbers: what else was counted, by name.
        skipped: why it could not be run here; empty: it was.
    """

    rounds: int
    violations: tuple[str, ...] = ()
    worst_lost_ms: float = -1.0
    numbers: dict[str, float] = field(default_factory=dict[str, float])
    skipped: str = ""


class Progress(Protocol):
    """Told how far a part has come."""

    def __call__(self, done: int) -> None: ...


# Makes the fault so many times in a folder of its own. Raises SetupError: this machine lacks
# something, which skips the part.
RunPart = Callable[[Path, int, Progress], PartResult]


@dataclass(frozen=True)
class Part:
    """A row of the table of parts.

    Attributes:
        name: what the user types.
        fault: what is done, and what must hold after it.
        target: `module:function` of a `RunPart`, imported when it is run.
        rounds: how often if nobody says.
    """

    name: str
    fault: str
    target: str
    rounds: int
