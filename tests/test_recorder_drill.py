"""`nudge drill recorder`: its parts find nothing, and would find something."""

import json
from pathlib import Path

import pytest

from recorder.drills.compare import wrong_in
from recorder.drills.kill import Told, look
from recorder.drills.load import Load
from recorder.drills.main import PARTS, main
from recorder.drills.recording import IMAGE_BYTES
from recorder.writer import EpisodeWriter
from teleop import drill
from teleop.errors import ConfigError
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder


@pytest.fixture
def session(tmp_path: Path) -> Path:
    load = Load(0, IMAGE_BYTES)
    writer = EpisodeWriter(SessionFolder(tmp_path), load.opened)
    for index in range(40):
        load.record(index, writer)
    writer.close(Outcome.SUCCESS, "")
    return tmp_path


def test_a_saved_episode_that_lacks_a_row_is_a_violation(session: Path):
    assert look(session, Told(saved={0: 40})) == ([], 0.0, 0)
    found, _, _ = look(session, Told(saved={0: 41, 1: 10}, appended={0: 99}, edited=1))
    assert len(found) == 4


def test_an_episode_with_other_numbers_is_wrong(session: Path):
    path = session / "episodes" / "episode_00000"
    assert wrong_in(path, Load(0, IMAGE_BYTES))[1] == []
    found = wrong_in(path, Load(1, IMAGE_BYTES))[1]
    assert any("executed_twist" in each for each in found)
    assert any("images of left" in each for each in found)
    assert any("samples of tactile_left_0" in each for each in found)


def test_the_drill_of_the_recorder_is_a_verb_of_the_drills(capsys: pytest.CaptureFixture[str]):
    assert drill.main(["recorder", "--list"]) == 0
    told = capsys.readouterr().out
    assert all(part.name in told for part in PARTS)
    with pytest.raises(ConfigError, match="no part 'fire'"):
        main(["fire"])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_and_without_power_nothing_that_was_saved_is_lost(
    capsys: pytest.CaptureFixture[str],
):
    assert main(["kill", "power", "--rounds", "7", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["violations"] == 0
    assert found["parts"]["kill"]["rounds"] == found["parts"]["power"]["rounds"] == 7
    assert found["parts"]["kill"]["worst_lost_ms"] <= 500.0
