from pathlib import Path

from teleop.control_process import next_episode
from teleop.session_folder import SessionFolder


def test_a_continued_session_counts_its_episodes_on(session_dir: Path):
    folder = SessionFolder(session_dir)
    folder.episodes.mkdir()
    assert next_episode(folder) == 0
    for name in ("episode_00003.h5", "episode_00011_2.h5", "episode_00012.h5.part"):
        (folder.episodes / name).touch()
    assert next_episode(folder) == 13


def test_episodes_that_are_folders_count_whatever_they_hold(session_dir: Path):
    folder = SessionFolder(session_dir)
    for name in ("episode_00003", "episode_00007_2", "episode_123456", "episode_of_old"):
        (folder.episodes / name).mkdir(parents=True)
    assert next_episode(folder) == 123457
