"""Every view opens on whatever a session may be: empty, huge, damaged, dark, faulty, half dead."""

import gc
import time
from collections import Counter
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QModelIndex, Qt, QThread, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListView, QWidget
from pytestqt.qtbot import QtBot

from gui.action_spec import Intent
from gui.main_window import MainWindow
from gui.pages import PAGES, Page
from gui.review.page import ReviewPage
from gui.tour.looked_over import blank
from gui.view import Lead
from teleop.messages import Mode, SessionMode
from teleop.session_folder import SessionFolder
from tests.fake_session import FakeSession, fake_session
from tests.gui_parts import open_window
from tests.many_clips import many_clips
from tests.sample_files import written

PATIENCE_MS = 8000
USABLE_S = 1.0
HUGE = 2000
OVERLAYS = (Intent.KEY_MAP, Intent.NOTICES)


def words(widget: QWidget) -> str:
    return " ".join(
        label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)
    )


def open_every_view(window: MainWindow, wait_ms: int = 30) -> None:
    """Each says something, and none is one colour."""
    for spec in PAGES:
        window.open_page(spec.page)
        QTest.qWait(wait_ms)
        page = window.screen_view.pages.shown
        assert page is not None, spec.page
        assert page.isVisible()
        opaque = page.testAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        assert opaque or page.autoFillBackground(), "what it covers would be painted all the time"
        assert words(page).strip(), f"{spec.page} says nothing"
        assert not blank(page.grab().toImage()), f"{spec.page} is empty"
        assert window.screen_view.banner.isVisible()
        assert window.screen_view.episodes.isVisible()
    window.open_page(Page.OPERATE)
    for does in OVERLAYS:
        window.do(does)
        QTest.qWait(wait_ms)
        window.do(does)
    window.devices.toggle()
    QTest.qWait(wait_ms)
    assert words(window.devices).strip()
    window.devices.toggle()


def leaves_banner_and_stop_in_sight(window: MainWindow) -> None:
    screen = window.screen_view
    for spec in PAGES:
        window.open_page(spec.page)
        page = screen.pages.shown
        assert page is not None
        assert page.geometry().top() > screen.banner.geometry().bottom()
        assert page.geometry().bottom() <= screen.episodes.geometry().top()
    window.open_page(Page.OPERATE)


def living() -> tuple[Counter[str], int, int]:
    """Widgets by kind, timers that run and threads that run."""
    gc.collect()
    QApplication.sendPostedEvents(None, 52)  # DeferredDelete
    QApplication.processEvents()
    gc.collect()
    kept = [
        thing
        for thing in gc.get_objects()
        if issubclass(type(thing), QTimer | QThread) and shiboken6.isValid(thing)
    ]
    return (
        Counter(type(widget).__name__ for widget in QApplication.allWidgets()),
        sum(isinstance(thing, QTimer) and thing.isActive() for thing in kept),
        sum(isinstance(thing, QThread) and thing.isRunning() for thing in kept),
    )


def open_and_close(path: Path) -> None:
    with open_window(path) as window:
        open_every_view(window, wait_ms=5)
        leaves_banner_and_stop_in_sight(window)


def test_every_view_opens_on_an_empty_session_and_closing_leaves_nothing_behind(
    session_dir: Path, qapp: QApplication
):
    before = living()
    open_and_close(session_dir)
    deadline = time.monotonic() + 2.0
    while (after := living()) != before and time.monotonic() < deadline:
        QTest.qWait(20)
    assert after[0] - before[0] == Counter()
    assert after[1:] == before[1:]  # children and other threads: the check after every test


@pytest.fixture
def session(session_dir: Path) -> Generator[FakeSession]:
    with fake_session(SessionFolder(session_dir)) as fake:
        yield fake


def until(qtbot: QtBot, check: Callable[[], bool]) -> None:
    qtbot.waitUntil(check, timeout=PATIENCE_MS)


@pytest.mark.slow
def test_every_view_opens_with_a_camera_lost(session: FakeSession, qtbot: QtBot):
    with open_window(session.folder.path) as window:
        tiles = window.screen_view.wall.tiles
        until(qtbot, lambda: all(not tile.stale for tile in tiles.values()))
        session.silent_cameras = frozenset({"overhead"})
        until(qtbot, lambda: tiles["overhead"].stale)
        open_every_view(window, wait_ms=200)
        assert tiles["overhead"].stale
        assert not tiles["operator"].stale


