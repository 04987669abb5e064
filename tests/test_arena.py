"""The arena on disk: what a crash, another process or another policy may do to it."""

from pathlib import Path

import numpy as np
import pytest

from learner.arena import Arena
from learner.arena_index import About, runs_of
from learner.record import samples_of
from learner.samples import Samples, Stratum
from tests.learner_data import samples

CAMERAS = ("close_front", "close_top")


def opened(folder: Path | None, cameras: tuple[str, ...] = CAMERAS) -> Arena:
    return Arena(folder, cameras, 4)


def rows(count: int = 3, seed: int = 0) -> Samples:
    return samples(count, seed=seed, stratum=Stratum.CORRECTION)


def test_a_torn_last_line_is_passed_over_and_the_next_episode_is_whole(tmp_path: Path):
    arena = opened(tmp_path)
    arena.add("one", rows(), About())
    size = (tmp_path / "index").stat().st_size
    arena.add("two", rows(4, seed=1), About())
    arena.close()
    content = (tmp_path / "index").read_bytes()
    for cut in (size + 1, size + 20, len(content) - 1):
        (tmp_path / "index").write_bytes(content[:cut])
        again = opened(tmp_path)
        assert again.entry("one") is not None and again.entry("two") is None
        entry = again.add("three", rows(5, seed=2), About())
        found = samples_of(again.records(entry.first + np.arange(5)))
        assert np.array_equal(found.target_NHA, rows(5, seed=2).target_NHA)
        again.close()
        assert opened(tmp_path).entry("three") == entry


def test_rows_that_never_reached_the_disk_are_not_believed(tmp_path: Path):
    arena = opened(tmp_path)
    first = arena.add("one", rows(), About())
    arena.add("two", rows(4, seed=1), About())
    arena.close()
    half = (tmp_path / "rows").read_bytes()
    (tmp_path / "rows").write_bytes(half[: len(half) - 100])
    again = opened(tmp_path)
    assert again.entry("one") == first and again.entry("two") is None


def test_rows_without_a_line_are_never_numbered_again(tmp_path: Path):
    arena = opened(tmp_path)
    arena.add("one", rows(), About())
    before = (tmp_path / "index").read_bytes()
    lost = arena.add("two", rows(4, seed=1), About())
    arena.features(7).write(lost.first + np.arange(4), np.ones((4, 4), np.float32))
    arena.close()
    (tmp_path / "index").write_bytes(before)  # killed before the line was written
    again = opened(tmp_path)
    entry = again.add("three", rows(2, seed=2), About())
    assert entry.first >= lost.first + lost.count
    assert not again.features(7).read(entry.first + np.arange(2))[1].any()


def test_the_same_content_read_again_takes_no_room(tmp_path: Path):
    arena = opened(tmp_path)
    one = arena.add("one", rows(), About("segments"))
    size = (tmp_path / "images").stat().st_size
    two = arena.add("one", rows(), About("joined"))
    assert two.first == one.first and two.revision == one.revision
    assert (tmp_path / "images").stat().st_size == size
    arena.close()
    found = opened(tmp_path).entry("one")
    assert found is not None and found.about.source == "joined"


def test_an_arena_of_other_cameras_is_begun_anew(tmp_path: Path):
    arena = opened(tmp_path)
    arena.add("one", rows(), About())
    arena.features(7).write(np.arange(3), np.ones((3, 4), np.float32))
    arena.close()
    other = opened(tmp_path, ("left", "right"))
    assert other.entry("one") is None
    assert not other.features(7).read(np.arange(3))[1].any()


