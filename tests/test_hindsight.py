from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from learner.extract import extract
from learner.methods.losses import goal_loss
from learner.model import points_size
from learner.pretrain import POSE_SCALE
from teleop.messages import Mode, Outcome, Step
from teleop.session_folder import SessionFolder
from tests.learner_data import SMALL, small_net
from tests.learner_episodes import CAMERAS, recorded

PLACE, TURN = np.s_[:3], np.s_[3:]


def alone(step: Step) -> Step:
    return replace(step, modes=(Mode.POLICY, Mode.POLICY))


@pytest.mark.parametrize(
    ("how", "known"),
    [
        ("corrected", (True, True)),
        ("demonstrated", (True, True)),
        ("by the policy alone", (True, False)),
        ("given up", (False, False)),
    ],
)
def test_how_the_parts_were_turned_is_known_where_a_person_had_a_hand_in_the_success(
    tmp_path: Path, how: str, known: tuple[bool, bool]
):
    folder = SessionFolder(tmp_path)
    match how:
        case "by the policy alone":
            path = recorded(folder, 1, change=alone)
        case "given up":
            path = recorded(folder, 1, outcome=Outcome.FAIL)
        case _:
            path = recorded(folder, 1, demonstration=how == "demonstrated")
    goal_N6 = extract(path, CAMERAS).goal_N6
    assert len(goal_N6)
    for part, wanted in zip((PLACE, TURN), known, strict=True):
        assert (np.isfinite(goal_N6[:, part]) == wanted).all()


def test_what_is_not_known_of_a_goal_teaches_nothing():
    reading = small_net().head.reading
    points = torch.randn(5, points_size(SMALL))
    with torch.no_grad():
        goal = reading.pose(points) * POSE_SCALE + 0.01
    off = goal.clone()
    off[:, 3:] += 1.0
    hidden = goal.clone()
    hidden[:, 3:] = torch.nan
    also_hidden = off.clone()
    also_hidden[:, 3:] = torch.nan
    assert goal_loss(reading, points, off) > goal_loss(reading, points, goal)
    assert torch.equal(goal_loss(reading, points, hidden), goal_loss(reading, points, also_hidden))
    nothing = torch.full_like(goal, torch.nan)
    assert goal_loss(reading, points, nothing) == 0.0
