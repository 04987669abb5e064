import signal
from pathlib import Path

import h5py
import pytest

from recorder.reader import EpisodeReader
from recorder.repair import salvage, salvage_all
from recorder.schema import State
from recorder.storage import part_of
from recorder.writer import EpisodeWriter
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder
from tests.sample_files import SINGLE, run_python, written
from tests.sample_steps import (
    DrawnFrames,
    assert_same,
    opening,
    plain_step,
)


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    return SessionFolder(tmp_path)


KILLED = """
import os, signal, sys, time
from pathlib import Path
from recorder.writer import EpisodeWriter
from teleop.session_folder import SessionFolder
from tests.sample_steps import DrawnFrames, opening, plain_step
writer = EpisodeWriter(SessionFolder(Path(sys.argv[1])), opening(), DrawnFrames())
for index in range(int(sys.argv[2])):
    writer.append(plain_step(index))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("count", [60, 173])
def test_a_kill_costs_at_most_what_was_not_flushed(folder: SessionFolder, count: int):
    child = run_python(KILLED, str(folder.path), str(count))
    child.communicate(timeout=50)
    assert child.returncode == -signal.SIGKILL
    (result,) = salvage_all(folder.episodes)
    assert result.saved is not None
    assert count - 26 <= result.saved.steps <= count
    assert [path.name for path in folder.episodes.iterdir()] == ["episode_00004.h5"]
    with EpisodeReader(Path(result.saved.path)) as reader:
        assert reader.header.state is State.SALVAGED
        assert reader.header.outcome is Outcome.UNLABELLED
        for index in (0, len(reader) - 1):
            assert_same(plain_step(index), reader.step(index), SINGLE)
        assert reader.image_rows("room").max() + 1 == len(reader.images("room"))


def test_salvage_never_replaces_an_episode(folder: SessionFolder):
    whole = written(folder)
    content = whole.read_bytes()
    child = run_python(KILLED, str(folder.path), "60")
    child.communicate(timeout=50)
    (part,) = folder.episodes.glob("*.part")
    part.rename(part_of(whole))
    result = salvage(part_of(whole))
    assert result.saved is not None
    assert Path(result.saved.path).name == "episode_00004_2.h5"
    assert whole.read_bytes() == content


def test_a_part_that_holds_nothing_is_put_aside(folder: SessionFolder):
    folder.episodes.mkdir()
    part = folder.episodes / "episode_00001.h5.part"
    part.write_bytes(b"\x89HDF\r\n\x1a\n and then nothing")
    result = salvage(part)
    assert result.saved is None
    assert "episode_00001.h5.part.damaged" in result.text
    assert salvage_all(folder.episodes) == ()
    assert (folder.episodes / "episode_00001.h5.part.damaged").exists()


def test_a_part_that_is_being_written_is_left_alone(folder: SessionFolder):
    writer = EpisodeWriter(folder, opening(), DrawnFrames())
    for index in range(60):
        writer.append(plain_step(index))
    code = "import sys; from pathlib import Path; from recorder.repair import salvage_all\n"
    code += "print(salvage_all(Path(sys.argv[1]))[0].text)"
    child = run_python(code, str(folder.episodes))
    assert "being written by another recorder" in child.communicate(timeout=50)[0]
    assert writer.close(Outcome.SUCCESS, "", 1).steps == 60


def test_an_image_that_was_cut_off_is_left_out_by_salvage(folder: SessionFolder):
    path = written(folder)
    part = part_of(path)
    path.rename(part)
    with h5py.File(part, "r+") as file:
        content = file["images/left/bytes"]
        assert isinstance(content, h5py.Dataset)
        content.resize(content.shape[0] - 10, axis=0)
        file.attrs["state"] = "recording"
        late = file["steps/late_ns"]
        assert isinstance(late, h5py.Dataset)
        late.resize(35, axis=0)
    result = salvage(part)
    assert result.saved is not None
    assert result.saved.steps == 35
    with EpisodeReader(path) as reader:
        assert len(reader.images("left")) == 13
        assert len(reader.images("room")) == 14
        assert reader.image_rows("left").max() == 11
