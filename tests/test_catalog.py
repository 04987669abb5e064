"""The list of a session's episodes: fast, and never older than what it lists."""

import os
import shutil
from pathlib import Path

import h5py
import pytest

from recorder import catalog
from recorder.catalog import entry_of, scan, summary_path
from recorder.edits.clip import Clip
from recorder.edits.clip_reader import ClipReader
from recorder.edits.edit import Span, Trim
from recorder.edits.editing import write_edit
from recorder.edits.header_cache import CACHE
from recorder.edits.listed import listed
from recorder.edits.session_views import session_views
from recorder.episode_paths import episode_paths
from recorder.reader import EpisodeReader
from recorder.schema import WHOLE, State
from recorder.writer import EpisodeWriter
from teleop.errors import EpisodeError
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder
from tests.sample_files import feed, written
from tests.sample_steps import opening, plain_step


@pytest.fixture
def episode(tmp_path: Path) -> Path:
    return written(SessionFolder(tmp_path), 10)


@pytest.fixture
def opens(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every episode file that is opened to list it."""
    opened: list[Path] = []
    really = catalog.open_episode

    def noted(path: Path, mode: str = "r") -> h5py.File:
        opened.append(path)
        return really(path, mode)

    monkeypatch.setattr(catalog, "open_episode", noted)
    return opened


def touch(path: Path) -> None:
    """Give a file another time of change, as a new one of the same size has."""
    found = path.stat()
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns + 1))


def test_the_header_in_the_list_is_that_of_the_episode(episode: Path):
    with EpisodeReader(episode) as reader:
        for _ in range(2):  # as read, and from the cache
            entry = entry_of(episode)
            assert entry.header == reader.header
            assert entry.size == (episode / WHOLE).stat().st_size
            assert entry.finished


def test_an_episode_is_opened_once_and_then_listed_from_its_cache(episode: Path, opens: list[Path]):
    for _ in range(3):
        entry_of(episode)
    assert opens == [episode / WHOLE]


def test_a_cache_is_not_believed_once_the_file_has_changed(episode: Path, opens: list[Path]):
    entry_of(episode)
    with h5py.File(episode / WHOLE, "r+") as file:
        file.attrs["reason"] = "another"
    touch(episode / WHOLE)
    assert entry_of(episode).header.reason == "another"
    assert entry_of(episode).header.reason == "another"
    assert len(opens) == 2


def test_the_cache_of_another_episode_is_not_believed(tmp_path: Path, episode: Path):
    other = tmp_path / "other"
    shutil.copytree(episode, other)
    with h5py.File(other / WHOLE, "r+") as file:
        file.attrs["reason"] = "another"
    entry_of(episode)
    shutil.copy2(summary_path(episode), summary_path(other))
    assert entry_of(other).header.reason == "another"


@pytest.mark.parametrize("place", [0, 200])
def test_a_damaged_cache_is_written_anew(episode: Path, place: int):
    header = entry_of(episode).header
    content = bytearray(summary_path(episode).read_bytes())
    content[place] ^= 1
    summary_path(episode).write_bytes(content)
    assert entry_of(episode).header == header
    summary_path(episode).write_bytes(b"")
    assert entry_of(episode).header == header
    assert summary_path(episode).stat().st_size > 0


def test_a_cache_that_cannot_be_written_hinders_nothing(episode: Path):
    (episode / f".{summary_path(episode).name}.part").mkdir()
    assert entry_of(episode).finished
    assert not summary_path(episode).exists()


def test_an_episode_that_is_recorded_is_listed_anew_each_time(tmp_path: Path):
    writer = EpisodeWriter(SessionFolder(tmp_path), opening(), segment_s=0.1, flush_s=0.05)
    feed(writer, (plain_step(index) for index in range(25)))
    (path,) = episode_paths(SessionFolder(tmp_path))
    before = entry_of(path)
    assert not before.finished and before.header.state is State.RECORDING
    assert not summary_path(path).exists()
    feed(writer, (plain_step(index) for index in range(25, 60)))
    assert entry_of(path).header.steps > before.header.steps
    writer.close(Outcome.SUCCESS, "inserted", 5)
    assert entry_of(path).header.outcome is Outcome.SUCCESS
    assert entry_of(path).finished


def test_what_cannot_be_read_is_told_and_the_rest_is_listed(tmp_path: Path, episode: Path):
    folder = SessionFolder(tmp_path)
    (folder.episodes / "episode_00009.h5").write_text("nonsense")
    (folder.episodes / "episode_00010").mkdir()
    (folder.episodes / "notes.txt").touch()
    told: list[str] = []
    assert [entry.name for entry in scan(folder, told.append)] == [episode.name]
    (line,) = told
    assert "episode_00009.h5 is no episode file" in line


def test_the_scan_ends_where_it_is_told_to(tmp_path: Path):
    folder = SessionFolder(tmp_path)
    for _ in range(3):
        written(folder, 3)
    seen: list[tuple[int, int]] = []

    def twice(done: int, total: int) -> bool:
        seen.append((done, total))
        return done < 2

    assert len(list(scan(folder, lambda line: None, twice))) == 2
    assert seen == [(1, 3), (2, 3)]


def test_an_episode_that_is_gone_is_an_error(tmp_path: Path):
    with pytest.raises(EpisodeError):
        entry_of(tmp_path / "episode_00001")


def test_an_old_file_has_its_cache_beside_it(tmp_path: Path):
    assert summary_path(tmp_path / "episode_00001.h5") == tmp_path / "episode_00001.json"


def test_an_edited_episode_is_opened_once_to_list_it(
    tmp_path: Path, episode: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = SessionFolder(tmp_path)
    opened: list[str] = []

    def noted(clip: Clip) -> ClipReader:
        opened.append(clip.name)
        return ClipReader(clip)

    monkeypatch.setattr("recorder.edits.header_cache.ClipReader", noted)

    def steps() -> list[int]:
        return [each.header.steps for each in listed(folder, session_views(folder), [])]

    name = episode.name
    write_edit(folder, session_views(folder), Trim(name, (Span(name, 0, 4),)))
    assert [steps(), steps(), steps()] == [[6], [6], [6]]
    assert opened == [name]
    write_edit(folder, session_views(folder), Trim(name, (Span(name, 4, 5),)))
    assert [steps(), steps()] == [[5], [5]]
    assert opened == [name, name]
    (tmp_path / CACHE).write_bytes(b"{}")
    assert steps() == [5]
