"""Actions drawn in a picture: where the tool is, and where each action leads it."""

from dataclasses import replace

import numpy as np
import pytest

from gui.review.player.actions_drawn import AHEAD_S, Source, arrows, motions, seconds_ahead
from gui.review.values import OtherActions
from tests.clip_parts import LEFT, MODEL, clip


def test_an_arrow_leads_from_the_tool_to_where_it_would_be():
    track = clip()
    shown = motions(track, 0)
    assert {(each.arm, each.source) for each in shown} == {
        (LEFT, Source.PROPOSED),
        (LEFT, Source.EXECUTED),
    }  # the right arm stands still
    (arrow, _) = arrows(shown, MODEL, 2.0)
    assert arrow.start == pytest.approx((32.0, 24.0))
    assert arrow.end == pytest.approx((32.0 + 60.0 * 0.2 / 2.0, 24.0))  # 0.1 m/s for 2 s, 2 m off


def test_up_in_the_world_is_up_in_the_picture():
    shown = [each for each in motions(clip(), 250) if each.source is Source.OPERATOR]
    (arrow,) = arrows(tuple(shown), MODEL, 1.0)
    assert arrow.end[1] < arrow.start[1]


def test_the_operator_has_an_arrow_only_while_having_the_arm_and_the_policy_only_if_it_proposes():
    track = clip()
    silent = replace(track, proposal_valid=np.zeros((400, 2), np.bool_))
    assert {each.source for each in motions(track, 100)} == {Source.PROPOSED, Source.EXECUTED}
    assert {each.source for each in motions(track, 250)} == set(Source) - {Source.OTHER}
    assert {each.source for each in motions(silent, 100)} == {Source.EXECUTED}


def test_another_version_has_an_arrow_in_the_rows_that_it_was_asked_for():
    other = OtherActions(7, np.array([250]), np.full((1, 2, 6), 0.02))
    assert any(each.source is Source.OTHER for each in motions(clip(), 250, (other,)))
    assert not any(each.source is Source.OTHER for each in motions(clip(), 251, (other,)))


def test_what_is_behind_the_camera_is_left_out():
    track = clip()
    behind = replace(track, position=track.position + np.array([0.0, -3.0, 0.0]))
    assert arrows(motions(behind, 0), MODEL, 1.0) == ()


def test_slow_clips_look_further_ahead_than_quick_ones():
    track = clip()
    slow = replace(track, executed=track.executed * 0.05)
    assert seconds_ahead(slow, MODEL) > seconds_ahead(track, MODEL)
    still = replace(track, executed=np.zeros_like(track.executed))
    assert seconds_ahead(still, MODEL) == AHEAD_S[-1]
