"""The pieces that the table is made of: each is measured once, kept as a file, never again."""

from dataclasses import dataclass

NEAR = "near"


@dataclass(frozen=True)
class Terms:
    """What all pieces of one table have in common.

    Attributes:
        policy: digest of the weights every session starts from.
        scenes: of one evaluation.
        limit_s: an evaluated episode that has not succeeded by then has failed.
        held_scenes: of the evaluation of each shift that was not corrected.
        corrections: at most, of one shift.
        checked: counts of corrections after which the version that was served is evaluated.
        operator: "good" or "worse".
    """

    policy: str
    scenes: int
    limit_s: float
    held_scenes: int = 0
    corrections: int = 0
    checked: tuple[int, ...] = ()
    operator: str = ""


@dataclass(frozen=True)
class Base:
    """The policy that the sessions start from, on one distribution, scene by scene."""

    distribution: str
    seed: int
    successes: tuple[bool, ...]

    def rate(self, scenes: int | None = None) -> float:
        """Share of successes on the first `scenes`, or all."""
        return share(self.successes[:scenes])


@dataclass(frozen=True)
class Point:
    """Success of the version that was served after so many corrections."""

    corrections: int
    success: float
    version: int


@dataclass(frozen=True)
class Cell:
    """One session: a method corrected on one shift, and what became of everything else.

    Attributes:
        near_change, held_out_change: success after the session less that before it, on the very
            same scenes; held out are the shifts that were not corrected.
        made: corrections that were made.
        episodes: that it took, with those in which the policy needed no help.
        operator_s: simulated seconds with an arm in the operator's hands.
        fit_s: wall seconds of each update, from the end of the episode's file to the new version.
        refused: versions that the gate turned down.
        wall_s: that this piece took.
        settled: success of what is served once the fit in the background has ended too, about a
            minute after the last correction; None: was not evaluated.
    """

    method: str
    shift: str
    seed: int
    curve: tuple[Point, ...]
    near_change: float
    held_out_change: float
    made: int
    episodes: int
    operator_s: float
    fit_s: tuple[float, ...]
    refused: int
    wall_s: float
    settled: float | None = None


@dataclass(frozen=True)
class Turn:
    """One shift in a session that went through all of them.

    Attributes:
        before: success when its turn began.
        own: when its turn was over.
        end: when all turns were over, and the fit in the background too.
        made: corrections in its turn.
    """

    shift: str
    before: float
    own: float
    end: float
    made: int


@dataclass(frozen=True)
class Sequence:
    """All shifts one after the other in one session."""

    method: str
    seed: int
    turns: tuple[Turn, ...]
    near_change: float
    operator_s: float
    refused: int
    wall_s: float


def share(successes: tuple[bool, ...]) -> float:
    """Share of successes; 0 of none."""
    return sum(successes) / len(successes) if successes else 0.0
