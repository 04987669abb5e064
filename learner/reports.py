"""What an episode cost, and what a correction changed: pure functions over rows and chunks.

A correction is one arm in one corrected episode. Tensor suffixes as in model.py.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from learner.model import ACTION_SIZE, PolicyNet
from learner.need import need
from learner.rows import Rows
from recorder.episode_data import EpisodeData
from recorder.labels import Intervention, interventions
from teleop.learner_messages import CorrectionReport, EpisodeReport
from teleop.messages import NUM_ARMS, Arm, Array, Outcome, frozen_array

ARM_SIZE = ACTION_SIZE // NUM_ARMS


@dataclass(frozen=True, eq=False)
class CorrectedArm:
    """One arm's part of a corrected episode, over all takeovers in it.

    The actions are means over the rows in which the operator moved the arm, (7,): twist in world
    axes, and opening.
    """

    episode: str
    arm: Arm
    start_ns: int  # of the first takeover
    duration_s: float  # of all
    old: Array  # what the policy proposed meanwhile
    operator: Array  # what was executed


def corrected_arms(name: str, episode: EpisodeData) -> tuple[CorrectedArm, ...]:
    """The arms that the operator took over in the episode of that name, left before right.

    An arm is left out where the policy proposed nothing beside the operator.

    Raises:
        EpisodeIncomplete: what it needs of the episode is damaged.
    """
    if episode.header.demonstration or len(episode) == 0:
        return ()
    found = interventions(episode.column("modes"))
    made = (
        _corrected(name, episode, arm, [each for each in found if each.arm is arm]) for arm in Arm
    )
    return tuple(each for each in made if each is not None)


def _corrected(
    name: str, episode: EpisodeData, arm: Arm, theirs: list[Intervention]
) -> CorrectedArm | None:
    stamps_ns = episode.column("stamp_ns")
    driven = np.zeros(len(stamps_ns), np.bool_)
    for each in theirs:
        driven[each.takeover : each.end] = True
    moved = driven & episode.column("operator_twist")[:, arm].any(axis=1)
    moved &= episode.column("proposal_valid")[:, arm]
    if not moved.any():
        return None

    def mean(action: str) -> Array:
        twist = episode.column(f"{action}_twist")[moved, arm].mean(axis=0)
        return frozen_array([*twist, episode.column(f"{action}_opening")[moved, arm].mean()])

    last = len(stamps_ns) - 1
    spans_ns = [stamps_ns[min(each.end, last)] - stamps_ns[each.takeover] for each in theirs]
    return CorrectedArm(
        name,
        arm,
        int(stamps_ns[theirs[0].takeover]),
        float(sum(spans_ns)) * 1e-9,
        mean("proposed"),
        mean("executed"),
    )


def correction_report(
    corrected: CorrectedArm, version: int, net: PolicyNet, rows: Rows
) -> CorrectionReport | None:
    """What `version` does with a correction, beside what was done before; None: no rows count.

    Args:
        corrected: which.
        version: the number of `net`.
        net: it.
        rows: the correction rows of that episode, whose features are those of `net`.
    """
    part = slice(corrected.arm * ARM_SIZE, (corrected.arm + 1) * ARM_SIZE)
    weight_N = rows.weight_NHA[:, 0, part].amin(dim=1)
    if float(weight_N.sum()) <= 0.0:
        return None
    with torch.inference_mode():
        chunks_NHA = net.chunks(rows.inputs)
    first_A = (chunks_NHA[:, 0, part] * weight_N[:, None]).sum(0) / weight_N.sum()
    new = first_A * net.action_scale_A[part] + net.action_offset_A[part]
    return CorrectionReport(
        episode=corrected.episode,
        arm=corrected.arm,
        start_ns=corrected.start_ns,
        duration_s=corrected.duration_s,
        version=version,
        old=corrected.old,
        operator=corrected.operator,
        new=frozen_array(new.double().numpy()),
        still_needed=still_needed(corrected.arm, rows, chunks_NHA),
    )


def still_needed(arm: Arm, rows: Rows, chunks_NHA: Tensor) -> bool:
    """Whether these chunks would have been corrected again, judged as the gate does."""
    weight_NHA = torch.zeros_like(rows.weight_NHA)
    part = slice(arm * ARM_SIZE, (arm + 1) * ARM_SIZE)
    weight_NHA[..., part] = rows.weight_NHA[..., part]
    found = need(chunks_NHA, rows.target_NHA, weight_NHA)
    return found is not None and found.needed


def episode_report(name: str, episode: EpisodeData) -> EpisodeReport:
    """What the episode of that name cost and came to.

    Raises:
        EpisodeIncomplete: what it needs of the episode is damaged.
    """
    header = episode.header
    stamps_ns = episode.column("stamp_ns")
    versions = episode.column("policy_version")
    known = versions[versions >= 0]
    return EpisodeReport(
        episode=name,
        version=int(known[0]) if len(known) else header.policy_version,
        success=header.outcome is Outcome.SUCCESS,
        interventions=header.interventions,
        operator_s=header.operator_s,
        duration_s=float(stamps_ns[-1] - stamps_ns[0]) * 1e-9 if len(stamps_ns) else 0.0,
    )
