"""A window that is opened again knows the session's past."""

from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from gui.episode_log import EpisodeLog, PastEpisodes
from gui.history import past_episodes, past_versions
from gui.view import EpisodeMark
from recorder.edits.edit import RelabelOutcome, Split
from recorder.edits.editing import write_edit
from recorder.edits.session_views import session_views
from recorder.inline import InlineRecorder
from teleop.learner_messages import PolicyPublished, VersionReport
from teleop.messages import EpisodeEnded, EpisodeSaved, Outcome
from teleop.session_folder import SessionFolder
from tests.gui_parts import open_window
from tests.sample_steps import DrawnFrames, correction, opening


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
    past = past_episodes(recorded)
    assert past is not None
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
    past = past_episodes(recorded)
    assert past is not None and past.newest is not None
    assert [(mark.episode, mark.outcome) for mark in past.marks] == [
        (4, Outcome.UNLABELLED),
        (4, Outcome.SUCCESS),
    ]
    assert [mark.interventions for mark in past.marks] == [1, 0]
    assert past.newest.path == "episode_00004b"


def test_reading_stops_when_the_window_is_closed(recorded: SessionFolder):
    assert past_episodes(recorded, lambda: False) is None
