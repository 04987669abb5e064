"""Two demonstrations by the window's keys, with all real processes and no policy."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.demonstrate.page import DemonstratePage
from gui.demonstrate.plan import Phase
from gui.main_window import MainWindow
from gui.pages import Page
from gui.texts import demonstrate as words
from recorder.labels import POLICY
from recorder.listing import ListOptions, episodes_of
from recorder.reader import EpisodeReader
from teleop.config import SessionConfig
from teleop.messages import Outcome
from teleop.process_tree import ProcessTree
from teleop.session import running_session
from tests.gui_parts import open_window

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]

CONFIG = SessionConfig(policy="none", cameras=("close_front",))


def wait_for(
    tree: ProcessTree, page: DemonstratePage, true: Callable[[], bool], timeout_s: float = 20.0
) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline_s, page.panel.prompt.text()
        tree.watch(0.0)
        QTest.qWait(20)


def demonstrations_of(window: MainWindow) -> DemonstratePage:
    page = window.screen_view.pages.made(Page.DEMONSTRATE)
    assert isinstance(page, DemonstratePage)
    return page


def test_two_demonstrations_are_recorded_with_the_operators_name_and_it_stops(
    session_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: object
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    said: list[str] = []
    with (
        running_session(session_dir, CONFIG, window=False, over=lambda: "", say=said.append) as (
            folder,
            tree,
        ),
        open_window(session_dir, CONFIG) as window,
    ):
        assert sorted(tree.children) == ["camera_close_front", "control", "recorder"]
        page = demonstrations_of(window)
        wait_for(tree, page, lambda: page.isVisible() and window.keys.has_keys)
        name = page.panel.fields.operator.lineEdit()
        assert name is not None
        QTest.mouseClick(name, Qt.MouseButton.LeftButton)
        QTest.keyClicks(name, "Ana Ruiz")
        QTest.keyClick(name, Qt.Key.Key_Return)
        page.panel.fields.target.setValue(2)
        page.panel.fields.countdown.setValue(1)
        wait_for(tree, page, lambda: page.panel.prompt.text().endswith(words.ready("↵ Enter")))
        for number in (1, 2):
            demonstrate(window, page, tree)
            wait_for(tree, page, lambda number=number: page.wanted.counted == number)
        wait_for(tree, page, lambda: words.done(2) in page.panel.prompt.text())
        QTest.keyClick(window, Qt.Key.Key_Return)  # the target is reached: nothing begins
        began_s = time.monotonic()
        wait_for(tree, page, lambda: time.monotonic() - began_s > 2.0)
        assert page.plan.phase is Phase.READY
        assert not tree.restarts
        assert set(tree.health) == set(tree.children)
    assert said == []
    listed = episodes_of(ListOptions((folder.path,))).episodes
    assert [each.operator for each in listed] == ["Ana Ruiz", "Ana Ruiz"]
    for each in listed:
        with EpisodeReader(folder.episodes / each.name) as episode:
            header = episode.header
            assert (header.demonstration, header.outcome) == (True, Outcome.SUCCESS)
            driven = episode.column("executed_twist")[:, 0, :3]
            assert float(np.linalg.norm(driven, axis=1).max()) > 0.02  # m/s, by the key W
            assert (episode.column("modes") != POLICY).all()
            assert not episode.column("proposal_valid").any()


def demonstrate(window: MainWindow, page: DemonstratePage, tree: ProcessTree) -> None:
    """Enter, the countdown, half a second of motion, Enter.

    On a busy machine a camera may be late, which breaks a countdown off: Enter begins another.
    """

    def begun() -> bool:
        if page.plan.phase is Phase.READY:
            QTest.keyClick(window, Qt.Key.Key_Return)
        return page.plan.phase is Phase.RUNNING

    begun()
    wait_for(tree, page, lambda: page.pictures.overlay.seconds == 1)
    wait_for(tree, page, begun)
    QTest.keyPress(window, Qt.Key.Key_W)
    began_s = time.monotonic()
    wait_for(tree, page, lambda: time.monotonic() - began_s > 0.7)
    QTest.keyRelease(window, Qt.Key.Key_W)
    QTest.keyClick(window, Qt.Key.Key_Return)
    wait_for(tree, page, lambda: page.plan.phase is Phase.READY)
