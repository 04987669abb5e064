"""Whether a correction pulls against earlier ones: the same state, the opposite way.

What state the parts are in is read off the encoder's estimate of their relative pose (see
pretrain.py): the tools alone do not tell it, as a connector lies otherwise in the hand each time.
A single row says little (a person overshoots, and begins in a wrong direction now and then), so
most rows of a correction must go against most of their neighbours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from learner.model import ACTION_SIZE, POSE_SIZE, PolicyNet
from learner.pretrain import POSE_SCALE
from learner.rows import Rows
from teleop.learner_messages import Coaching, CoachNote
from teleop.messages import NUM_ARMS, Arm, Array

ARM_SIZE = ACTION_SIZE // NUM_ARMS
TWIST = 6
NEAR = np.array([0.003, 0.003, 0.003, 0.06, 0.06, 0.06])  # m, rad; the estimate is off by 1 to 2 mm
FAST = np.array([0.03, 0.03, 0.03, 0.25, 0.25, 0.25])  # m/s, rad/s of a brisk correction
LEAST_SPEED = 0.25  # of that; who goes slower goes nowhere
LEAST_NEIGHBOURS = 3
LEAST_ROWS = 6
AGAINST = -0.4  # cosine between two motions that oppose each other
SHARE = 0.6  # of the rows


@dataclass(frozen=True, eq=False)
class Pull:
    """Where the operator moved one arm in the corrections of one episode, and from which states."""

    episode: str
    arm: Arm
    state_N6: Array  # estimated pose in units of NEAR
    motion_N6: Array  # mean twist of the next 0.8 s in units of FAST


def pulls(name: str, rows: Rows, net: PolicyNet) -> tuple[Pull, ...]:
    """The pulls of one episode's correction rows, whose features are those of `net`."""
    pose_N6 = rows.inputs.feature_BF[:, -POSE_SIZE:] * POSE_SCALE
    actions = rows.target_NHA * net.action_scale_A + net.action_offset_A
    found: list[Pull] = []
    for arm in Arm:
        part = slice(arm * ARM_SIZE, arm * ARM_SIZE + TWIST)
        weight = rows.weight_NHA[..., part]
        half = weight[..., 0].sum(1) >= weight.shape[1] / 2
        motion = (actions[..., part] * weight).sum(1) / weight.sum(1).clamp_min(1.0)
        motion_N6 = motion[half].double().numpy() / FAST
        moving = np.linalg.norm(motion_N6, axis=1) >= LEAST_SPEED
        if moving.any():
            state_N6 = pose_N6[half].double().numpy() / NEAR
            found.append(Pull(name, arm, state_N6[moving], motion_N6[moving]))
    return tuple(found)


def opposed(pull: Pull, earlier: Sequence[Pull]) -> bool:
    """Whether most of a pull goes against what other episodes did in the same states."""
    others = [each for each in earlier if (each.episode, each.arm) != (pull.episode, pull.arm)]
    others = [each for each in others if each.arm is pull.arm]
    if not others:
        return False
    states = np.concatenate([each.state_N6 for each in others])
    motions = np.concatenate([each.motion_N6 for each in others])
    directions = motions / np.linalg.norm(motions, axis=1, keepdims=True)
    judged = against = 0
    for state, motion in zip(pull.state_N6, pull.motion_N6, strict=True):
        near = (np.abs(states - state) < 1.0).all(axis=1)
        if near.sum() < LEAST_NEIGHBOURS:
            continue
        cosine = directions[near] @ motion / np.linalg.norm(motion)
        judged += 1
        against += bool(np.median(cosine) < AGAINST)
    return judged >= LEAST_ROWS and against >= SHARE * judged


def contradiction(
    name: str, found: Sequence[Pull], earlier: Sequence[Pull], stamp_ns: int
) -> CoachNote | None:
    """What there is to say of an episode's pulls beside those of earlier ones."""
    against = [pull for pull in found if opposed(pull, earlier)]
    if not against:
        return None
    sentence = (
        f"This correction of the {against[0].arm.name.lower()} arm goes the opposite way to "
        f"earlier ones in the same state. Decide for one way and discard the other, or the policy "
        f"learns neither."
    )
    return CoachNote(stamp_ns, Coaching.CONTRADICTORY, name, sentence)
