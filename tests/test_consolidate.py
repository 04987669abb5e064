"""Segments become one file, which says the same; nothing is lost on the way."""

import shutil
from pathlib import Path

import h5py
import pytest

from recorder import consolidate as module
from recorder import storage
from recorder.consolidate import consolidate
from recorder.drills.compare import wrong_in
from recorder.drills.load import Load
from recorder.hdf5 import dataset_in, group_in
from recorder.reader import EpisodeReader
from recorder.writer import EpisodeWriter
from teleop.errors import DiskFull, EpisodeError, EpisodeIncomplete
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder

LOAD = Load(3, 0)
TICKS = 70


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three segments of an episode that ended."""
    folder = SessionFolder(tmp_path_factory.mktemp("session"))
    writer = EpisodeWriter(folder, LOAD.opened, segment_s=0.1)
    for index in range(TICKS):
        LOAD.record(index, writer)
    writer.close(Outcome.SUCCESS, "inserted", 9)
    assert len(segments(writer.path)) == 3
    return writer.path


@pytest.fixture
def episode(recorded: Path, tmp_path: Path) -> Path:
    return shutil.copytree(recorded, tmp_path / recorded.name)


def segments(episode: Path) -> list[str]:
    return sorted(path.name for path in episode.glob("seg_*.h5"))


def wrong(episode: Path) -> list[str]:
    header, differences = wrong_in(episode, LOAD)
    return differences if header and header.steps == TICKS else ["rows are missing"]


def test_one_file_says_what_its_segments_said(episode: Path):
    with EpisodeReader(episode) as reader:
        before, labels, names = reader.header, reader.labels(), reader.names("fault")
    consolidate(episode)
    assert [path.name for path in episode.iterdir()] == ["episode.h5"]
    assert wrong(episode) == []
    with EpisodeReader(episode) as reader:
        assert reader.header == before
        assert (reader.labels() == labels).all()
        assert reader.names("fault") == names


@pytest.mark.parametrize("step", ["same_datasets", "publish"])
def test_stopped_at_any_step_it_can_be_run_again(
    episode: Path, monkeypatch: pytest.MonkeyPatch, step: str
):
    def stop(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(module, step, stop)
    with pytest.raises(EpisodeError, match="could not be made into one file"):
        consolidate(episode)
    assert len(segments(episode)) == 3
    monkeypatch.undo()
    consolidate(episode)
    assert [path.name for path in episode.iterdir()] == ["episode.h5"]
    assert wrong(episode) == []


def test_segments_that_a_kill_left_beside_the_whole_file_are_deleted(episode: Path):
    one = next(episode.glob("seg_*.h5"))
    content = one.read_bytes()
    consolidate(episode)
    one.write_bytes(content)
    (episode / "episode.h5.part").write_bytes(b"half")
    consolidate(episode)
    assert [path.name for path in episode.iterdir()] == ["episode.h5"]


def test_a_damaged_image_stops_it_and_every_segment_stays(episode: Path):
    with h5py.File(episode / "seg_00001.h5", "r+") as file:
        content = dataset_in(group_in(group_in(file, "streams"), "left"), "bytes")
        content[100] = int(content[100]) ^ 1
    with pytest.raises(EpisodeIncomplete, match="left: 0 is damaged"):
        consolidate(episode)
    assert len(segments(episode)) == 3


def test_without_room_for_a_second_copy_the_segments_stay(
    episode: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(storage, "free_bytes", lambda _: storage.RESERVE_BYTES + 1000)
    with pytest.raises(DiskFull):
        consolidate(episode)
    assert len(segments(episode)) == 3


def test_an_episode_that_goes_on_is_not_joined(tmp_path: Path):
    writer = EpisodeWriter(SessionFolder(tmp_path), LOAD.opened, segment_s=0.3)
    for index in range(60):
        writer.append(LOAD.step(index))
    with pytest.raises(EpisodeIncomplete, match="has not ended"):
        consolidate(writer.path)
    writer.close(Outcome.FAIL, "")
