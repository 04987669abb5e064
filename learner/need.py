"""Would a version still have needed an operator's correction? From its chunks alone.

A version needs a correction no longer if, at the rows where the operator drove, it would act as the
operator did: up to what the operator's own unsteadiness explains, and nearer to the operator's
motion than to standing still. Tensor suffixes as in model.py.
"""

from dataclasses import dataclass

from torch import Tensor

STEPS = 3  # of a chunk that are played before the next one comes
FOLLOWED = 0.5  # of the operator's motion; who follows less would be corrected again
UNSTEADY = 2.0  # times the operator's mean unsteadiness is no disagreement
FLOOR = 0.02  # action scales; less is never seen
CLEARLY = 1.25  # times the allowed disagreement, where the version before was within it

_TWISTS = (*range(6), *range(7, 13))  # the entries of an action that move an arm


@dataclass(frozen=True)
class Need:
    """How far a version is from an operator, in action scales; means over a correction's rows."""

    disagreement: float
    allowed: float

    @property
    def needed(self) -> bool:
        """Whether the version would have been corrected; what is not a number would have been."""
        return not self.disagreement <= self.allowed

    @property
    def clearly(self) -> bool:
        """The same with a margin, for a version after one that did not need it."""
        return not self.disagreement <= CLEARLY * self.allowed


def need(chunks_NHA: Tensor, operator_NHA: Tensor, weight_NHA: Tensor) -> Need | None:
    """Compare chunks with what an operator did at the same rows; None if no entry counts.

    Args:
        chunks_NHA: of the version, normalised.
        operator_NHA: executed, normalised alike.
        weight_NHA: 0 where the operator did not drive.
    """
    weight = weight_NHA[:, :STEPS, _TWISTS]
    total = float(weight.sum())
    if total <= 0.0:
        return None
    wanted = operator_NHA[:, :STEPS, _TWISTS]
    away = float(((chunks_NHA[:, :STEPS, _TWISTS] - wanted).abs() * weight).sum()) / total
    size = float((wanted.abs() * weight).sum()) / total
    allowed = FLOOR + max(FOLLOWED * size, UNSTEADY * _unsteadiness(operator_NHA, weight_NHA))
    return Need(away, allowed)


def _unsteadiness(operator_NHA: Tensor, weight_NHA: Tensor) -> float:
    """Mean absolute deviation of a chunk's steps from a straight line through their neighbours."""
    actions, weight = operator_NHA[..., _TWISTS], weight_NHA[..., _TWISTS]
    bend = actions[:, 2:] - 2.0 * actions[:, 1:-1] + actions[:, :-2]
    counts = weight[:, 2:] * weight[:, 1:-1] * weight[:, :-2]
    # The bend of independent steps is sqrt(1 + 4 + 1) times as large as their deviation.
    return float((bend.abs() * counts).sum() / counts.sum().clamp_min(1.0)) / 6.0**0.5


def lost(before: Need, after: Need) -> bool:
    """Whether a later version would need again what an earlier one had learned."""
    return not before.needed and after.clearly
