"""Curves of the player: no spike is lost, gaps stay gaps, actions are told apart without colour."""

from collections.abc import Generator

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui import theme
from gui.review.player.clip_curves import ClipCurves
from gui.review.player.curves import LEAST_LANE
from gui.review.player.extremes import extremes
from gui.review.player.lanes import (
    GROUP,
    WHOLE,
    WHOLE_BY_WRIST,
    Kind,
    Lane,
    lanes_of,
    next_kind,
)
from gui.review.player.shown import shown_clip
from gui.review.player.time_axis import whole
from gui.review.values import OtherActions
from teleop.messages import Arm
from tests.clip_parts import clip

TIMES = np.arange(60_000) / 100


def lanes(kind: Kind = Kind.MOTION, room: int = WHOLE) -> tuple[Lane, ...]:
    return lanes_of(clip(), Arm.LEFT, theme.DARK, kind=kind, room=room)


def test_a_spike_of_one_row_in_ten_minutes_is_drawn():
    values = np.zeros((2, 60_000))
    values[0, 31_415], values[1, 2_718] = 9.0, -7.0
    drawn = extremes(TIMES, values, whole(600.0, 500.0))
    assert len(drawn.x) <= 501
    assert drawn.high[0].max() == 9.0 and drawn.low[1].min() == -7.0
    assert (np.diff(drawn.x) > 0).all()


def test_close_up_every_row_is_drawn_where_it_is():
    axis = whole(600.0, 500.0).zoomed(600.0, 300.0)
    values = np.sin(TIMES)[None]
    drawn = extremes(TIMES, values, axis)
    inside = (axis.begin_s <= TIMES) & (axis.end_s >= TIMES)
    assert inside.sum() <= len(drawn.x) <= inside.sum() + 2
    assert np.array_equal(drawn.low, drawn.high)


def test_where_there_is_no_value_there_is_a_gap():
    values = np.ones((1, 60_000))
    values[0, 20_000:40_000] = np.nan
    drawn = extremes(TIMES, values, whole(600.0, 500.0))
    missing = np.isnan(drawn.low[0])
    assert 160 < missing.sum() < 170


def test_the_three_actions_differ_in_name_and_stroke_not_in_colour_alone():
    for kind in (Kind.MOTION, Kind.TURNING):
        for lane in lanes(kind)[-3:]:
            assert {curve.label for curve in lane.curves} == {"policy", "you", "sent"}
            assert len({curve.stroke for curve in lane.curves}) == 3
    wrist = lanes()[0]
    assert len({curve.stroke for curve in wrist.curves}) == 2
    assert all(len({c.stroke for c in lane.curves}) == 4 for lane in lanes(room=WHOLE_BY_WRIST)[:2])


def test_lanes_have_units_limits_and_the_chosen_kind():
    names = [(lane.name, lane.unit, lane.limit) for lane in lanes()]
    assert names == [
        ("|F| wrist", "N", 25.0),
        ("gripper", "%", 0.0),
        ("L x", "mm/s", 0.0),
        ("L y", "mm/s", 0.0),
        ("L z", "mm/s", 0.0),
    ]
    turning = [(lane.name, lane.unit, lane.limit) for lane in lanes(Kind.TURNING)]
    assert turning[0] == ("|M| wrist", "Nm", 5.0)
    assert [name for name, _, _ in turning[2:]] == ["L Rx", "L Ry", "L Rz"]
    assert all(lane.top >= 1.2 * lane.limit for lane in lanes())


def test_where_not_all_lanes_have_room_those_of_one_kind_are_shown():
    names = {kind: [lane.name for lane in lanes(kind, GROUP)] for kind in Kind}
    assert names == {
        Kind.MOTION: ["L x", "L y", "L z"],
        Kind.FORCE: ["L wrist", "R wrist", "gripper"],
        Kind.TURNING: ["L Rx", "L Ry", "L Rz"],
        Kind.TORQUE: ["L wrist", "R wrist", "gripper"],
    }
    assert [lane.unit for lane in lanes(Kind.TORQUE, GROUP)] == ["Nm", "Nm", "%"]
    shown = [Kind.MOTION]
    while len(shown) <= len(Kind):
        shown.append(next_kind(shown[-1], GROUP))
    assert set(shown) == set(Kind) and shown[-1] is Kind.MOTION
    assert next_kind(Kind.MOTION, WHOLE) is Kind.TURNING
    assert next_kind(Kind.TURNING, WHOLE) is Kind.MOTION


@pytest.fixture
def curves(qtbot: QtBot) -> Generator[ClipCurves]:
    host = QWidget()
    qtbot.addWidget(host)
    made = ClipCurves(theme.DARK, host)
    made.show_clip(shown_clip(clip()), (), whole(1.0))
    host.show()
    yield made
    host.close()


@pytest.mark.parametrize("height", [186, 253, 312, 375, 700])
def test_every_lane_is_high_enough_to_be_read(curves: ClipCurves, height: int):
    curves.resize(870, height)
    for _ in Kind:
        assert len(curves.lanes) >= GROUP
        assert min(box.height() for box in curves._boxes()) >= LEAST_LANE
        curves.show_other_kind()


def test_forces_that_were_shown_alone_are_shown_with_the_motion_where_there_is_room(
    curves: ClipCurves,
):
    curves.resize(870, 186)
    curves.show_other_kind()
    assert curves.kind is Kind.FORCE
    curves.resize(870, 400)
    assert curves.kind is Kind.MOTION
    assert len(curves.lanes) == WHOLE_BY_WRIST


def test_the_operators_action_is_drawn_only_while_the_operator_has_the_arm():
    you = next(curve for curve in lanes()[-1].curves if curve.label == "you")
    assert np.isnan(you.values[:200]).all() and np.isnan(you.values[300:]).all()
    assert np.allclose(you.values[200:300], 50.0)  # mm/s


def test_another_versions_actions_are_drawn_where_they_are_known():
    rows = np.arange(200, 210)
    other = OtherActions(7, rows, np.full((10, 2, 6), 0.02))
    shown = lanes_of(clip(), Arm.LEFT, theme.DARK, kind=Kind.MOTION, room=WHOLE, others=(other,))
    curve = next(each for each in shown[-1].curves if each.label == "v7")
    assert np.allclose(curve.values[rows], 20.0)
    assert np.isfinite(curve.values).sum() == 10
