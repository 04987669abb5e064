"""`nudge repair` says what it did, and keeps away from a recorder at work."""

import json
from pathlib import Path

import pytest

from recorder.folder_lock import locked
from recorder.repair_verb import main
from teleop.errors import FolderBusy
from teleop.session_folder import SessionFolder
from tests.left_behind import left_behind
from tests.old_files import old_file


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    return SessionFolder(tmp_path)


def test_a_session_in_which_a_recorder_writes_is_not_repaired(folder: SessionFolder):
    path = left_behind(folder, 60)
    with locked(folder), pytest.raises(FolderBusy, match="End it before"):
        main([str(path)])


def test_the_verb_says_what_it_did_and_that_all_is_well(
    folder: SessionFolder, capsys: pytest.CaptureFixture[str]
):
    left_behind(folder, 60)
    old_file(folder.episodes, 2, "episode_00001.h5")
    assert main([str(folder.path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["episodes"]
    assert [Path(each["path"]).name for each in told] == ["episode_00001.h5", "episode_00004"]
    assert "It had no end" in told[1]["text"] and told[1]["sound"]
