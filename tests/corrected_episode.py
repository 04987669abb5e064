"""Episodes in memory with a takeover, a gap, a lost image: what exporters must not blur."""

import numpy as np

from recorder.labels import OPERATOR
from tests.drawn_episode import DrawnEpisode

TAKEOVER, HAND_BACK = 10, 20  # rows; the right arm
LOST = 2  # row of the image table of the first camera that "was lost"
GAP_NS = 5_000_000_000


class CorrectedEpisode(DrawnEpisode):
    """A rollout of 30 rows in which the right arm is taken over."""

    def __init__(self) -> None:
        super().__init__()
        self._columns["modes"][TAKEOVER:HAND_BACK, 1] = OPERATOR
        for name in ("executed_opening", "opening"):
            self._columns[name] = np.abs(self._columns[name]) % 1.0


class GappedEpisode(CorrectedEpisode):
    """Rows before the hand-back and after it lie five seconds apart."""

    def __init__(self) -> None:
        super().__init__()
        self._columns["stamp_ns"][HAND_BACK:] += GAP_NS


class LossyEpisode(CorrectedEpisode):
    """No image before row 3, and one of the left camera's images was lost."""

    def image_rows(self, camera: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        rows = super().image_rows(camera).copy()
        rows[:3] = -1
        if camera == self.header.cameras[0]:
            rows[rows == LOST] = -1
        return rows
