"""Corrections that pull against each other."""

import numpy as np
import torch

from learner.coach_opposed import contradiction, pulls
from learner.coaching import Coach
from learner.model import ACTION_SIZE, HORIZON, HeadInputs
from learner.pretrain import POSE_SCALE
from learner.rows import Rows
from teleop.learner_messages import Coaching
from teleop.messages import Arm
from tests.corrected_episode import CorrectedEpisode
from tests.learner_data import small_net

NET = small_net()
FEATURE = NET.config.trunk + 6


def rows(speed: float, count: int = 10, at: float = 0.0) -> Rows:
    """The left arm goes sideways, 10 rows along a line of some millimetres."""
    feature = torch.zeros(count, FEATURE)
    line = torch.linspace(at, at + 0.006, count)
    feature[:, -6:] = torch.stack([line, *[torch.zeros(count)] * 5], dim=1) / POSE_SCALE
    target = torch.zeros(count, HORIZON, ACTION_SIZE)
    target[..., 1] = speed
    weight = torch.zeros(count, HORIZON, ACTION_SIZE)
    weight[..., :7] = 1.0
    empty = torch.zeros(count, 1)
    inputs = HeadInputs(feature, empty, empty, empty, empty.long())
    return Rows(inputs, target, weight, torch.full((count, 6), float("nan")))


def still_gripper() -> CorrectedEpisode:
    episode = CorrectedEpisode()
    episode._columns["executed_opening"][:] = 0.0
    return episode


def test_a_pull_is_of_the_arm_that_was_corrected():
    (pull,) = pulls("episode_00001", rows(0.02), NET)
    assert pull.arm is Arm.LEFT
    assert np.allclose(pull.motion_N6[:, 1], 0.02 / 0.03)


def test_the_opposite_way_in_the_same_state_is_a_contradiction():
    (mine,) = pulls("episode_00002", rows(-0.02), NET)
    earlier = pulls("episode_00001", rows(0.02), NET)
    note = contradiction("episode_00002", (mine,), earlier, 7)
    assert note is not None
    assert (note.kind, note.episode, note.stamp_ns) == (Coaching.CONTRADICTORY, "episode_00002", 7)


def test_the_same_way_or_another_state_is_none():
    earlier = pulls("episode_00001", rows(0.02), NET)
    for mine in (rows(0.015), rows(-0.02, at=0.03), rows(-0.02, count=4), rows(-0.001)):
        assert contradiction("episode_00002", pulls("episode_00002", mine, NET), earlier, 0) is None


def test_a_correction_is_not_held_against_itself_when_it_is_looked_at_again():
    coach = Coach()
    episode = still_gripper()
    coach.look("episode_00001", episode, rows(0.02), NET)
    assert coach.look("episode_00001", episode, rows(-0.02), NET) == ()


def test_the_coach_says_a_thing_once_and_forgets_what_was_discarded():
    coach = Coach()
    episode = still_gripper()
    coach.look("episode_00001", episode, rows(0.02), NET)
    said = coach.look("episode_00002", episode, rows(-0.02), NET)
    assert [note.kind for note in said] == [Coaching.CONTRADICTORY]
    assert coach.look("episode_00002", episode, rows(-0.02), NET) == ()
    coach.forget("episode_00001")
    coach.forget("episode_00002")
    assert coach.look("episode_00003", episode, rows(-0.02), NET) == ()


def test_what_the_base_cannot_express_asks_for_demonstrations_once():
    coach = Coach()
    (note,) = coach.cannot_express("episode_00001", Arm.RIGHT, 5)
    assert "record some demonstrations" in note.sentence
    assert coach.cannot_express("episode_00001", Arm.RIGHT, 6) == ()
