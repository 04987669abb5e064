"""The player in the window: keys, mouse, pictures that come late, and clips that change."""

import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui import theme
from gui.action_spec import Group, Intent
from gui.actions import ACTIONS, Actions
from gui.pages import PageContext
from gui.review.library import Library
from gui.review.player import pictures
from gui.review.player.widget import PlayerWidget
from gui.review.values import ClipTrack, OtherActions
from teleop.config import SessionConfig
from teleop.session_folder import SessionFolder
from tests.clip_parts import clip, clip_row, picture_of, without_model


@pytest.fixture(scope="module")
def host(qapp: QApplication) -> Generator[QWidget]:
    theme.apply(qapp, theme.DARK)
    widget = QWidget()
    widget.resize(1300, 620)
    widget.show()
    yield widget
    widget.close()
    widget.deleteLater()
    qapp.setStyleSheet("")


class Desk:
    """A player with a clip, and what it asked for."""

    def __init__(self, host: QWidget) -> None:
        context = PageContext(
            folder=SessionFolder(Path("/s")),
            config=SessionConfig(),
            cameras=(),
            look=theme.DARK,
            commands=Actions(host),
            ask=lambda order: None,
            serve=lambda version: None,
            say=lambda text, level: None,
            go=lambda page: None,
            library=Library(host),
        )
        self.player = PlayerWidget(context, host)
        self.player.resize(host.size())
        self.player.show()
        self.track = clip()
        self.asked: list[tuple[str, int]] = []
        self.player.wants_picture.connect(lambda name, index: self.asked.append((name, index)))
        self.player.show_clip(self.track)

    def do(self, *does: Intent) -> None:
        for each in does:
            self.player.intents[each]()

    def answer(self) -> None:
        """Read what was asked for last of each camera."""
        for name, index in dict(self.asked).items():
            self.player.show_picture(picture_of(self.track, name, index))

    @property
    def at_s(self) -> float:
        return round(self.player.at_s, 3)


@pytest.fixture
def desk(host: QWidget) -> Generator[Desk]:
    made = Desk(host)
    yield made
    made.player.close_part()
    made.player.hide()
    made.player.deleteLater()
    QApplication.sendPostedEvents(None, 52)  # DeferredDelete


def test_every_row_of_a_replay_is_done_by_the_player(desk: Desk):
    edits = {spec.does for spec in ACTIONS if spec.group is Group.REVIEW and spec.only_shown}
    assert edits == set(desk.player.intents)


def test_keys_step_by_frames_seconds_and_takeovers(desk: Desk):
    desk.do(Intent.FRAME_ON)
    assert desk.at_s == 0.05  # the first image of the large camera
    desk.do(Intent.FRAME_ON, Intent.FRAME_ON, Intent.FRAME_BACK)
    assert desk.at_s == 0.15
    desk.do(Intent.SECOND_ON, Intent.CHANGE_ON)
    assert desk.at_s == 2.0 and desk.player.row == 200
    desk.do(Intent.CHANGE_ON, Intent.CHANGE_ON)
    assert desk.at_s == 3.0
    desk.do(Intent.CLIP_END, Intent.SECOND_BACK)
    assert desk.at_s == 2.99
    desk.do(Intent.CLIP_START, Intent.FRAME_BACK)
    assert desk.at_s == 0.0


def test_it_plays_both_ways_and_at_other_speeds(desk: Desk):
    desk.do(Intent.REPLAY_FASTER, Intent.REPLAY_FASTER, Intent.REPLAY)
    assert desk.player.playing
    QTest.qWait(60)
    went = desk.at_s
    assert went > 0.05
    desk.do(Intent.REPLAY)
    stood = desk.at_s
    assert not desk.player.playing and stood >= went
    desk.do(Intent.REPLAY_BACKWARDS)
    QTest.qWait(60)
    assert desk.at_s < stood
    desk.player.left()
    assert not desk.player.playing


def test_a_replay_ends_at_the_end_of_the_clip(desk: Desk):
    desk.do(Intent.CLIP_END, Intent.FRAME_BACK, Intent.REPLAY_FASTER, Intent.REPLAY)
    deadline = time.monotonic() + 3.0
    while desk.player.playing and time.monotonic() < deadline:
        QTest.qWait(10)
    assert not desk.player.playing and desk.at_s == 3.99


def test_a_missing_picture_is_told_and_never_waited_for(desk: Desk):
    room = desk.player.wall.tiles["room"]
    desk.player.go_to(100)
    assert room.told == "reading…"
    desk.answer()  # of the moment before: it is too old for this one
    desk.answer()
    assert room.told == ""
    desk.player.go_to(0)
    assert room.told == "no picture yet"


def test_a_paused_replay_asks_again_for_what_never_came(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pictures, "PATIENCE_NS", 0)
    desk.player.go_to(100)
    asked = desk.asked.count(("room", 9))
    assert asked
    desk.player._again.start(1)
    QTest.qWait(30)
    assert desk.asked.count(("room", 9)) > asked


def test_a_picture_that_cannot_be_read_says_why(desk: Desk):
    desk.player.go_to(100)
    desk.answer()
    for name, index in dict(desk.asked).items():
        desk.player.show_no_picture(name, index, "The image is damaged.")
    assert desk.player.wall.tiles["room"].told == "The image is damaged."


def test_a_picture_of_another_clip_or_from_before_an_edit_is_passed_over(desk: Desk):
    desk.player.go_to(100)
    strange = picture_of(desk.track, "room", 9)
    desk.player.show_picture(replace(strange, clip="episode_00004"))
    desk.player.show_picture(replace(strange, stamp_ns=strange.stamp_ns + 1))
    assert desk.player.wall.tiles["room"].told == "reading…"


