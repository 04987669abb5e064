"""Whether a correction agrees with the rest of what was recorded.

Two questions that need no policy. Did the arms move as the correction's actions say? Mirrored axes,
another frame and actions of something else fail here. And was, in similar states, about the same
done in demonstrations and in earlier corrections? Tensor suffixes as in model.py.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from learner.memory import Index, Memory
from learner.observe import POSITION_SCALE, ROTATION_SCALE
from learner.policy import CHUNK_PERIOD_NS
from learner.rows import Rows
from learner.samples import Stratum
from teleop.messages import NUM_ARMS

STEPS = 3  # of a chunk; long enough for the arm to follow, short enough to be in contact or not
FEWEST = 3  # rows that a cosine is taken of
FEWEST_SIMILAR = 8  # the same among similar states, and at least half of the correction
MOVED = 0.02  # root mean square of an axis in action scales; less is not judged alone
NEIGHBOURS = 8
COMPARED = 400  # rows of the demonstrations at most
_ARM = 7
_SHIFT, _TURN = slice(0, 6), slice(6, 12)  # in proprioception, see observe.py


@dataclass(frozen=True)
class Motion:
    """Cosines between commanded and measured motion; NaN where too little moved."""

    whole: float
    worst_axis: float


def motion_agreement(rows: Rows, index: Index, scale_A: Tensor, offset_A: Tensor) -> Motion:
    """Whether the arms moved as the rows' actions say.

    Args:
        rows: of one episode's corrections.
        index: their numbers; those of neighbours in time follow each other.
        scale_A: what a normalised action is multiplied by, see `PolicyNet`.
        offset_A: what is then added.
    """
    starts = np.flatnonzero(index[STEPS:] - index[:-STEPS] == STEPS)
    begin, end = torch.from_numpy(starts), torch.from_numpy(starts + STEPS)
    actions_NHA = rows.target_NHA * scale_A + offset_A
    proprio = rows.inputs.proprio_BP
    shift_N6 = (proprio[end, _SHIFT] - proprio[begin, _SHIFT]) * POSITION_SCALE
    turn_N6 = (proprio[end, _TURN] - proprio[begin, _TURN]) * ROTATION_SCALE
    commanded: list[Tensor] = []
    measured: list[Tensor] = []
    for arm in range(NUM_ARMS):
        part = slice(arm * _ARM, arm * _ARM + 6)
        counts = rows.weight_NHA[begin, :STEPS, arm * _ARM].amin(1) > 0.0
        summed = actions_NHA[begin, :STEPS, part].sum(1) * (CHUNK_PERIOD_NS * 1e-9)
        place = slice(arm * 3, arm * 3 + 3)
        moved = torch.cat([shift_N6[:, place], turn_N6[:, place]], dim=1)
        commanded.append((summed / scale_A[part])[counts])
        measured.append((moved / scale_A[part])[counts])
    one, other = torch.cat(commanded), torch.cat(measured)
    if len(one) < FEWEST:
        return Motion(math.nan, math.nan)
    moving = one.square().mean(0).sqrt() > MOVED * STEPS * CHUNK_PERIOD_NS * 1e-9
    axes = [_cosine(one[:, axis], other[:, axis]) for axis in range(6) if moving[axis]]
    return Motion(_cosine(one, other), min(axes, default=math.nan))


def similar_agreement(rows: Rows, known: Rows) -> float:
    """Cosine between the actions of a correction and those in the states nearest to its own.

    Rows whose nearest neighbour is further than known rows are from each other say nothing: nobody
    has been there before. The part along the approach is left out, for whoever is stuck backs off.

    Args:
        rows: of one correction.
        known: demonstrations and earlier corrections under the same encoder.

    Returns:
        The cosine over all comparable rows and axes; NaN if there are too few.
    """
    rows, known = _counting(rows), _counting(known)
    if len(rows) < FEWEST_SIMILAR or len(known) <= NEIGHBOURS:
        return math.nan
    scale_F = known.inputs.feature_BF.std(0).clamp_min(1e-3)
    places_F = known.inputs.feature_BF / scale_F
    far = torch.cdist(rows.inputs.feature_BF / scale_F, places_F)
    among = torch.cdist(places_F, places_F).fill_diagonal_(math.inf).amin(1)
    near, which = far.topk(NEIGHBOURS, largest=False)
    comparable = near[:, 0] <= among.quantile(0.95)
    if int(comparable.sum()) < max(FEWEST_SIMILAR, len(rows) / 2):
        return math.nan
    then_NA = _first_steps(known)[which].mean(1)
    return _cosine(_first_steps(rows)[comparable][:, _ACROSS], then_NA[comparable][:, _ACROSS])


_ACROSS = (1, 2, 3, 4, 5)  # of the left arm, which corrections drive in the cell


def compared_rows(memory: Memory, earlier: Sequence[str]) -> Rows:
    """What a new correction is compared with."""
    demonstrations = spread(memory.where(Stratum.DEMONSTRATION), COMPARED)
    return memory.rows(np.concatenate([demonstrations, memory.corrections(tuple(earlier))]))


def spread(index: Index, most: int) -> Index:
    """At most so many of the numbers, evenly over all of them."""
    if len(index) <= most:
        return index
    return index[np.linspace(0, len(index) - 1, most).astype(np.int64)]


def _counting(rows: Rows) -> Rows:
    return rows.take(torch.nonzero(rows.weight_NHA[:, :STEPS].amin((1, 2)) > 0.0).flatten())


def _first_steps(rows: Rows) -> Tensor:
    return rows.target_NHA[:, :STEPS].mean(1)


def _cosine(one: Tensor, other: Tensor) -> float:
    size = float((one.square().sum() * other.square().sum()).sqrt())
    return float((one * other).sum()) / size if size > 0.0 else math.nan
