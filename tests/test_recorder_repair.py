"""What a crash or a disk left is made whole, no original is touched, and what is lost is told."""

import os
import signal
from pathlib import Path

import h5py
import pytest

from recorder import storage
from recorder.checking import read_whole
from recorder.reader import EpisodeReader
from recorder.repair import FULL, Salvage, repair, salvage, salvage_all, unfinished
from recorder.schema import State
from recorder.writer import EpisodeWriter
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder
from tests.left_behind import contents, left_behind, same_steps
from tests.old_files import VERSIONS, old_content, old_file
from tests.sample_files import SINGLE, feed, written
from tests.sample_steps import assert_same, opening, plain_step


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    return SessionFolder(tmp_path)


@pytest.fixture(autouse=True)
def disk_without_syncs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.mark.parametrize("count", [20, 60, pytest.param(173, marks=pytest.mark.slow)])
def test_a_kill_costs_at_most_what_was_not_flushed(folder: SessionFolder, count: int):
    path = left_behind(folder, count)
    (part,) = path.glob("*.part")
    original = part.read_bytes()
    assert unfinished(folder.episodes) == (path,)
    result = salvage(path)
    if count == 20:  # less than a quarter of a second came
        assert result.saved is None and "Nothing could be salvaged" in result.text
    else:
        assert result.saved is not None and result.saved.path == str(path)
        assert count - 26 <= result.saved.steps <= count
        same_steps(path, range(result.saved.steps))
        found, notes = read_whole(path)
        assert (found.state, found.outcome, notes) == ("salvaged", "UNLABELLED", ())
        assert found.reason == "salvaged after a crash"
        with EpisodeReader(path) as reader:
            assert reader.header.ended_ns == reader.column("stamp_ns")[-1]
            assert reader.image_rows("room").max() + 1 == len(reader.images("room"))
    assert (path / "originals" / part.name).read_bytes() == original
    assert not list(path.glob("*.part"))


def test_what_was_salvaged_is_joined_when_it_is_repaired(folder: SessionFolder):
    path = left_behind(folder, 100)
    assert salvage(path, FULL).sound
    assert (path / "episode.h5").exists() and not list(path.glob("seg_*"))
    assert unfinished(folder.episodes) == ()
    before = contents(path)
    assert salvage(path, FULL).text == "episode_00004: It is whole."
    assert contents(path) == before


