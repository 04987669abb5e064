"""A window that is opened again knows the session's past."""

import ast
from collections.abc import Generator
from pathlib import Path
from unittest.mock import Mock

import h5py
import msgspec
import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import gui
from gui.demonstrate.page import DemonstratePage
from gui.episode_log import EpisodeLog, PastEpisodes
from gui.history import HistoryReader, past_episodes, past_versions
from gui.pages import Page
from gui.review import reading_child
from gui.review.edits.actions import ClipActions
from gui.review.library import Library
from gui.review.page import ReviewPage
from gui.view import EpisodeMark
from recorder.edits.edit import RelabelOutcome, Split
from recorder.edits.editing import write_edit
from recorder.edits.session_views import session_views
from recorder.inline import InlineRecorder
from teleop.errors import EpisodeError
from teleop.learner_messages import PolicyPublished, VersionReport
from teleop.messages import EpisodeEnded, EpisodeSaved, Outcome
from teleop.session_folder import SessionFolder
from tests.deadly_reading import DEADLY_TO_LIST
from tests.gui_parts import open_window
from tests.held_here import held_of
from tests.sample_steps import DrawnFrames, correction, opening
from tests.test_review_reading import record

DEADLY = int(DEADLY_TO_LIST.removeprefix("episode_"))


@pytest.fixture
def recorded(session_dir: Path) -> SessionFolder:
    """A session with one finished episode, a damaged file and two policy versions."""
    folder = SessionFolder(session_dir)
    recorder = InlineRecorder(folder, DrawnFrames())
    recorder.opened(opening())
    for step in correction(20, 10, 20):
        recorder.step(step)
    recorder.ended(EpisodeEnded(4, 99, Outcome.SUCCESS, "inserted"))
    recorder.close()
    (folder.episodes / "episode_00005.h5").write_bytes(b"not an episode")
    for version in (1, 2):
        place = folder.policies / f"v{version:04d}"
        place.mkdir(parents=True)
        manifest = {
            "version": version,
            "parent": version - 1,
            "accepted": True,
            "provisional": version == 2,
            "reason": "passed",
            "method": "head",
        }
        (place / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    (folder.policies / "v0003").mkdir()
    (folder.policies / "v0003" / "manifest.json").write_text("{")
    return folder


def test_finished_episodes_are_read_and_damaged_files_passed_over(recorded: SessionFolder):
    past = past_episodes(held_of(recorded))
    (episode,) = past.marks
    assert (episode.episode, episode.outcome, episode.interventions) == (4, Outcome.SUCCESS, 1)
    assert past.recordings == {4}


def test_versions_are_read_with_what_is_provisional(recorded: SessionFolder):
    told = list(past_versions(recorded))
    published = [one for one in told if isinstance(one, PolicyPublished)]
    assert [(one.version, one.provisional) for one in published] == [(1, False), (2, True)]
    reports = [one for one in told if isinstance(one, VersionReport)]
    assert [(one.version, one.speed) for one in reports] == [(1, "head"), (2, "head")]


def test_the_charts_of_a_reopened_window_go_on(recorded: SessionFolder, qtbot: QtBot):
    with open_window(recorded.path) as window:
        learner = window.screen_view.learner

        def drawn() -> bool:
            return learner.chart.shown is not None and learner.chart.shown.episodes == (4,)

        qtbot.waitUntil(drawn, timeout=5000)
        assert learner.newest.text() == "newest v2 provisional"


def test_the_window_shows_what_somebody_edits_meanwhile(
    recorded: SessionFolder, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("gui.history.LOOK_S", 0.05)
    with open_window(recorded.path) as window:
        chart = window.screen_view.learner.chart

        def success() -> tuple[float, ...]:
            return chart.shown.success if chart.shown is not None else ()

        qtbot.waitUntil(lambda: success() == (100.0,), timeout=5000)
        edit = RelabelOutcome("episode_00004", Outcome.FAIL)
        write_edit(recorded, session_views(recorded), edit)
        qtbot.waitUntil(lambda: success() == (0.0,), timeout=5000)
        edit = RelabelOutcome("episode_00004", Outcome.DISCARDED)
        write_edit(recorded, session_views(recorded), edit)
        qtbot.waitUntil(lambda: success() == (), timeout=5000)


def test_an_edited_episode_does_not_come_back_by_its_end():
    log = EpisodeLog()
    log.saved(EpisodeSaved(4, "/s/e4", True, 9, 0, 0.0, Outcome.SUCCESS, "", 0, 0, -1))
    assert [mark.outcome for mark in log.view(None).finished] == [Outcome.SUCCESS]
    log.past(PastEpisodes((EpisodeMark(4, Outcome.DISCARDED),), frozenset({4}), None))
    assert log.view(None).finished == ()
    log.saved(EpisodeSaved(5, "/s/e5", True, 9, 0, 0.0, Outcome.FAIL, "", 0, 0, -1))
    assert [mark.episode for mark in log.view(None).finished] == [5]


def test_a_split_episode_is_two_marks_and_a_trimmed_one_has_its_sums(recorded: SessionFolder):
    write_edit(recorded, session_views(recorded), Split("episode_00004", "episode_00004", 35))
    past = past_episodes(held_of(recorded))
    assert past.newest is not None
    assert [(mark.episode, mark.outcome) for mark in past.marks] == [
        (4, Outcome.UNLABELLED),
        (4, Outcome.SUCCESS),
    ]
    assert [mark.interventions for mark in past.marks] == [1, 0]
    assert past.newest.path == "episode_00004b"


@pytest.fixture
def library(qapp: QApplication) -> Generator[Library]:
    parent = QObject(qapp)
    made = Library(parent)
    yield made
    made.close()
    parent.deleteLater()


def test_a_session_that_is_not_wanted_any_more_is_not_waited_for(
    recorded: SessionFolder, library: Library
):
    assert library.read_held(recorded, lambda: False) is None  # nobody reads: it was not started


def test_whoever_waits_for_a_session_is_told_when_the_window_closes(
    recorded: SessionFolder, library: Library
):
    reader = HistoryReader(recorded, library.read_held, library)
    told = Mock()
    reader.found.connect(told, Qt.ConnectionType.DirectConnection)
    reader.start()
    library.close()
    reader.close()
    assert not any(isinstance(call.args[0], PastEpisodes) for call in told.call_args_list)
    with pytest.raises(EpisodeError, match="closing"):
        library.read_held(recorded, lambda: True)


def test_a_session_in_which_nothing_was_recorded_yet_has_an_empty_past(
    session_dir: Path, library: Library
):
    library.start()
    held = library.read_held(SessionFolder(session_dir / "new"), lambda: True)
    assert held is not None
    assert past_episodes(held) == PastEpisodes((), frozenset(), None)


def test_a_file_that_kills_its_reader_leaves_the_window_alive_and_the_others_shown(
    session_dir: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reading_child, "PROGRAM", "tests.deadly_reading")
    for episode in (4, DEADLY, 6):
        record(SessionFolder(session_dir), episode)
    for cache in session_dir.glob("episodes/*/episode.json"):
        cache.unlink()
    with open_window(session_dir) as window:
        chart = window.screen_view.learner.chart

        def drawn() -> bool:
            return chart.shown is not None and chart.shown.episodes == (4, 6)

        qtbot.waitUntil(drawn, timeout=20000)


def test_the_window_opens_no_episode_itself(
    recorded: SessionFolder, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    for cache in recorded.episodes.glob("*/episode.json"):
        cache.unlink()
    opened = Mock(side_effect=AssertionError)
    monkeypatch.setattr(h5py, "File", opened)
    monkeypatch.setattr(h5py.h5f, "open", opened)
    with open_window(recorded.path) as window:
        pages = window.screen_view.pages
        window.open_page(Page.REVIEW)
        review = pages.shown
        assert isinstance(review, ReviewPage)
        qtbot.waitUntil(lambda: review.browser.row is not None, timeout=20000)
        editor = review.edits.editor if isinstance(review.edits, ClipActions) else None
        assert editor is not None and review.browser.row is not None
        with qtbot.waitSignal(editor.edited, timeout=20000):
            editor.outcome((review.browser.row,), Outcome.FAIL)
        window.open_page(Page.DEMONSTRATE)
        demonstrate = pages.shown
        assert isinstance(demonstrate, DemonstratePage)
        with qtbot.waitSignal(demonstrate.records.failed, timeout=20000):
            demonstrate.records.take_back(17)
        chart = window.screen_view.learner.chart
        qtbot.waitUntil(lambda: chart.shown is not None and chart.shown.success == (0.0,))
    assert not opened.called


OPENS = {
    "session_views",
    "scan",
    "entry_of",
    "remember",
    "listed",
    "listed_clip",
    "HeaderCache",
    "EpisodeReader",
    "open_episode",
    "open_clip",
    "ClipReader",
}
IN_THE_CHILD = {"reading_clips.py", "reading_work.py", "reading_track.py", "reading_sessions.py"}


def imported(path: Path) -> Generator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}:{alias.name}" for alias in node.names)


def test_only_the_child_knows_what_opens_episodes():
    """Types are known to the window. The tour is a program of its own, which records and looks."""
    root = Path(gui.__file__).parent
    found = {
        f"{path.name}: {name}"
        for path in root.rglob("*.py")
        if path.name not in IN_THE_CHILD and "tour" not in path.relative_to(root).parts
        for name in imported(path)
        if name.startswith("h5py")
        or (name.startswith("recorder.") and name.partition(":")[2] in OPENS)
    }
    assert found == set()
