import importlib
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recorder.export.export import ExportOptions
from recorder.export.work import format_named, load
from teleop.errors import ConversionError
from tests.drawn_episode import EPOCH_NS, DrawnEpisode
from tests.sample_steps import CAMERAS

Columns = dict[str, dict[str, Any]]


def exported(folder: Path, episode: DrawnEpisode) -> Path:
    export = load(format_named("rerun"))(folder / "out", ExportOptions())
    export.add("episode_00004", episode)
    return export.finish() / "episode_00004.rrd"


def read(path: Path) -> Columns:
    """Each entity's columns, as rerun's own reader gives them."""
    reader = importlib.import_module("rerun.chunk").RrdReader(path)
    entities: Columns = {}
    for chunk in reader.stream():
        batch = chunk.to_record_batch()
        columns = entities.setdefault(chunk.entity_path, {})
        for name in batch.schema.names:
            values = batch.column(name)
            if str(values.type).startswith("timestamp"):
                values = values.cast("int64")
            columns[name] = columns.get(name, []) + values.to_pylist()
    return entities


@pytest.fixture(scope="module")
def episode() -> DrawnEpisode:
    return DrawnEpisode()


@pytest.fixture(scope="module")
def entities(episode: DrawnEpisode, tmp_path_factory: pytest.TempPathFactory) -> Columns:
    pytest.importorskip("rerun.chunk", reason="rerun is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return read(exported(tmp_path_factory.mktemp("rerun"), episode))


@pytest.mark.slow  # rerun takes a second to load
def test_actions_and_samples_come_back_with_the_same_numbers(
    entities: Columns, episode: DrawnEpisode
):
    twists = np.array(entities["/action/right/executed/twist"]["Scalars:scalars"], np.float32)
    assert np.array_equal(twists, episode.column("executed_twist")[:, 1])
    wrench = np.array(entities["/samples/wrench_left"]["Scalars:scalars"], np.float32)
    assert np.array_equal(wrench, episode.wrench.data)
    touch = np.array(entities["/state/left/tactile"]["data"], np.float32)
    assert np.array_equal(touch, episode.column("tactile")[:, 0].reshape(len(episode), -1))


@pytest.mark.slow  # rerun takes a second to load
def test_timelines_are_the_hosts_time_and_the_tick(entities: Columns, episode: DrawnEpisode):
    rows = entities["/action/left/executed/twist"]
    assert rows["tick"] == episode.column("index").tolist()
    wrench = entities["/samples/wrench_left"]
    stamps = [EPOCH_NS + number * 1_000_001 for number in episode.wrench.sequence]
    assert np.abs(np.array(wrench["host_time"]) - stamps).max() <= 1
    assert wrench["tick"][:12] == [0] * 8 + [1] * 4  # two samples of the first tick were lost


@pytest.mark.slow  # rerun takes a second to load
def test_jpegs_pass_through_as_they_were_stored(entities: Columns, episode: DrawnEpisode):
    blobs = entities[f"/camera/{CAMERAS[0]}"]["EncodedImage:blob"]
    assert [bytes(blob[0]) for blob in blobs] == episode.jpegs(CAMERAS[0])


@pytest.mark.slow  # rerun takes a second to load
def test_poses_are_in_reruns_order_of_a_quaternion(entities: Columns, episode: DrawnEpisode):
    (turn,) = entities["/ee/left"]["Transform3D:quaternion"][3]
    w, x, y, z = episode.column("quaternion")[3, 0].astype(np.float32).tolist()
    assert turn == [x, y, z, w]


@pytest.mark.slow  # rerun takes a second to load
def test_events_and_modes_are_texts(entities: Columns):
    texts = [each[0] for each in entities["/events"]["TextLog:text"]]
    assert "takeover" in texts[0] and "Right arm." in texts[0]
    assert "samples=2" in texts[1]
    assert entities["/drive/left/mode"]["TextLog:text"] == [["POLICY"]]


def test_without_rerun_the_command_to_install_it_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "rerun", None)
    with pytest.raises(ConversionError, match="pip install 'nudge-teleop\\[rerun\\]'"):
        load(format_named("rerun"))


@pytest.mark.slow
def test_reruns_own_program_takes_both_exports(tmp_path: Path, episode: DrawnEpisode):
    pytest.importorskip("rerun", reason="rerun is not installed")
    path = exported(tmp_path, episode)
    rerun = Path(sys.executable).with_name("rerun")
    subprocess.run([rerun, "rrd", "verify", path], check=True, timeout=50)
    export = load(format_named("mcap"))(tmp_path / "mcap", ExportOptions())
    export.add("episode_00004", episode)
    source = tmp_path / "mcap" / "episode_00004.mcap"
    into = tmp_path / "converted.rrd"
    subprocess.run([rerun, "mcap", "convert", source, "-o", into], check=True, timeout=50)
    subprocess.run([rerun, "rrd", "verify", into], check=True, timeout=50)
    assert (
        bytes(read(into)[f"/camera/{CAMERAS[0]}"]["EncodedImage:blob"][2][0])
        == (episode.jpegs(CAMERAS[0])[2])
    )
