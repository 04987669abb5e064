"""The time line of a clip: leads, labels, versions, marks; its axis and its selection."""

from dataclasses import replace

import numpy as np
import pytest

from gui.review.player.line import line_of
from gui.review.player.marks import marks_of
from gui.review.player.moments import moments, times_of
from gui.review.player.picture_cache import newest_at
from gui.review.player.runs import lead_of, next_change
from gui.review.player.shown import shown_clip
from gui.review.player.time_axis import whole
from gui.review.player.trim import marked, rows_between
from gui.view import Lead
from recorder.labels import MODES, Label
from teleop.messages import Arm, Mode
from tests.clip_parts import clip


def test_each_arm_has_a_lane_of_who_led_it():
    line = line_of(clip())
    assert [(span.lead, span.begin_s, span.end_s) for span in line.leads[Arm.LEFT]] == [
        (Lead.POLICY, 0.0, 2.0),
        (Lead.OPERATOR, 2.0, 3.0),
        (Lead.POLICY, 3.0, 3.99),
    ]
    assert [span.lead for span in line.leads[Arm.RIGHT]] == [Lead.POLICY]
    assert lead_of("REWIND") is Lead.REWIND and lead_of("HOLD") is Lead.HOLD
    assert lead_of("A MODE OF LATER") is Lead.NO_DATA


def test_labels_that_are_worth_a_word_stand_under_their_rows():
    spans = line_of(clip()).labels[Arm.LEFT]
    assert [(span.label, span.begin_s) for span in spans] == [
        (Label.PRE_INTERVENTION, 1.0),
        (Label.INTERVENTION, 2.0),
        (Label.RECOVERY, 3.0),
    ]


def test_versions_takeovers_limits_and_losses_are_marked_in_words():
    line = line_of(clip())
    assert [(mark.version, mark.at_s) for mark in line.versions] == [(1, 0.0), (2, 1.0)]
    assert [(mark.text, mark.at_s) for mark in line.marks] == [
        ("3 images lost", 0.5),
        ("L limit: speed", 1.5),
        ("L taken", 2.0),
        ("L given back", 3.0),
    ]


def test_a_limit_that_flickers_is_one_mark():
    track = clip()
    flickering = tuple("left.speed" if row % 2 else "" for row in range(len(track.limits)))
    limits = [m.text for m in marks_of(replace(track, limits=flickering)) if "limit" in m.text]
    assert limits == ["L limit: speed"]


def test_a_gripper_that_closes_and_opens_is_marked_once_each():
    track = clip()
    opening = track.opening.copy()
    opening[:, 1] = 0.9
    opening[100:250, 1] = 0.2
    opening[100:250:2, 1] += 0.05  # it trembles
    marks = [mark for mark in marks_of(replace(track, opening=opening)) if mark.arm is Arm.RIGHT]
    assert [(mark.text, mark.at_s) for mark in marks] == [("R grip", 1.0), ("R release", 2.5)]


def test_a_hold_between_belongs_to_whoever_drove_before_it():
    track = clip()
    modes = track.modes.copy()
    modes[240:260, 0] = MODES.index(Mode.HOLD)  # the device fell silent, and came back
    assert line_of(replace(track, modes=modes)).changes_s == (2.0, 3.0)


def test_jumps_go_from_takeover_to_hand_back_and_stop_at_the_last():
    changes = line_of(clip()).changes_s
    assert next_change(changes, 0.0, 1) == 2.0
    assert next_change(changes, 2.0, 1) == 3.0
    assert next_change(changes, 3.0, 1) is None
    assert next_change(changes, 3.0, -1) == 2.0


def test_zooming_keeps_the_moment_under_the_pointer_and_stays_within_the_clip():
    axis = whole(100.0, 500.0)
    near = axis.zoomed(4.0, 60.0)
    assert near.end_s - near.begin_s == pytest.approx(25.0)
    assert near.x_of(60.0) == pytest.approx(axis.x_of(60.0))
    assert near.s_at(near.x_of(61.5)) == pytest.approx(61.5)
    far = near.zoomed(0.001, 60.0)
    assert (far.begin_s, far.end_s) == (0.0, 100.0)
    assert near.showing(99.0).end_s >= 99.0 and near.showing(60.0) is near


def test_marked_times_have_room_for_their_words():
    for length_s in (0.05, 0.9, 7.0, 600.0, 7200.0):
        step, ticks = whole(length_s, 600.0).ticks()
        assert 1 <= len(ticks) <= 11
        assert np.allclose(np.diff(ticks), step)


def test_a_mark_on_the_wrong_side_of_the_other_selects_to_the_end():
    assert marked(None, 1.0, 4.0, begin=True) == (1.0, 4.0)
    assert marked((1.0, 4.0), 3.0, 4.0, begin=False) == (1.0, 3.0)
    assert marked((1.0, 3.0), 3.5, 4.0, begin=True) == (3.5, 4.0)
    assert marked((3.5, 4.0), 2.0, 4.0, begin=False) == (0.0, 2.0)


def test_the_selection_is_in_rows_and_never_empty():
    times_s = np.arange(400) / 100
    assert rows_between(times_s, (1.0, 2.0)) == (100, 201)
    assert rows_between(times_s, (3.995, 3.995)) == (399, 400)


def test_what_was_cut_out_is_passed_in_a_tick_and_marked():
    track = clip()
    stamps = track.stamps_ns.copy()
    stamps[300:] += 60_000_000_000  # a minute was cut out
    cut = replace(track, stamps_ns=stamps)
    line = line_of(cut)
    assert line.length_s == pytest.approx(3.99)
    assert [(mark.text, mark.at_s) for mark in line.marks if "left out" in mark.text] == [
        ("60.0 s left out", 3.0)
    ]
    times_s = times_of(stamps)
    of_ns = [stamps[250], stamps[299] + 30_000_000_000, stamps[300]]
    assert moments(stamps, times_s, of_ns) == pytest.approx([2.5, 3.0, 3.0])


def test_a_replay_passes_a_cut_with_the_pictures_of_each_side():
    track = clip()
    stamps = track.stamps_ns.copy()
    stamps[300:] += 60_000_000_000
    images = np.concatenate((stamps[0] + np.arange(30) * 10**8, stamps[300] + np.arange(9) * 10**8))
    cut = replace(track, stamps_ns=stamps, cameras=(replace(track.cameras[0], stamps_ns=images),))
    shown = shown_clip(cut)
    assert newest_at(images, shown.stamp_at(2.95)) == 29
    assert newest_at(images, shown.stamp_at(3.05)) == 30
    assert shown.next_frame_s("room", 2.9, 1) == pytest.approx(3.0)


def test_an_empty_clip_has_an_empty_line():
    assert line_of(clip(0)).length_s == 0.0
