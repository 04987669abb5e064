from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recorder import storage
from recorder.inline import InlineRecorder
from recorder.reader import EpisodeReader
from teleop.config import EpisodeConfig, SessionConfig
from teleop.errors import EpisodeError
from teleop.lockstep import Lockstep
from teleop.messages import EpisodeEnded, EpisodeSaved, Mode, Outcome
from teleop.session_folder import SessionFolder
from tests.sample_steps import CAMERAS, DrawnFrames, correction, opening, plain_step


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    return SessionFolder(tmp_path)


def ending(outcome: Outcome = Outcome.SUCCESS) -> EpisodeEnded:
    return EpisodeEnded(4, 99, outcome, "inserted")


def test_an_episode_with_a_correction_is_cut_once_and_saved(folder: SessionFolder):
    saved: list[EpisodeSaved] = []
    recorder = InlineRecorder(folder, DrawnFrames(), saved.append)
    recorder.opened(opening())
    for step in correction(20, 10, 20):
        recorder.step(step)
    recorder.ended(ending())
    assert [(message.final, message.steps) for message in saved] == [(False, 31), (True, 50)]
    (episode,) = folder.episodes.iterdir()
    assert [message.path for message in saved] == [str(episode), str(episode)]
    assert [path.name for path in episode.iterdir()] == ["episode.h5"]  # consolidated at once
    assert saved[1].outcome is Outcome.SUCCESS
    assert saved[1].reason == "inserted"


def test_a_hold_in_the_operators_hand_is_not_a_hand_back(folder: SessionFolder):
    saved: list[EpisodeSaved] = []
    recorder = InlineRecorder(folder, DrawnFrames(), saved.append)
    recorder.opened(opening())
    modes = [Mode.POLICY, Mode.OPERATOR, Mode.HOLD, Mode.OPERATOR, Mode.HOLD]
    for index, mode in enumerate(modes):
        recorder.step(plain_step(index, (mode, Mode.POLICY)))
    assert saved == []
    recorder.step(plain_step(5))
    assert len(saved) == 1
    recorder.close()


def test_steps_between_episodes_and_after_an_end_are_not_recorded(folder: SessionFolder):
    recorder = InlineRecorder(folder, DrawnFrames())
    recorder.step(replace(plain_step(0), episode=-1))
    assert recorder.episode == -1
    recorder.opened(opening())
    recorder.step(plain_step(0))
    assert recorder.episode == 4
    recorder.ended(ending())
    recorder.step(plain_step(1))
    assert recorder.unrecorded_steps == 1
    assert [path.name for path in folder.episodes.iterdir()] == ["episode_00004"]


def test_an_episode_that_nobody_ended_is_kept_unlabelled(folder: SessionFolder):
    saved: list[EpisodeSaved] = []
    recorder = InlineRecorder(folder, DrawnFrames(), saved.append)
    recorder.opened(opening(4))
    recorder.step(plain_step(0))
    recorder.opened(opening(5))
    recorder.close()
    recorder.close()
    assert [(m.episode, m.outcome) for m in saved] == [
        (4, Outcome.UNLABELLED),
        (5, Outcome.UNLABELLED),
    ]


def test_the_rest_of_an_episode_whose_opening_was_missed_is_kept(folder: SessionFolder):
    saved: list[EpisodeSaved] = []
    recorder = InlineRecorder(folder, DrawnFrames(), saved.append)
    for index in range(70, 90):
        recorder.step(plain_step(index))
    recorder.ended(ending())
    assert (saved[0].steps, saved[0].dropped_steps) == (20, 0)
    with EpisodeReader(Path(saved[0].path)) as reader:
        assert reader.header.cameras == CAMERAS
        assert reader.step(0).index == 70


def test_after_a_full_disk_the_next_episode_is_recorded_again(
    folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
):
    saved: list[EpisodeSaved] = []
    recorder = InlineRecorder(folder, DrawnFrames(), saved.append)
    recorder.opened(opening(4))
    for index in range(30):
        recorder.step(plain_step(index))
    monkeypatch.setattr(storage, "free_bytes", lambda _: 0)
    with pytest.raises(EpisodeError, match="is full"):
        recorder.flush()
    assert (saved[0].steps, saved[0].outcome) == (26, Outcome.UNLABELLED)
    assert "is full" in saved[0].reason
    recorder.step(plain_step(30))
    assert recorder.unrecorded_steps == 1
    assert recorder.dropped_steps == 4
    monkeypatch.undo()
    recorder.opened(opening(5))
    recorder.step(replace(plain_step(0), episode=5))
    recorder.close()
    assert [message.episode for message in saved] == [4, 5]


def test_in_lockstep_samples_and_events_are_recorded_too(folder: SessionFolder):
    lockstep = Lockstep(SessionConfig(episode=EpisodeConfig(time_limit_s=1.0)), cameras=())
    lockstep.run_demonstration("near", 2, sinks=[InlineRecorder(folder, lockstep.frames)])
    lockstep.close()
    (episode,) = folder.episodes.iterdir()
    with EpisodeReader(episode) as reader:
        assert {info.name: info.rate_hz for info in reader.streams} == {
            "wrench_left": 500.0,
            "wrench_right": 500.0,
            "tactile_left": 100.0,
            "tactile_right": 100.0,
            "joints": 500.0,
            "device": 0.0,
        }
        assert len(reader.samples("joints").sequence) == 5 * len(reader)
        assert reader.header.lost_samples == 0
        assert [event.source for event in reader.events()] == ["expert"]
        newest = reader.column("wrench")[-1, 0]  # what was read before the tick's own physics
        samples = reader.samples("wrench_left").data
        assert np.allclose(samples[-1 - 5], newest, atol=1e-4)
