"""How much a row of a correction counts: by what came of it, and how soon."""

import numpy as np
from numpy.typing import NDArray

from recorder.labels import Label
from teleop.messages import Outcome

AT_ONCE_S = 1.0  # what any hand needs for the last bit: rows this near to success count fully
FADE_S = 3.0  # of further time in the hand, after which a row counts 1/e
LEAST = 0.01  # where it came to nothing; not 0, for what was done there can still be asked about


def credit(
    stamps_ns: NDArray[np.int64], labels_TM: NDArray[np.int8], outcome: Outcome
) -> NDArray[np.float64]:
    """(T,) how much the operator's rows count; 1 for all others.

    A person who struggles shows how to struggle, and shows it for longer than others show how it is
    done. So a row fades with the time that the parts were still in the hand from there until the
    episode succeeded; the policy's own time costs nothing, and an episode without an outcome yet
    counts as if it had succeeded now. What was done in an episode that failed hardly counts.
    (Weights that fall with what was still to come: Peng et al. 2019, "Advantage-weighted
    regression", algorithm 1, with the time in the hand as the cost.)

    Args:
        stamps_ns: (T,) of the rows, increasing.
        labels_TM: `Label` of each row and arm.
        outcome: of the episode.
    """
    by_hand = (labels_TM == Label.INTERVENTION).any(axis=1)
    if outcome is Outcome.FAIL:
        return np.where(by_hand, LEAST, 1.0)
    spent_s = np.append(np.diff(stamps_ns), 0) * 1e-9 * by_hand
    left_s = np.cumsum(spent_s[::-1])[::-1]
    faded = np.exp(-np.maximum(0.0, left_s - AT_ONCE_S) / FADE_S)
    return np.where(by_hand, np.maximum(faded, LEAST), 1.0)