@pytest.mark.slow
def test_every_view_opens_with_an_arm_lost(session: FakeSession, qtbot: QtBot):
    session.fault = "left arm: joint 3 overloaded"
    session.session_mode, session.modes = SessionMode.STOPPED, (Mode.HOLD, Mode.HOLD)
    with open_window(session.folder.path) as window:
        left, _ = window.screen_view.banner.halves
        until(qtbot, lambda: left.lead is Lead.FAULT)
        open_every_view(window, wait_ms=200)
        assert left.lead is Lead.FAULT


@pytest.mark.slow
def test_every_view_opens_with_the_learner_dead(session: FakeSession, qtbot: QtBot):
    session.dead = frozenset({"learner"})
    with open_window(session.folder.path) as window:
        left, _ = window.screen_view.banner.halves
        until(qtbot, lambda: left.lead is Lead.POLICY)
        window.open_page(Page.LEARN)
        until(qtbot, lambda: "no learner" in words(window.screen_view))
        open_every_view(window, wait_ms=200)


@pytest.mark.slow
def test_every_view_opens_with_control_gone(session_dir: Path, qtbot: QtBot):
    with open_window(session_dir) as window:
        with fake_session(SessionFolder(session_dir)):
            left, _ = window.screen_view.banner.halves
            until(qtbot, lambda: left.lead is Lead.POLICY)
        until(qtbot, lambda: left.lead is Lead.NO_DATA)
        open_every_view(window, wait_ms=200)


def clips(window: MainWindow) -> QListView:
    """The browser's list of clips."""
    page = window.screen_view.pages.shown
    assert isinstance(page, ReviewPage)
    return page.browser.list


@pytest.mark.slow
def test_damaged_files_are_named_and_the_others_are_there(session_dir: Path, qtbot: QtBot):
    folder = SessionFolder(session_dir)
    whole = written(folder)
    (folder.episodes / "episode_00007").mkdir()
    (folder.episodes / "episode_00007" / "episode.h5").write_bytes(b"not an episode")
    cut = folder.episodes / "episode_00008"
    cut.mkdir()
    content = (whole / "episode.h5").read_bytes()
    (cut / "episode.h5").write_bytes(content[: len(content) // 2])
    with open_window(session_dir) as window:
        open_every_view(window, wait_ms=200)
        window.open_page(Page.REVIEW)
        page = window.screen_view.pages.shown
        assert page is not None
        until(qtbot, lambda: clips(window).model().rowCount(QModelIndex()) >= 1)
        until(qtbot, lambda: any(name in shown_of(page) for name in ("00007", "cannot be read")))


def shown_of(page: QWidget) -> str:
    """Labels, and what the rows of lists say."""
    rows: list[str] = []
    for view in page.findChildren(QListView):
        model = view.model()
        for row in range(model.rowCount(QModelIndex())):
            rows.append(str(model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)))
            rows.append(str(model.index(row, 0).data(Qt.ItemDataRole.UserRole)))
    return " ".join((words(page), *rows))


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_the_browser_of_two_thousand_episodes_is_usable_within_a_second(
    session_dir: Path, qtbot: QtBot
):
    folder = SessionFolder(session_dir)
    many_clips(folder, HUGE)
    with open_window(session_dir) as window:
        qtbot.wait(3000)  # the charts read the past of the session meanwhile
        began_s = time.monotonic()
        window.open_page(Page.REVIEW)
        until(qtbot, lambda: clips(window).model().rowCount(QModelIndex()) >= HUGE)
        listed_s = time.monotonic() - began_s
        began_s = time.monotonic()
        QTest.keyClick(clips(window), Qt.Key.Key_Down)
        QApplication.processEvents()
        moved_s = time.monotonic() - began_s
        assert clips(window).currentIndex().isValid()
        told = f"listed after {listed_s:.2f} s, a key took {1e3 * moved_s:.0f} ms"
        assert listed_s < USABLE_S, told
        assert moved_s < 0.1, told
        open_every_view(window, wait_ms=300)