def test_a_second_process_on_the_same_session_keeps_nothing_there(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    first = opened(tmp_path)
    first.add("one", rows(), About())
    second = opened(tmp_path)
    assert "in use by another process" in caplog.text
    entry = second.add("two", rows(2), About())
    assert len(second.records(entry.first + np.arange(2))) == 2
    second.close()
    first.close()
    again = opened(tmp_path)
    assert again.entry("one") is not None and again.entry("two") is None


def test_a_spoiled_feature_is_not_known(tmp_path: Path):
    arena = opened(tmp_path)
    features = np.arange(12, dtype=np.float32).reshape(3, 4)
    arena.features(7).write(np.arange(3), features)
    (path,) = tmp_path.glob("features-*")
    content = bytearray(path.read_bytes())
    content[25] ^= 1  # in the second one
    path.write_bytes(content)
    found, known = arena.features(7).read(np.arange(5))
    assert known.tolist() == [True, False, True, False, False]
    assert np.array_equal(found[[0, 2]], features[[0, 2]])


def test_features_of_many_encoders_do_not_fill_the_disk(tmp_path: Path):
    arena = opened(tmp_path)
    base = arena.features(1)
    base.write(np.arange(1), np.ones((1, 4), np.float32))
    for digest in range(2, 20):
        arena.features(digest).write(np.arange(1), np.ones((1, 4), np.float32))
        assert arena.features(1) is base
    assert len(list(tmp_path.glob("features-*"))) == 6
    arena.close()
    assert opened(tmp_path).features(1).read(np.arange(1))[1].all()


def test_runs_tell_where_each_stratum_lies():
    assert runs_of(np.array([2, 2, 1, 1, 1, 2], np.int8)) == ((2, 0, 2), (1, 2, 5), (2, 5, 6))
    assert runs_of(np.zeros(0, np.int8)) == ()


def test_an_arena_that_was_cut_anywhere_shows_whole_episodes_or_none(tmp_path: Path):
    arena = opened(tmp_path)
    given = {f"episode_{n:05d}": rows(n + 1, seed=n) for n in range(3)}
    for name, part in given.items():
        arena.add(name, part, About())
    arena.close()
    files = {name: (tmp_path / name).read_bytes() for name in ("index", "rows", "images")}
    random = np.random.default_rng(0)
    shown: set[int] = set()

    def shows(arena: Arena) -> list[str]:
        entries = {name: entry for name in given if (entry := arena.entry(name)) is not None}
        for name, entry in entries.items():
            records = arena.records(entry.first + np.arange(entry.count))
            assert arena.jpegs(records) == given[name].jpeg_NK
            assert np.array_equal(samples_of(records).target_NHA, given[name].target_NHA)
        return list(entries)

    for _ in range(40):
        for name, content in files.items():
            keep = len(content) if random.random() < 0.5 else int(random.integers(len(content)))
            (tmp_path / name).write_bytes(content[:keep])
        again = opened(tmp_path)
        left = shows(again)
        shown.add(len(left))
        again.add("later", rows(5, seed=9), About())
        again.close()
        once_more = opened(tmp_path)
        assert shows(once_more) == left and once_more.entry("later") is not None
        once_more.close()
    assert shown >= {0, 3}


def test_features_of_rows_that_were_lost_are_not_those_of_the_next(tmp_path: Path):
    arena = opened(tmp_path)
    entry = arena.add("one", rows(), About())
    arena.features(7).write(entry.first + np.arange(3), np.ones((3, 4), np.float32))
    arena.close()
    (tmp_path / "rows").write_bytes(b"")
    again = opened(tmp_path)
    entry = again.add("two", rows(2, seed=1), About())
    assert not again.features(7).read(entry.first + np.arange(2))[1].any()


def test_twenty_episodes_of_the_same_content_stay_twenty(tmp_path: Path):
    arena = opened(tmp_path)
    entries = [arena.add(f"episode_{n:05d}", rows(), About()) for n in range(20)]
    numbers = np.concatenate([entry.first + np.arange(entry.count) for entry in entries])
    assert len(np.unique(numbers)) == 60


def test_keeping_another_episode_rewrites_nothing_of_the_others(tmp_path: Path):
    arena = opened(tmp_path)
    arena.add("one", rows(), About())
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    arena.add("two", rows(4, seed=1), About())
    assert all(path.read_bytes().startswith(content) for path, content in before.items())
