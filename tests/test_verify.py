"""`nudge record verify` reads every episode to its end, and says what does not agree."""

import json
import os
import signal
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from recorder.catalog import entry_of
from recorder.checking import read_whole, wrong_with
from recorder.contained import Contained, Crashed
from recorder.hdf5 import CHECK_SUM
from recorder.verify import main, verify
from recorder.writer import EpisodeWriter
from teleop.errors import EpisodeIncomplete, SessionError
from teleop.messages import FrameRef, Outcome
from teleop.session_folder import SessionFolder
from tests.old_files import old_file
from tests.sample_files import feed, written
from tests.sample_steps import encoded, opening, plain_step


def test_a_session_is_told_with_what_is_whole_broken_and_unfinished(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = SessionFolder(tmp_path)
    written(folder, 40)

    whole = written(folder) / "episode.h5"
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    old_file(folder.episodes, 2, "episode_00001.h5")
    old_file(folder.cuts, 1, "episode_00004_cut_1.h5")
    writer = EpisodeWriter(folder, opening(5))
    feed(writer, [plain_step(0)])
    writer.cut()
    feed(writer, [plain_step(1)])
    writer.flush()
    assert main([str(tmp_path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    names = ["episode_00001.h5", "episode_00004", "episode_00004_cut_1.h5"]
    assert [file["name"] for file in found["whole"]] == names
    assert len(found["broken"]) == 1 and "cut off or damaged" in found["broken"][0]
    assert found["unfinished"] == ["episode_00005"]
    assert writer.give_up("end of the test") is not None


def test_a_table_of_one_episode_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = written(SessionFolder(tmp_path), 40)
    assert main([str(path)]) == 0
    told = capsys.readouterr().out
    assert "episode_00004" in told and "SUCCESS" in told and "inserted" in told
    found, _ = read_whole(path)
    assert (found.steps, found.first_index, found.last_index, found.images) == (40, 0, 39, 28)


def test_an_image_that_was_damaged_is_found(tmp_path: Path):
    path = written(SessionFolder(tmp_path))
    with h5py.File(path / "episode.h5", "r+") as file:
        content = file["streams/room/bytes"]
        assert isinstance(content, h5py.Dataset)
        content[50:60] = 0
    assert "image 0 of camera room is damaged" in wrong_with(path)


def test_a_chunk_that_was_damaged_is_found_by_its_check_sum(tmp_path: Path):
    path = written(SessionFolder(tmp_path))
    with h5py.File(path / "episode.h5") as file:
        column = file["steps/q"]
        assert isinstance(column, h5py.Dataset)
        at = column.id.get_chunk_info(0).byte_offset
    content = bytearray((path / "episode.h5").read_bytes())
    content[at + 5] ^= 4
    (path / "episode.h5").write_bytes(content)
    assert "/steps/q cannot be read" in wrong_with(path)


def test_a_chunk_that_is_wholly_zeros_is_found_by_the_check_sum_of_all(tmp_path: Path):
    path = written(SessionFolder(tmp_path))
    with h5py.File(path / "episode.h5") as file:
        column = file["steps/q"]
        assert isinstance(column, h5py.Dataset)
        chunk = column.id.get_chunk_info(0)
    content = bytearray((path / "episode.h5").read_bytes())
    content[chunk.byte_offset : chunk.byte_offset + chunk.size] = bytes(chunk.size)
    (path / "episode.h5").write_bytes(content)
    assert "another check sum" in wrong_with(path)


def test_what_is_missing_and_nobody_counted_is_found(tmp_path: Path):
    path = written(SessionFolder(tmp_path))
    with h5py.File(path / "episode.h5", "r+") as file:
        sequence = file["streams/left/sequence"]
        assert isinstance(sequence, h5py.Dataset)
        sequence[9:] += 2
        del sequence.attrs[CHECK_SUM]  # somebody meant it
    with pytest.raises(EpisodeIncomplete, match="2 images are missing, nobody counted 2"):
        read_whole(path)


def test_what_is_missing_and_was_counted_is_no_damage(tmp_path: Path):
    writer = EpisodeWriter(SessionFolder(tmp_path), opening())
    feed(writer, [plain_step(index) for index in (0, 1, 2, 7)])
    writer.image(encoded(FrameRef("room", 9, 1)))
    writer.close(Outcome.FAIL, "")
    found, notes = read_whole(writer.path, decode=True)
    assert (found.dropped_steps, found.lost_images) == (4, 7)
    assert notes == ()


def test_stamps_that_fall_and_labels_that_differ_are_found(tmp_path: Path):
    path = written(SessionFolder(tmp_path))
    with h5py.File(path / "episode.h5", "r+") as file:
        labels = file["steps/label"]
        assert isinstance(labels, h5py.Dataset)
        labels[3] = 5
        del labels.attrs[CHECK_SUM]
    assert "its labels are not those" in read_whole(path)[1][0]
    with h5py.File(path / "episode.h5", "r+") as file:
        stamps = file["steps/stamp_ns"]
        assert isinstance(stamps, h5py.Dataset)
        stamps[20] = stamps[19]
        del stamps.attrs[CHECK_SUM]
    assert "stamp_ns does not rise" in wrong_with(path)


def test_a_folder_that_is_no_session_is_refused(tmp_path: Path):
    with pytest.raises(SessionError, match="no session folder"):
        verify(tmp_path)


def test_an_episode_whose_files_are_gone_is_told(tmp_path: Path):
    path = written(SessionFolder(tmp_path))
    entry_of(path)  # leaves its header beside it
    (path / "episode.h5").unlink()
    (told,) = verify(tmp_path).broken
    assert path.name in told and "has lost its recording" in told


def dies(arguments: list[str]) -> dict[str, int]:
    if arguments[0] == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if arguments[0] == "sleep":
        signal.pause()
    sys.stdout.write("noise of a library")
    return {"length": len(np.zeros(3))}


def test_a_file_that_kills_the_process_that_reads_it_is_named_and_the_next_is_read():
    with Contained("tests.test_verify:dies", limit_s=5.0) as child:
        assert child.ask(["well"]) == b'{"length":3}\n'
        with pytest.raises(Crashed, match="SIGSEGV"):
            child.ask(["crash"])
        assert child.ask(["well"]) == b'{"length":3}\n'


@pytest.mark.slow
def test_a_file_that_is_never_read_to_its_end_is_given_up():
    with Contained("tests.test_verify:dies", limit_s=9.0) as child:
        with pytest.raises(Crashed, match="more than 9 s"):
            child.ask(["sleep"])
        assert child.ask(["well"]) == b'{"length":3}\n'
