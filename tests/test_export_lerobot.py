import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("pyarrow", reason="pyarrow is not installed")
pytest.importorskip("av", reason="PyAV is not installed")

import av
import pyarrow.parquet as pq

from recorder.export import lerobot_join
from recorder.export.export import ExportOptions
from recorder.export.lerobot import open_export
from recorder.imports.lerobot import open_dataset
from recorder.labels import Label
from teleop.errors import ConversionError
from teleop.messages import Outcome
from tests.drawn_episode import DrawnEpisode
from tests.sample_steps import CAMERAS

LENGTHS = (60, 45)  # ticks of 10 ms
STEPS = 10 / 3  # ticks a row
CODEC = 6.0  # mean error of a small picture, in 255


def rows_of(count: int) -> list[int]:
    return [int(point) for point in np.arange(0, count - 1 + 1e-9, STEPS)]


@pytest.fixture(scope="module")
def episodes() -> list[DrawnEpisode]:
    return [DrawnEpisode(length) for length in LENGTHS]


@pytest.fixture(scope="module")
def dataset(episodes: list[DrawnEpisode], tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("lerobot") / "out"
    export = open_export(target, ExportOptions())
    for number, episode in enumerate(episodes):
        export.add(f"episode_{number:05d}", episode)
    assert export.finish() == target
    export.close()
    return target


def table(dataset: Path, name: str = "data/chunk-000/file-000.parquet") -> Any:
    return pq.read_table(dataset / name)


def numbers(dataset: Path, key: str) -> np.ndarray[Any, Any]:
    return np.array(table(dataset)[key].to_pylist())


def test_every_number_comes_back_from_the_tick_it_was_taken_at(
    dataset: Path, episodes: list[DrawnEpisode]
):
    picked = [rows_of(length) for length in LENGTHS]

    def recorded(column: str) -> np.ndarray[Any, Any]:
        chosen = [each.column(column)[rows] for each, rows in zip(episodes, picked, strict=True)]
        return np.concatenate(chosen)

    parts = (recorded("position"), recorded("quaternion"), recorded("opening")[..., None])
    state = np.concatenate(parts, axis=-1).reshape(-1, 16).astype(np.float32)
    np.testing.assert_array_equal(numbers(dataset, "observation.state"), state)
    for key, name in (("action", "executed"), ("action.policy", "proposed")):
        both = (recorded(f"{name}_twist"), recorded(f"{name}_opening")[..., None])
        action = np.concatenate(both, axis=-1).reshape(-1, 14).astype(np.float32)
        np.testing.assert_array_equal(numbers(dataset, key), action)
    tactile = recorded("tactile").reshape(-1, 256)
    np.testing.assert_array_equal(numbers(dataset, "observation.tactile"), tactile)
    assert numbers(dataset, "stamp_ns").dtype == np.int64
    np.testing.assert_array_equal(numbers(dataset, "stamp_ns"), recorded("stamp_ns"))


def test_a_row_has_the_wrenchs_samples_up_to_its_tick_and_none_after(
    dataset: Path, episodes: list[DrawnEpisode]
):
    wrench, row = episodes[0].wrench, 9
    stamp = numbers(dataset, "stamp_ns")[row]
    before = wrench.data[wrench.host_ns <= stamp][-33:]
    window = numbers(dataset, "observation.wrench_left")[row]
    np.testing.assert_array_equal(window.reshape(33, 6), before)


def test_a_dataset_says_where_each_episode_lies(dataset: Path):
    described = table(dataset, "meta/episodes/chunk-000/file-000.parquet").to_pylist()
    lengths = [len(rows_of(length)) for length in LENGTHS]
    assert [each["length"] for each in described] == lengths
    assert [each["dataset_from_index"] for each in described] == [0, lengths[0]]
    assert [each["source"] for each in described] == ["episode_00000", "episode_00001"]
    start = described[1][f"videos/observation.images.{CAMERAS[0]}/from_timestamp"]
    assert start == lengths[0] / 30
    info = json.loads((dataset / "meta/info.json").read_bytes())
    assert (info["total_episodes"], info["total_frames"]) == (2, sum(lengths))
    assert set(info["features"]) - set(table(dataset).column_names) == {
        f"observation.images.{camera}" for camera in CAMERAS
    }


def test_each_image_is_the_newest_at_its_row_and_lies_at_its_time(
    dataset: Path, episodes: list[DrawnEpisode]
):
    with av.open(
        str(dataset / f"videos/observation.images.{CAMERAS[1]}/chunk-000/file-000.mp4")
    ) as f:
        frames = [(float(each.time), each.to_ndarray(format="rgb24")) for each in f.decode(video=0)]
    sources = [(each, row) for each, n in zip(episodes, LENGTHS, strict=True) for row in rows_of(n)]
    assert len(frames) == len(sources)
    for number, ((time, image), (episode, row)) in enumerate(zip(frames, sources, strict=True)):
        assert abs(time - number / 30) < 1e-4
        shown = episode.image_rows(CAMERAS[1])[row]
        wanted = episode.images(CAMERAS[1], [int(shown)])[0]
        assert np.abs(image.astype(float) - wanted).mean() < CODEC


def test_statistics_are_those_of_all_rows(dataset: Path):
    stats = json.loads((dataset / "meta/stats.json").read_bytes())
    action = numbers(dataset, "action")
    for name in ("min", "max", "mean", "std"):
        wanted = getattr(action, name)(axis=0)
        np.testing.assert_allclose(stats["action"][name], wanted, rtol=1e-5, atol=1e-7)
    assert stats["action"]["count"] == [len(action)]
    image = stats[f"observation.images.{CAMERAS[0]}"]
    assert np.array(image["mean"]).shape == (3, 1, 1)
    assert 0.0 <= np.min(image["min"]) <= np.min(image["q01"]) <= np.max(image["max"]) <= 1.0


class Interrupted(DrawnEpisode):
    """Rows in the middle were not kept, and the first images were lost."""

    def __init__(self) -> None:
        super().__init__(80)
        self._tables = {camera: super(Interrupted, self).image_table(camera) for camera in CAMERAS}
        kept = np.r_[:30, 60:80]
        self._columns = {name: rows[kept] for name, rows in self._columns.items()}
        self._steps = [self._steps[row] for row in kept]
        self.header = replace(self.header, outcome=Outcome.FAIL, steps=len(kept))

    def image_rows(self, camera: str):
        rows = super().image_rows(camera).copy()
        rows[:5] = -1
        rows[20:24] = -1
        return rows

    def image_table(self, camera: str):
        return self._tables[camera]


def test_a_gap_in_time_divides_an_episode_so_that_no_chunk_of_actions_reaches_across(
    tmp_path: Path,
):
    export = open_export(tmp_path / "out", ExportOptions(cameras=(CAMERAS[0],)))
    export.add("torn", Interrupted())
    dataset = export.finish()
    episodes = table(dataset, "meta/episodes/chunk-000/file-000.parquet")
    assert episodes["source"].to_pylist() == ["torn", "torn"]
    assert episodes["outcome"].to_pylist() == ["FAIL", "FAIL"]
    stamps, belongs = numbers(dataset, "stamp_ns"), numbers(dataset, "episode_index")
    apart = [b[0] - a[0] for a, b in pairwise(zip(stamps, belongs, strict=True)) if a[1] == b[1]]
    assert max(apart) <= 40_000_000
    assert numbers(dataset, "next.done").sum() == 2
    assert not numbers(dataset, "next.success").any()


def test_a_lost_image_shows_the_one_before_and_says_so_by_its_stamp(tmp_path: Path):
    export = open_export(tmp_path / "out", ExportOptions(cameras=(CAMERAS[0],)))
    episode = Interrupted()
    export.add("torn", episode)
    dataset = export.finish()
    stamps, shown = numbers(dataset, "stamp_ns"), numbers(dataset, "frame_stamp_ns")
    assert stamps[0] >= episode.column("stamp_ns")[5]  # none before the first image
    late = (stamps >= episode.column("stamp_ns")[20]) & (stamps < episode.column("stamp_ns")[24])
    assert late.any()
    before = episode.image_table(CAMERAS[0]).host_ns[episode.image_rows(CAMERAS[0])[19]]
    assert (shown[late] == before).all()


def test_an_export_goes_on_with_what_is_missing(tmp_path: Path, episodes: list[DrawnEpisode]):
    options = ExportOptions(cameras=(CAMERAS[1],))
    export = open_export(tmp_path / "out", options)
    export.add("one", episodes[0])
    export.close()
    (tmp_path / "out.part/parts/00001").mkdir()  # what a kill leaves of the second
    (tmp_path / "out.part/parts/00001/table.parquet").write_bytes(b"PAR1")
    export = open_export(tmp_path / "out", options)
    assert export.done() == {"one"}
    export.add("two", episodes[1])
    dataset = export.finish()
    assert set(table(dataset)["episode_index"].to_pylist()) == {0, 1}
    assert not (dataset / "parts").exists()


def test_a_correction_is_marked_as_an_intervention(tmp_path: Path):
    episode = DrawnEpisode(40)
    episode._columns["modes"] = episode._columns["modes"].copy()
    episode._columns["modes"][20:30, 1] = episode.names("modes").index("OPERATOR")
    export = open_export(tmp_path / "out", ExportOptions(cameras=(CAMERAS[0],), size=16))
    export.add("corrected", episode)
    dataset = export.finish()
    rows = rows_of(40)
    wanted = [20 <= row < 30 for row in rows]
    assert numbers(dataset, "intervention").tolist() == wanted
    labels = numbers(dataset, "label")
    assert (labels[wanted] == [Label.PRE_INTERVENTION, Label.INTERVENTION])[:, 1].all()
    assert json.loads((dataset / "meta/info.json").read_bytes())["features"][
        f"observation.images.{CAMERAS[0]}"
    ]["shape"] == [16, 16, 3]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (ExportOptions(fps=12.5), "whole number"),
        (ExportOptions(size=33), "even number"),
        (ExportOptions(cameras=("ceiling",)), "no camera ceiling"),
    ],
)
def test_what_the_format_cannot_hold_is_refused_by_name(
    tmp_path: Path, options: ExportOptions, words: str, episodes: list[DrawnEpisode]
):
    with pytest.raises(ConversionError, match=words):
        open_export(tmp_path / "out", options).add("one", episodes[0])


def test_files_are_begun_anew_at_lerobots_limit_of_their_size(
    tmp_path: Path, episodes: list[DrawnEpisode], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lerobot_join, "VIDEO_MB", 0.0048)
    export = open_export(tmp_path / "out", ExportOptions(cameras=(CAMERAS[0],)))
    for number, episode in enumerate((episodes[1], episodes[1], episodes[0])):
        export.add(f"episode_{number:05d}", episode)
    dataset = export.finish()
    files = sorted(path.name for path in (dataset / "data/chunk-000").iterdir())
    assert files == ["file-000.parquet", "file-001.parquet"]
    second = table(dataset, "meta/episodes/chunk-000/file-001.parquet").to_pylist()
    video = f"videos/observation.images.{CAMERAS[0]}"
    assert [each[f"{video}/file_index"] for each in second] == [1] * len(second)
    assert second[0][f"{video}/from_timestamp"] == 0.0
    third = list(open_dataset(dataset).episodes())[2]
    assert third.stamp_ns is not None
    assert len(third.stamp_ns) == len(rows_of(LENGTHS[0]))
    assert len(list(third.cameras[CAMERAS[0]]())) == len(third.stamp_ns)
