"""What an episode cost, and what a correction changed."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from learner.model import HeadInputs, PolicyNet
from learner.reports import corrected_arms, correction_report, episode_report
from learner.rows import Rows, encode
from teleop.messages import Arm
from tests.corrected_episode import HAND_BACK, TAKEOVER, CorrectedEpisode
from tests.learner_data import SMALL, samples


class Puppet(PolicyNet):
    """A net whose chunks are what a test wants."""

    def __init__(self, chunks: Callable[[Tensor], Tensor]) -> None:
        torch.manual_seed(0)
        super().__init__(SMALL)
        self._wanted = chunks

    def chunks(self, inputs: HeadInputs) -> Tensor:
        return self._wanted(super().chunks(inputs))


def corrected() -> CorrectedEpisode:
    episode = CorrectedEpisode()
    driven = slice(TAKEOVER, HAND_BACK)
    episode._columns["operator_twist"][driven, 1] = 0.01
    episode._columns["proposal_valid"][:] = True
    episode._columns["proposed_twist"][driven, 1] = (0.02, 0, 0, 0, 0, 0)
    episode._columns["executed_twist"][driven, 1] = (0, 0.03, 0, 0, 0, 0)
    return episode


def rows(net: PolicyNet) -> Rows:
    return encode(net, samples(4, action=0.5))


def test_an_episode_says_what_it_cost_and_came_to():
    episode = corrected()
    report = episode_report("episode_00004", episode)
    assert (report.episode, report.success) == ("episode_00004", True)
    assert report.version == int(episode.column("policy_version")[0])
    assert report.duration_s == pytest.approx(0.29)


def test_a_corrected_arm_is_shown_with_what_the_policy_proposed_meanwhile():
    (arm,) = corrected_arms("episode_00004", corrected())
    assert arm.arm is Arm.RIGHT
    assert arm.duration_s == pytest.approx(0.1)
    assert arm.old[:2].tolist() == pytest.approx([0.02, 0.0])
    assert arm.operator[:2].tolist() == pytest.approx([0.0, 0.03])


def test_without_a_proposal_there_is_nothing_to_compare():
    episode = corrected()
    episode._columns["proposal_valid"][:, 1] = False
    assert corrected_arms("episode_00004", episode) == ()


def test_a_version_that_does_as_the_operator_did_is_not_needed_any_more():
    (arm,) = corrected_arms("episode_00004", corrected())
    net = Puppet(lambda chunks: torch.full_like(chunks, 0.5))
    report = correction_report(arm, 6, net, rows(net))
    assert report is not None
    assert not report.still_needed
    assert report.version == 6
    assert np.allclose(report.new, 0.5)
    assert report.old.shape == report.operator.shape == report.new.shape == (7,)


@pytest.mark.parametrize("action", [0.0, -0.5, float("nan")])
def test_a_version_that_stands_still_or_goes_the_other_way_still_needs_the_operator(action: float):
    (arm,) = corrected_arms("episode_00004", corrected())
    net = Puppet(lambda chunks: torch.full_like(chunks, action))
    report = correction_report(arm, 6, net, rows(net))
    assert report is not None
    assert report.still_needed


def test_an_arm_whose_rows_do_not_count_has_no_report():
    (arm,) = corrected_arms("episode_00004", corrected())
    net = Puppet(lambda chunks: chunks)
    made = rows(net)
    made.weight_NHA[:] = 0.0
    assert correction_report(arm, 6, net, made) is None