def test_marks_select_rows_and_are_taken_away(desk: Desk):
    changed: list[object] = []
    desk.player.selection_changed.connect(lambda: changed.append(desk.player.selection()))
    assert desk.player.selection() is None
    desk.player.go_to(100)
    desk.do(Intent.MARK_IN)
    desk.player.go_to(250)
    desk.do(Intent.MARK_OUT)
    assert desk.player.selection() == (100, 251)
    assert desk.player.transport.selection.text().startswith("0:01.00 to 0:02.50")
    desk.do(Intent.CLEAR_MARKS)
    assert changed == [(100, 400), (100, 251), None]


def on_line(desk: Desk, at_s: float, y: float) -> QPoint:
    return QPoint(round(desk.player.line.axis.x_of(at_s)), round(y))


def test_the_mouse_scrubs_and_moves_the_marks(desk: Desk):
    line = desk.player.line
    QTest.mousePress(line, Qt.MouseButton.LeftButton, pos=on_line(desk, 1.0, 95))
    assert desk.player.at_s == pytest.approx(1.0, abs=0.01)
    QTest.mouseMove(line, on_line(desk, 3.5, 95))
    assert desk.player.at_s == pytest.approx(3.5, abs=0.01)
    QTest.mouseRelease(line, Qt.MouseButton.LeftButton, pos=on_line(desk, 3.5, 95))
    desk.do(Intent.MARK_OUT)
    QTest.mousePress(line, Qt.MouseButton.LeftButton, pos=on_line(desk, 3.5, 95))
    QTest.mouseMove(line, on_line(desk, 3.0, 95))
    QTest.mouseRelease(line, Qt.MouseButton.LeftButton, pos=on_line(desk, 3.0, 95))
    selection = desk.player.selection()
    assert selection is not None and abs(selection[1] - 301) <= 1
    assert desk.player.at_s == pytest.approx(3.5, abs=0.01)


def test_clicking_a_correction_plays_it_from_one_second_before(desk: Desk):
    QTest.mouseClick(desk.player.line, Qt.MouseButton.LeftButton, pos=on_line(desk, 2.5, 10))
    assert desk.player.playing
    assert 1.0 <= desk.player.at_s < 1.5
    desk.do(Intent.REPLAY)


def test_the_wheel_zooms_and_curves_keep_the_same_axis(desk: Desk):
    line = desk.player.line
    place = QPointF(on_line(desk, 2.0, 50))
    turn = QWheelEvent(
        place, place, QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    line.wheelEvent(turn)
    assert line.axis.end_s - line.axis.begin_s < 3.0
    assert line.axis.begin_s < 2.0 < line.axis.end_s
    assert desk.player.curves.axis is line.axis
    desk.do(Intent.CLIP_END)
    assert line.axis.end_s == pytest.approx(3.99)  # the cursor is never out of sight


def test_any_camera_is_shown_large(desk: Desk):
    wall = desk.player.wall
    assert wall.large == "room"
    QTest.mouseClick(wall.tiles["wrist"], Qt.MouseButton.LeftButton)
    assert wall.large == "wrist"
    desk.do(Intent.REPLAY_CAMERA)
    assert wall.large == "room"
    assert wall.tiles["room"].width() > wall.tiles["wrist"].width()


def test_a_camera_whose_place_is_not_known_leaves_room_beside_its_picture(desk: Desk):
    assert desk.player.wall.tiles["room"].beside == 0.0
    desk.player.show_clip(None)
    desk.player.show_clip(without_model(desk.track))
    tile = desk.player.wall.tiles["room"]
    assert 0.0 < tile.beside <= tile.picture_place().left()
    assert not desk.player.grab().isNull()


def test_the_curves_change_arm_and_kind(desk: Desk):
    button = desk.player.transport.buttons[Intent.REPLAY_TURNING]
    desk.do(Intent.REPLAY_ARM, Intent.REPLAY_TURNING)
    assert button.text() == "Forces"
    assert [lane.name for lane in desk.player.curves.lanes] == ["L wrist", "R wrist", "gripper"]
    desk.do(Intent.REPLAY_TURNING)
    assert button.text() == "Turning"
    assert [lane.name for lane in desk.player.curves.lanes] == ["R Rx", "R Ry", "R Rz"]
    other = OtherActions(7, desk.track.rows[200:210], desk.track.executed[200:210])
    desk.player.show_other_actions((other,))
    assert "v7" in {curve.label for curve in desk.player.curves.lanes[-1].curves}


def grown(track: ClipTrack) -> ClipTrack:
    return replace(clip(500), row=track.row)


def test_a_clip_that_grows_stays_where_it_is_and_keeps_its_marks(desk: Desk):
    desk.player.go_to(250)
    desk.do(Intent.MARK_IN)
    tile = desk.player.wall.tiles["room"]
    desk.player.show_clip(grown(desk.track))
    assert desk.player.row == 250
    assert desk.player.selection() == (250, 400)
    assert desk.player.wall.tiles["room"] is tile
    desk.do(Intent.CLIP_END)
    assert desk.at_s == 4.99


def test_another_clip_begins_at_its_start_with_nothing_marked(desk: Desk):
    desk.player.go_to(250)
    desk.do(Intent.MARK_IN)
    desk.player.show_clip(replace(desk.track, row=clip_row("episode_00004")))
    assert desk.at_s == 0.0 and desk.player.selection() is None


@pytest.mark.parametrize("track", [None, clip(0), replace(clip(1), cameras=())])
def test_nothing_a_moment_and_a_clip_without_cameras_are_shown(desk: Desk, track: ClipTrack | None):
    desk.player.show_clip(track)
    for each in desk.player.intents.values():
        each()
    assert not desk.player.grab().isNull()
    assert desk.player.row == (-1 if track is None or not len(track.stamps_ns) else 0)
