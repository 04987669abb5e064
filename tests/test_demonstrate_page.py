"""The page for demonstrations: driven by views and keys, it asks control for what is due."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from gui import theme
from gui.action_spec import Intent
from gui.actions import Actions
from gui.demonstrate.page import DemonstratePage
from gui.demonstrate.plan import Phase
from gui.demonstrate.table import Section
from gui.demonstrate.tally import Demonstration, OperatorRow, Recorded
from gui.pages import Page, PageContext
from gui.review.library import Library
from gui.texts import demonstrate as words
from gui.view import (
    ArmView,
    EpisodeMark,
    EpisodeView,
    Lead,
    Level,
    View,
    VitalsView,
)
from teleop.config import SessionConfig
from teleop.messages import Arm, Outcome, SessionMode
from teleop.order_messages import Order, OrderKind
from teleop.session_folder import SessionFolder
from tests.gui_parts import open_window

S = 1_000_000_000
CONFIG = SessionConfig(policy="none", instruction="Plug it in.")
BEGIN = Order(OrderKind.START, text="teleop once")


@dataclass
class Bench:
    """The page in a window of its own, and what it asked for."""

    page: DemonstratePage
    orders: list[Order] = field(default_factory=list[Order])
    said: list[str] = field(default_factory=list[str])

    def see(self, at_s: float, episode: EpisodeView, **more: object) -> None:
        """Let a view come in."""
        leads = Lead.OPERATOR if episode.running else Lead.HOLD
        arms = (ArmView(Arm.LEFT, leads), ArmView(Arm.RIGHT, leads))
        vitals = VitalsView(recorder_level=Level.OK, camera_age_ms=20.0)
        view = View(
            round(at_s * S), 0.01, arms=arms, episode=episode, vitals=vitals, operator="Ana"
        )
        self.page.show_view(replace(view, **more))

    @property
    def prompt(self) -> str:
        return self.page.panel.prompt.text()


IDLE = EpisodeView(session_mode=SessionMode.IDLE)


def opened(number: int, elapsed_s: float = 0.1) -> EpisodeView:
    return EpisodeView(
        number, running=True, elapsed_s=elapsed_s, instruction="Plug it in.",
        session_mode=SessionMode.TELEOP,
    )  # fmt: skip


def ended(number: int, outcome: Outcome) -> EpisodeView:
    return replace(
        opened(number, 4.0), running=False, session_mode=SessionMode.IDLE,
        last=EpisodeMark(number, outcome, "operator"), saves=number + 1,
    )  # fmt: skip


@pytest.fixture
def bench(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    window = QMainWindow()
    qtbot.addWidget(window)
    orders: list[Order] = []
    said: list[str] = []
    context = PageContext(
        folder=SessionFolder(tmp_path / "session"),
        config=CONFIG,
        cameras=("operator", "close_top"),
        look=theme.DARK,
        commands=Actions(window),
        ask=orders.append,
        serve=lambda version: None,
        say=lambda text, level: said.append(text),
        go=lambda page: None,
        library=Library(window),
    )
    (tmp_path / "session" / "episodes").mkdir(parents=True)
    page = DemonstratePage(context, window)
    window.setCentralWidget(page)
    window.resize(1268, 480)
    window.show()
    page.opened()
    yield Bench(page, orders, said)
    page.close_page()


def test_two_demonstrations_reach_the_target_and_it_stops(bench: Bench):
    bench.page.panel.fields.target.setValue(2)
    now_s = 0.0
    for number in (0, 1):
        bench.see(now_s, IDLE if number == 0 else ended(0, Outcome.SUCCESS))
        assert bench.page.answers(OrderKind.SUCCESS)
        bench.see(now_s + 2.9, IDLE)
        assert bench.orders.count(BEGIN) == number
        assert bench.page.pictures.overlay.seconds == 1
        bench.see(now_s + 3.1, IDLE)
        assert bench.orders.count(BEGIN) == number + 1
        bench.see(now_s + 3.3, opened(number))
        assert not bench.page.pictures.overlay.isVisible()
        assert not bench.page.answers(OrderKind.SUCCESS)  # the window labels the episode
        bench.see(now_s + 7.0, opened(number, 4.0))
        assert bench.page.panel.timer.text() == "0:04"
        now_s += 8.0
    bench.see(now_s, ended(1, Outcome.SUCCESS))
    assert bench.prompt == f"Success. {words.done(2)}"
    assert bench.page.panel.count.text() == "2 / 2"
    assert bench.page.answers(OrderKind.SUCCESS)
    bench.see(now_s + 9, ended(1, Outcome.SUCCESS))
    assert bench.orders.count(BEGIN) == 2


def test_a_failure_is_not_counted_and_redo_takes_a_success_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    discarded: list[int] = []
    monkeypatch.setattr(bench.page.records, "take_back", discarded.append)
    for number, outcome in enumerate((Outcome.FAIL, Outcome.SUCCESS)):
        bench.see(10.0 * number, opened(number))
        bench.see(10.0 * number + 5, ended(number, outcome))
    assert bench.page.panel.count.text() == "1 / 10"
    bench.page.intents[Intent.REDO_DEMONSTRATION]()
    assert bench.page.panel.count.text() == "0 / 10"
    assert discarded == [1]
    bench.see(30.0, opened(2))
    bench.page.intents[Intent.REDO_DEMONSTRATION]()
    assert bench.orders[-1] == Order(OrderKind.DISCARD)


def test_hold_stop_and_another_page_break_the_countdown_off(bench: Bench):
    for breaks in (OrderKind.HOLD, OrderKind.STOP, None):
        bench.see(0.0, IDLE)
        bench.page.answers(OrderKind.SUCCESS)
        assert bench.page.pictures.overlay.isVisible()
        if breaks is None:
            bench.page.left()
        else:
            assert not bench.page.answers(breaks)  # the window sends it as ever
        bench.see(20.0, IDLE)
        assert bench.orders == []
        assert not bench.page.pictures.overlay.isVisible()


def test_what_keeps_a_demonstration_from_beginning_is_said(bench: Bench):
    for view, said in (
        (replace(IDLE, session_mode=SessionMode.STOPPED), words.stopped("hold F9")),
        (replace(opened(0), session_mode=SessionMode.ROLLOUT), words.policy_drives("Space")),
    ):
        bench.see(1.0, view)
        assert bench.prompt == said
        bench.page.answers(OrderKind.SUCCESS)
        bench.see(9.0, view)
    bench.see(10.0, IDLE, step_age_s=2.0)
    assert bench.prompt == words.NO_CONTROL
    stale = VitalsView(recorder_level=Level.OK, camera_age_ms=900.0)
    bench.see(11.0, IDLE, vitals=stale)
    assert bench.prompt == words.CAMERA_STALE
    lost = VitalsView(recorder="not recording", recorder_level=Level.ERROR, camera_age_ms=9.0)
    bench.see(12.0, IDLE, vitals=lost)
    assert bench.prompt == words.not_recorded("not recording")
    assert bench.orders == []


def test_the_name_is_sent_remembered_and_offered_to_the_next_session(bench: Bench):
    name = bench.page.panel.fields.operator
    bench.see(0.0, IDLE, operator="")
    assert bench.orders == []
    line = name.lineEdit()
    assert line is not None
    QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    QTest.keyClicks(line, "Bo Li")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert bench.orders == [Order(OrderKind.OPERATOR, text="Bo Li")]
    bench.see(0.1, IDLE, operator="Bo Li")
    assert name.currentText() == "Bo Li"
    again = DemonstratePage(bench.page.context, bench.page)
    for _ in range(2):
        again.show_view(View(1, 0.0, operator=""))
    assert bench.orders[1:] == [Order(OrderKind.OPERATOR, text="Bo Li")]
    again.close_page()


def test_a_name_that_was_not_taken_by_enter_is_nobodys(bench: Bench):
    line = bench.page.panel.fields.operator.lineEdit()
    assert line is not None
    bench.see(0.0, IDLE)
    QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    QTest.keyClicks(line, "zzz")
    line.clearFocus()
    assert line.text() == "Ana"
    assert bench.orders == []


def test_pictures_and_forces_are_seen_while_demonstrating(bench: Bench):
    pixels = np.zeros((12, 16, 3), np.uint8)
    bench.page.show_picture("close_top", pixels, S, S)
    assert not bench.page.pictures.wall.tiles["close_top"].stale
    assert bench.page.answers(Intent.CAMERA_2)
    assert bench.page.pictures.wall.large == "close_top"
    assert bench.page.answers(Intent.HIDE_CAMERA_1)
    assert not bench.page.pictures.wall.tiles["operator"].isVisible()
    pushing = ArmView(Arm.LEFT, Lead.OPERATOR, wrench=np.array([3.0, 0, 4.0, 0, 0, 0]))
    bench.see(1.0, opened(0), arms=(pushing, ArmView(Arm.RIGHT)))
    assert bench.page.pictures.forces.newtons == (5.0, None)
    assert bench.page.pictures.wall.width() > 0.55 * bench.page.width()


def test_the_table_tells_session_and_day_apart_only_where_they_differ(bench: Bench):
    mine = Demonstration("e", 0, "Ana", "Plug it in.", Outcome.SUCCESS, 4.0, 4.0)
    theirs = replace(mine, operator="Bo")
    table = bench.page.panel.table
    bench.page.records.found.emit(Recorded((mine,), frozenset({0}), (mine,)))
    assert [part.title for part in table.sections] == [words.SESSION_AND_TODAY]
    bench.page.records.found.emit(Recorded((mine,), frozenset({0}), (mine,), (theirs,)))
    assert [part.title for part in table.sections] == [words.SESSION, words.TODAY]
    assert "Bo: 1 of 1 succeeded" in table.accessibleDescription()


def test_pause_rests_and_says_how_to_go_on(bench: Bench):
    bench.see(0.0, IDLE)
    bench.page.intents[Intent.PAUSE_DEMONSTRATIONS]()
    assert bench.page.plan.phase is Phase.PAUSED
    assert bench.prompt == words.paused("Ctrl+Space")
    assert bench.page.panel.pause.text().startswith(words.GO_ON)
    bench.see(1.0, opened(0))
    bench.page.intents[Intent.PAUSE_DEMONSTRATIONS]()
    assert bench.orders[-1] == Order(OrderKind.HOLD)


def test_the_page_leaves_the_episode_bar_free_in_the_smallest_window(tmp_path: Path, qtbot: QtBot):
    with open_window(tmp_path, CONFIG) as window:
        screen = window.screen_view
        qtbot.waitUntil(lambda: screen.pages.page is Page.DEMONSTRATE)  # it has no policy
        page = screen.pages.made(Page.DEMONSTRATE)
        assert (window.width(), window.height()) == (1280, 800)
        assert page.geometry().bottom() < screen.episodes.geometry().top()
        assert page.minimumSizeHint().height() <= page.height()
        assert screen.notices.parent() is page.told_over


def test_a_table_that_is_too_long_says_so_and_a_high_one_lists_the_last_ones(bench: Bench):
    table = bench.page.panel.table
    rows = tuple(OperatorRow(f"Ana {number}", 4, 3, 5.0, 20.0, 1) for number in range(9))
    table.show_sections((Section(words.SESSION, rows),), ("7 success", "6 fail"))
    table.resize(400, 24 * 4)
    assert table.fitting()[-1] == words.more(7)
    table.resize(400, 24 * 13)
    assert table.fitting()[-3:] == [words.LAST, "7 success", "6 fail"]
    assert not table.grab().isNull()


def test_the_list_before_the_first_motion_comes_before_the_countdown(bench: Bench):
    asked: list[Order] = []

    def admits(order: Order) -> bool:
        asked.append(order)
        return len(asked) > 1

    bench.page.context = replace(bench.page.context, admits=admits)
    bench.see(0.0, IDLE)
    bench.page.answers(OrderKind.SUCCESS)
    assert bench.page.plan.phase is Phase.READY
    bench.page.answers(OrderKind.SUCCESS)
    assert bench.page.plan.phase is Phase.COUNTDOWN
    assert asked == [BEGIN, BEGIN]
