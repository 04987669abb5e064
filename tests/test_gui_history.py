"""A window that is opened again knows the session's past."""

from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from gui.history import past_episodes, past_versions
from recorder.inline import InlineRecorder
from teleop.messages import EpisodeEnded, Outcome
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
    versions = list(past_versions(recorded))
    assert [(one.version, one.provisional) for one in versions] == [(1, False), (2, True)]


def test_the_charts_of_a_reopened_window_go_on(recorded: SessionFolder, qtbot: QtBot):
    with open_window(recorded.path) as window:
        learner = window.screen_view.learner

        def drawn() -> bool:
            return learner.chart.shown is not None and learner.chart.shown.episodes == (4,)

        qtbot.waitUntil(drawn, timeout=5000)
        assert learner.newest.text() == "newest v2 provisional"