def interrupted(path: Path, at: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Salvage in a child that is killed at the `at`-th sync; False: it came to its end."""
    pid = os.fork()
    if pid == 0:
        calls = iter(range(1000))

        def killed(_: Path) -> None:
            if next(calls) == at:
                os.kill(os.getpid(), signal.SIGKILL)

        monkeypatch.setattr(storage, "sync", killed)
        monkeypatch.setattr("recorder.originals.sync", killed)
        salvage(path, FULL)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


@pytest.mark.slow
def test_a_repair_that_is_killed_at_any_moment_can_be_repeated(
    folder: SessionFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = left_behind(folder, 100)
    (part,) = path.glob("*.part")
    original = part.read_bytes()
    steps: set[int] = set()
    times = 0
    while interrupted(path, 1, monkeypatch) and times < 30:
        times += 1
        if list(path.glob("seg_*.h5")) or (path / "episode.h5").exists():
            with EpisodeReader(path) as reader:
                steps.add(len(reader))
    result = salvage(path, FULL)
    assert result.saved is not None and result.saved.steps >= max(steps)
    same_steps(path, range(result.saved.steps))
    assert original in contents(path / "originals").values()
    assert sorted(each.name for each in path.iterdir()) == ["episode.h5", "originals"]


def test_a_damaged_segment_costs_its_own_rows_and_the_rest_is_kept_and_marked(
    folder: SessionFolder,
):
    path = left_behind(folder, 150)
    segments = sorted(path.glob("seg_*.h5"))
    with h5py.File(segments[1]) as file:
        rows = file["steps/q"]
        assert isinstance(rows, h5py.Dataset)
        count, at = rows.shape[0], rows.id.get_chunk_info(0).byte_offset
    whole = segments[1].read_bytes()
    damaged = bytearray(whole)
    damaged[at + 3] ^= 1
    segments[1].write_bytes(damaged)
    result = salvage(path, FULL)
    assert result.saved is not None
    assert result.saved.dropped_steps == min(count, 64)
    assert f"{min(count, 64)} steps" in result.text
    found, _ = read_whole(path)
    assert "lost: " in found.reason and found.state == "salvaged"
    assert (path / "originals" / segments[1].name).read_bytes() == damaged


@pytest.mark.slow
def test_a_segment_that_is_gone_is_told_and_what_follows_is_kept(folder: SessionFolder):
    path = left_behind(folder, 173)
    segments = sorted(path.glob("seg_*.h5"))
    with h5py.File(segments[1]) as file:
        rows = file["steps/q"]
        assert isinstance(rows, h5py.Dataset)
        count = rows.shape[0]
    segments[1].write_bytes(b"\x89HDF\r\n\x1a\n and nothing more")
    result = salvage(path, FULL)
    assert result.saved is not None and result.saved.dropped_steps == count
    assert "Segment 1 is missing" in result.text
    with EpisodeReader(path) as reader:
        assert reader.column("index")[-1] + 1 - len(reader) == count
        assert reader.header.outcome is Outcome.UNLABELLED
        assert_same(plain_step(0), reader.step(0), SINGLE)


@pytest.mark.slow
@pytest.mark.parametrize("cut", [0.3, 0.9, 0.99])
def test_of_a_part_that_is_cut_off_what_can_be_read_is_kept(folder: SessionFolder, cut: float):
    path = left_behind(folder, 173)
    (part,) = path.glob("*.part")
    os.truncate(part, int(part.stat().st_size * cut))
    result = salvage(path)
    assert result.saved is not None
    found, _ = read_whole(path)
    assert found.steps >= 100
    same_steps(path, range(found.steps))


def test_a_damaged_whole_file_is_made_again_without_what_is_lost(folder: SessionFolder):
    path = written(folder, 130)
    whole = path / "episode.h5"
    with h5py.File(whole) as file:
        column = file["steps/authority"]
        assert isinstance(column, h5py.Dataset)
        at = column.id.get_chunk_info(1).byte_offset
    damaged = bytearray(whole.read_bytes())
    damaged[at + 9] ^= 128
    whole.write_bytes(damaged)
    result = salvage(path, FULL)
    assert result.saved is not None and result.saved.outcome is Outcome.SUCCESS
    assert result.saved.steps == result.saved.steps
    found, _ = read_whole(path)
    assert found.state == "salvaged" and found.steps == 66
    assert found.reason == "inserted; damaged, lost: 64 steps"
    assert found.dropped_steps == 64
    assert (path / "originals" / "episode.h5").read_bytes() == damaged


def test_what_a_kill_left_of_joining_is_cleaned_up(folder: SessionFolder):
    path = left_behind(folder, 100)
    salvage(path)
    segments = contents(path)
    salvage(path, FULL)
    for name in ("seg_00000.h5", "seg_00001.h5"):  # killed while it deleted them
        (path / name).write_bytes(segments[name])
    assert unfinished(folder.episodes) == (path,)
    result = salvage(path)
    assert "joined already" in result.text
    assert not list(path.glob("seg_*"))

    (path / "episode.h5").rename(path / "episode.h5.part")  # killed before it had its name
    for name, content in segments.items():
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_bytes(content)
    result = salvage(path, FULL)
    assert result.saved is not None and result.sound
    assert sorted(each.name for each in path.iterdir()) == ["episode.h5", "originals"]


def test_an_episode_whose_last_file_only_lacked_its_name_keeps_its_outcome(folder: SessionFolder):
    path = written(folder, 60)
    (path / "episode.h5").rename(path / "seg_00000.h5.part")
    result = salvage(path, FULL)
    assert result.saved is not None and result.saved.outcome is Outcome.SUCCESS
    found, _ = read_whole(path)
    assert (found.state, found.steps, found.reason) == ("final", 60, "inserted")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_part_of_an_old_version_is_made_whole_as_a_copy(folder: SessionFolder, version: int):
    part = old_file(folder.episodes, version, "episode_00004.h5.part")
    whole = old_file(folder.episodes, version, "episode_00004.h5")
    before, original = whole.read_bytes(), part.read_bytes()
    (result,) = salvage_all(folder.episodes)
    assert result.saved is not None and Path(result.saved.path).name == "episode_00004_2.h5"
    assert whole.read_bytes() == before
    assert (folder.episodes / "originals" / part.name).read_bytes() == original
    with EpisodeReader(Path(result.saved.path)) as reader:
        assert len(reader) == 12
        assert reader.header.state is State.SALVAGED
        assert reader.labels().tolist() == old_content(version)["labels"]
    assert salvage_all(folder.episodes) == ()


def test_a_part_that_holds_nothing_is_told_once(folder: SessionFolder):
    path = folder.episodes / "episode_00001"
    path.mkdir(parents=True)
    (path / "seg_00000.h5.part").write_bytes(b"\x89HDF\r\n\x1a\n and then nothing")
    result = salvage(path)
    assert result.saved is None and "kept as originals/seg_00000.h5.part" in result.text
    assert salvage_all(folder.episodes) == ()


def test_a_part_that_is_being_written_is_left_alone(folder: SessionFolder):
    writer = EpisodeWriter(folder, opening())
    feed(writer, (plain_step(index) for index in range(60)))
    assert "being written by another recorder" in salvage(writer.path).text
    assert writer.close(Outcome.SUCCESS, "", 1).steps == 60


def test_a_disk_that_can_only_be_read_is_named(
    folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
):
    path = left_behind(folder, 60)
    before = contents(path)

    def refused(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "write_bytes", refused)
    result = salvage(path)
    assert result.saved is None and not result.sound
    assert "Read-only file system" in result.text
    assert contents(path) == before


def dies_of_parts(arguments: list[str]) -> Salvage:
    if list(Path(arguments[0]).glob("*.part")):
        os.kill(os.getpid(), signal.SIGSEGV)
    return salvage(Path(arguments[0]), arguments[1])


@pytest.mark.slow
def test_a_part_that_hdf5_crashes_over_is_put_aside_and_the_rest_is_closed(
    folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("recorder.repair._TARGET", "tests.test_recorder_repair:dies_of_parts")
    path = left_behind(folder, 100)
    result = repair(path)
    assert result.saved is not None and result.saved.steps >= 40
    assert "SIGSEGV" in result.text
    same_steps(path, range(result.saved.steps))


def test_finished_episodes_are_looked_at_by_name_only(folder: SessionFolder):
    for number in range(300):
        path = folder.episodes / f"episode_{number:05d}"
        path.mkdir(parents=True)
        (path / "episode.h5").touch()  # no HDF5: it is not opened
        (path / "episode.json").touch()
    assert salvage_all(folder.episodes) == ()
