"""Pictures, what is told and the learner: none covers another."""

from collections.abc import Generator
from itertools import combinations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui import theme
from gui.learner_view import CoachLine
from gui.view import NoticeLine, NoticesView
from gui.widgets.camera_wall import CameraWall
from gui.widgets.middle import LEAST_PICTURES, Middle
from teleop.messages import Arm
from teleop.takeover_messages import NoticeKind
from tests.fake_learner import coach_note

CAMERAS = ("operator", "close_front", "close_top", "overhead")
HOLD = NoticeLine(
    0, NoticeKind.HOLD, Arm.LEFT, "A camera is silent, and the policy does not act on old pictures."
)
LINES = (HOLD, *(NoticeLine(0, NoticeKind.DEVICE, None, f"puck {n} is back") for n in (1, 2)))
CALLS = tuple(
    NoticeLine(0, NoticeKind.HELP, arm, "it sees what it was not taught, and it presses hard")
    for arm in Arm
)
NOTE = (CoachLine(coach_note(2)),)
NOTHING = NoticesView()


@pytest.fixture
def middle(qtbot: QtBot) -> Generator[Middle]:
    """As large as it is in the smallest window."""
    window = QWidget()
    qtbot.addWidget(window)
    made = Middle(CameraWall(CAMERAS, theme.DARK, window), theme.DARK, window)
    window.resize(598, 454)
    made.resize(598, 454)
    window.show()
    yield made
    window.close()


def look_over(qtbot: QtBot, middle: Middle) -> None:
    """Nothing covers anything, nothing is pushed out, and the pictures can be seen."""
    qtbot.wait(20)
    parts = (middle.wall, middle.notices, middle.coach, middle.learner)
    shown = [part for part in parts if part.isVisible()]
    assert not any(a.geometry().intersects(b.geometry()) for a, b in combinations(shown, 2))
    assert all(middle.rect().contains(part.geometry()) for part in shown)
    assert middle.wall.height() >= LEAST_PICTURES


def test_a_hold_covers_neither_the_learner_nor_the_pictures(qtbot: QtBot, middle: Middle):
    middle.show_told(NoticesView((HOLD,), (), (HOLD,)), ())
    look_over(qtbot, middle)
    assert middle.notices.lines[0].isVisible()
    assert middle.learner.isVisible()


def test_lines_without_room_are_left_out_the_oldest_first(qtbot: QtBot, middle: Middle):
    middle.show_told(NoticesView(LINES, (), LINES), ())
    look_over(qtbot, middle)
    assert all(line.isVisible() for line in middle.notices.lines)
    middle.resize(598, 404)  # an alarm has come
    look_over(qtbot, middle)
    assert [line.isVisible() for line in middle.notices.lines] == [True, True, False]


def test_the_learner_gives_way_to_calls_that_would_leave_nothing_of_the_pictures(
    qtbot: QtBot, middle: Middle
):
    middle.resize(598, 404)
    middle.show_told(NoticesView((), CALLS, ()), ())
    look_over(qtbot, middle)
    assert all(call.isVisible() for call in middle.notices.calls)
    assert not middle.learner.isVisible()
    middle.show_told(NOTHING, ())
    look_over(qtbot, middle)
    assert middle.learner.isVisible()


def test_coaching_waits_while_something_else_is_told(qtbot: QtBot, middle: Middle):
    middle.show_told(NOTHING, NOTE)
    look_over(qtbot, middle)
    assert middle.coach.isVisible()
    middle.show_told(NoticesView((HOLD,), (), (HOLD,)), NOTE)
    look_over(qtbot, middle)
    assert not middle.coach.isVisible()
    middle.show_told(NOTHING, NOTE)
    assert middle.coach.isVisible()


def test_notices_come_back_from_a_page_that_they_lay_over(qtbot: QtBot, middle: Middle):
    page = QWidget(middle.window())
    page.resize(598, 300)
    middle.show_told(NoticesView(LINES, (), LINES), ())
    middle.notices.lie_over(page, 24)
    assert middle.notices.parentWidget() is page
    middle.take_notices()
    middle.notices.show()
    look_over(qtbot, middle)
    assert middle.notices.isVisible()
