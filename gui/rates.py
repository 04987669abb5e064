"""Success and intervention per episode. Always both: the second can fall while the first does not.

Each point is the share over the last episodes up to it, so that a new version shows within a few.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gui.view import EpisodeMark
from teleop.messages import Outcome

WINDOW = 10  # episodes


@dataclass(frozen=True)
class Rates:
    """Parallel tuples, one entry an episode that ended."""

    episodes: tuple[int, ...]
    success: tuple[float, ...]  # percent of the last `WINDOW`
    intervention: tuple[float, ...]  # percent of the last `WINDOW` with at least one takeover
    operator_s: tuple[float, ...]
    version_changes: tuple[tuple[int, int], ...]  # episode, version that drove from there on


def rates(marks: Sequence[EpisodeMark]) -> Rates:
    """Return the curves over `marks`, which are in order."""
    success: list[float] = []
    intervention: list[float] = []
    changes: list[tuple[int, int]] = []
    version = -1
    for index, mark in enumerate(marks):
        recent = marks[max(0, index + 1 - WINDOW) : index + 1]
        share = 100.0 / len(recent)
        success.append(share * sum(one.outcome is Outcome.SUCCESS for one in recent))
        intervention.append(share * sum(one.interventions > 0 for one in recent))
        if mark.version >= 0 and mark.version != version:
            changes.append((mark.episode, mark.version))
            version = mark.version
    return Rates(
        tuple(mark.episode for mark in marks),
        tuple(success),
        tuple(intervention),
        tuple(mark.operator_s for mark in marks),
        tuple(changes),
    )
