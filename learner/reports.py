"""What an episode cost, and what a correction changed: pure functions over rows and chunks.

A correction is one arm in one corrected episode. Tensor suffixes as in model.py.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from learner.model import ACTION_SIZE, PolicyNet
from learner.need import need
from learner.rows import Rows
from recorder.episode_data import EpisodeData
from recorder.labels import interventions
from teleop.learner_messages import CorrectionReport, EpisodeReport
from teleop.messages import NUM_ARMS, Arm, Outcome, frozen_array

ARM_SIZE = ACTION_SIZE // NUM_ARMS


@dataclass(frozen=True)
class CorrectedArm:
    """One arm's part of a corrected episode, over all takeovers in it."""

    episode: str
    arm: Arm
    start_ns: int  # of the first takeover
    duration_s: float  # of all


def corrected_arms(name: str, episode: EpisodeData) -> tuple[CorrectedArm, ...]:
    """The arms that the operator took over in the episode of that name, left before right.

    Raises:
        EpisodeIncomplete: what it needs of the episode is damaged.
    """
    if episode.header.demonstration or len(episode) == 0:
        return ()
    stamps_ns = episode.column("stamp_ns")
    found = interventions(episode.column("modes"))
    last = len(stamps_ns) - 1
    return tuple(
        CorrectedArm(
            name,
            arm,
            min(int(stamps_ns[each.takeover]) for each in theirs),
            sum(float(stamps_ns[min(each.end, last)] - stamps_ns[each.takeover]) for each in theirs)
            * 1e-9,
        )
        for arm in Arm
        if (theirs := [each for each in found if each.arm is arm])
    )


def correction_report(
    corrected: CorrectedArm,
    version: int,
    net: PolicyNet,
    rows: Rows,
    old_NHA: Tensor,
    new_NHA: Tensor,
) -> CorrectionReport | None:
    """What `version` does with a correction, beside what was done before; None: no rows count.

    Args:
        corrected: which.
        version: the one that made `new_NHA`.
        net: any version of the lineage; its action scales are taken.
        rows: the correction rows of that episode, under any encoder.
        old_NHA: normalised chunks of the version that was corrected, of these rows.
        new_NHA: the same of `version`.
    """
    part = slice(corrected.arm * ARM_SIZE, (corrected.arm + 1) * ARM_SIZE)
    weight_N = rows.weight_NHA[:, 0, part].amin(dim=1)
    if float(weight_N.sum()) <= 0.0:
        return None
    scale_A, offset_A = net.action_scale_A[part], net.action_offset_A[part]

    def mean(actions_NHA: Tensor) -> Tensor:
        first_NA = actions_NHA[:, 0, part]
        return (first_NA * weight_N[:, None]).sum(0) / weight_N.sum() * scale_A + offset_A

    return CorrectionReport(
        episode=corrected.episode,
        arm=corrected.arm,
        start_ns=corrected.start_ns,
        duration_s=corrected.duration_s,
        version=version,
        old=frozen_array(mean(old_NHA).double().numpy()),
        operator=frozen_array(mean(rows.target_NHA).double().numpy()),
        new=frozen_array(mean(new_NHA).double().numpy()),
        still_needed=still_needed(corrected.arm, rows, new_NHA),
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


def chunks_of(net: PolicyNet, rows: Rows) -> Tensor:
    """Normalised chunks (N, H, A) of rows under this net's own encoder."""
    if len(rows) == 0:
        return torch.zeros(0, *rows.target_NHA.shape[1:])
    with torch.inference_mode():
        return net.chunks(rows.inputs).clone()
