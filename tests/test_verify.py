"""`nudge verify` reads every episode to its end."""

import json
from pathlib import Path

import pytest

from recorder.verify import main, verify
from recorder.writer import EpisodeWriter
from teleop.errors import SessionError
from teleop.session_folder import SessionFolder
from tests.sample_files import written
from tests.sample_steps import opening, plain_step


def test_whole_files_are_told_with_their_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    written(SessionFolder(tmp_path), 40)
    assert main([str(tmp_path), "--json"]) == 0
    [file] = json.loads(capsys.readouterr().out)["whole"]
    assert (file["steps"], file["first_index"], file["last_index"]) == (40, 0, 39)
    assert (file["state"], file["outcome"], file["reason"]) == ("final", "SUCCESS", "inserted")


def test_a_file_that_is_cut_off_and_one_that_was_never_finished_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = SessionFolder(tmp_path)
    path = written(folder)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    writer = EpisodeWriter(folder, opening(5))
    writer.append(plain_step(0))
    found = verify(tmp_path)
    assert found.whole == ()
    assert "cut off or damaged" in found.broken[0]
    assert found.unfinished == ("episode_00005.h5.part",)
    assert main([str(tmp_path)]) == 1
    assert "never finished" in capsys.readouterr().out
    assert writer.give_up("end of the test") is not None


def test_an_image_that_was_damaged_is_found(tmp_path: Path):
    path = written(SessionFolder(tmp_path))
    content = bytearray(path.read_bytes())
    at = content.find(b"\xff\xd8\xff")  # where an image begins
    content[at + 40 : at + 60] = bytes(20)
    path.write_bytes(content)
    assert "is damaged" in verify(tmp_path).broken[0]


def test_a_folder_that_is_no_session_is_refused(tmp_path: Path):
    with pytest.raises(SessionError, match="no session folder"):
        verify(tmp_path)
