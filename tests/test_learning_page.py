"""The page of the learning in the window, and what its buttons do."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from gui import learner_desk
from gui.action_spec import Intent
from gui.pages import Page
from gui.screen import Screen
from gui.widgets.learning.page import LearningPage
from gui.widgets.panel import Panel
from teleop.learner_messages import Coaching
from teleop.serving import move_serving, serving_version
from tests.fake_learner import coach_note, correction_report, version_report, write_version
from tests.gui_parts import Desk, open_desk

REFUSED = 7


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No learner runs here: do not wait a second for one."""
    monkeypatch.setattr(learner_desk, "TIMEOUT_S", 0.05)


@pytest.fixture(scope="module")
def desk(qapp: object) -> Iterator[Desk]:
    with open_desk() as made:
        policies = made.session.folder.policies
        for version in range(9):
            write_version(policies, version_report(version, accepted=version != REFUSED))
        move_serving(policies, 0, "start", "")
        move_serving(policies, 4, "learner", "passed")
        for number in range(7):
            made.window.bridge.tell(correction_report(number, still_needed=number == 4))
        view = made.window.learning
        made.until(lambda: len(view._view.versions) == 9 and view._view.serving == 4)
        yield made


@pytest.fixture(autouse=True)
def opened(desk: Desk) -> None:
    desk.begin()
    page = page_of(desk.window.screen_view)
    if page.isVisible():
        desk.press(Qt.Key.Key_P)
    desk.press(Qt.Key.Key_P)
    desk.until(lambda: page.isVisible() and page.detail.version == 4)


def page_of(screen: Screen) -> LearningPage:
    page = screen.pages.made(Page.LEARN)
    assert isinstance(page, LearningPage)
    return page


def inside(page: QWidget, widget: QWidget) -> bool:
    corner = widget.mapTo(page, widget.rect().topLeft())
    return page.rect().contains(QRect(corner, widget.size()))


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_nothing_on_the_page_is_cut_and_the_banner_and_buttons_stay_in_sight(
    desk: Desk, size: tuple[int, int]
):
    desk.window.resize(*size)
    QTest.qWait(50)
    screen = desk.window.screen_view
    page = page_of(screen)
    assert not page.geometry().intersects(screen.banner.geometry())
    assert not page.geometry().intersects(screen.episodes.geometry())
    for kind in (QLabel, QAbstractButton):
        for widget in page.findChildren(kind):
            in_list = page.changes.area.isAncestorOf(widget) or page.table.isAncestorOf(widget)
            if widget.isVisible() and not in_list:
                assert inside(page, widget), widget.accessibleName()
                assert widget.height() >= widget.minimumSizeHint().height()
    for panel in page.findChildren(Panel):
        assert panel.title.width() >= panel.title.sizeHint().width(), panel.title.text()
    card = page.changes.cards[0]
    assert card.sizeHint().height() <= page.changes.area.viewport().height()
    table = page.table.horizontalHeader()
    assert table.length() <= page.table.viewport().width()
    desk.window.resize(1280, 800)


def test_the_serving_version_is_marked_and_its_checks_are_drawn(desk: Desk):
    page = page_of(desk.window.screen_view)
    model = page.table.versions
    marked = [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    assert [text for text in marked if "●" in text] == ["● v4"]
    assert page.serving.text().startswith("serving v4 · consolidated")
    assert [bar.passed for bar in page.detail.checks.bars] == [True, True, True]
    assert not page.detail.serve.isEnabled()


def test_a_refused_version_says_why_in_words(desk: Desk):
    page = page_of(desk.window.screen_view)
    page.table.chosen.emit(REFUSED)
    assert "Refused: it forgot" in page.detail.verdict.text()
    assert [bar.passed for bar in page.detail.checks.bars] == [False, True, True]


def test_a_click_serves_a_version_and_is_answered_where_one_looks(desk: Desk):
    page, toast = page_of(desk.window.screen_view), desk.window.screen_view.toast
    page.table.chosen.emit(6)
    page.detail.serve.click()
    desk.until(lambda: "Serve v6 ✔" in toast.text())
    assert toast.isVisible()
    assert not toast.visibleRegion().isEmpty()  # the page does not cover it
    assert serving_version(desk.session.folder.policies) == 6


def test_one_key_rolls_back_wherever_one_is(desk: Desk):
    policies = desk.session.folder.policies
    before = serving_version(policies)
    desk.until(lambda: desk.window.learning._view.moves[-1].version == before)
    target = 4 if before == 6 else 0
    instruction = desk.window.screen_view.episodes.instruction
    instruction.begin()
    QTest.keyClick(instruction, Qt.Key.Key_F12)
    desk.until(lambda: serving_version(policies) == target)


def test_what_needs_the_learner_is_refused_visibly_where_there_is_none(desk: Desk):
    page, toast = page_of(desk.window.screen_view), desk.window.screen_view.toast
    page.buttons[Intent.CONSOLIDATE].click()
    desk.until(lambda: "Consolidate refused" in toast.text())
    assert "learner is not running" in toast.text()


def test_a_correction_says_whether_it_would_be_needed_again(desk: Desk):
    cards = page_of(desk.window.screen_view).changes.cards
    assert [card.report.episode for card in cards][:2] == ["episode_00006", "episode_00005"]
    assert "would still need you" in cards[2].verdict.text()
    assert "would not have needed you" in cards[0].verdict.text()


def test_a_note_stands_in_the_main_view_until_it_is_put_away_and_then_in_the_list(desk: Desk):
    desk.press(Qt.Key.Key_P)
    screen = desk.window.screen_view
    desk.window.bridge.tell(coach_note(2))
    desk.window.bridge.tell(coach_note(5, Coaching.OVERLONG))
    desk.until(screen.coach.isVisible)
    assert "1 more" in screen.coach.head.text()
    assert not screen.coach.geometry().intersects(screen.learner.geometry())
    desk.press(Qt.Key.Key_N)
    desk.until(lambda: "A long correction" in screen.coach.head.text())
    screen.coach.button.click()
    desk.until(lambda: not screen.coach.isVisible())
    desk.press(Qt.Key.Key_P)
    told = page_of(screen).coaching.text
    desk.until(lambda: told.text().count("☞") == 2)
