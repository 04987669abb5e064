"""Labels of each row as Sirius and IWR name them, for one arm and for both together.

Codes as in Sirius (Liu et al., RSS 2023): -1 a demonstration, 0 the policy, 1 a human
intervention, and -10, in `intv_labels` only, the rows before an intervention. IWR (Mandlekar et
al., 2020) weighs the rows of `action_modes` 1 up.
"""

import numpy as np
from numpy.typing import NDArray

from recorder.labels import Label

DEMONSTRATION, ROLLOUT, INTERVENTION, PRE_INTERVENTION = -1, 0, 1, -10

_MODE_OF = {Label.DEMONSTRATION: DEMONSTRATION, Label.INTERVENTION: INTERVENTION}
_LABEL_OF = {**_MODE_OF, Label.PRE_INTERVENTION: PRE_INTERVENTION}
_FIRST = (INTERVENTION, PRE_INTERVENTION, DEMONSTRATION)  # what both arms together are called by


def action_modes(labels: NDArray[np.integer]) -> NDArray[np.int64]:
    """Who drove: codes -1, 0, 1 of `labels.Label` codes, in their shape."""
    return _coded(labels, _MODE_OF)


def intervention_labels(labels: NDArray[np.integer]) -> NDArray[np.int64]:
    """`action_modes`, and -10 before an intervention."""
    return _coded(labels, _LABEL_OF)


def of_both_arms(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """One code a row, (N,) of (N, 2): an intervention of one arm is one of the row.

    Else the second before one, else a demonstration, else the policy.
    """
    row = np.full(len(codes), ROLLOUT, np.int64)
    for code in reversed(_FIRST):
        row[(codes == code).any(axis=1)] = code
    return row


def _coded(labels: NDArray[np.integer], table: dict[Label, int]) -> NDArray[np.int64]:
    codes = np.array([table.get(label, ROLLOUT) for label in Label], np.int64)
    return codes[labels]
