"""Datasets exchanged with LeRobot 0.4.4 itself, in an environment of its own (tools/peer-env)."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

pytest.importorskip("pyarrow", reason="pyarrow is not installed")
pytest.importorskip("av", reason="PyAV is not installed")

from recorder.export.export import ExportOptions
from recorder.export.lerobot import open_export
from recorder.imports.lerobot import open_dataset
from teleop.errors import ConversionError
from tests.drawn_episode import DrawnEpisode
from tests.sample_steps import CAMERAS

PEERS = Path(os.environ.get("NUDGE_PEERS", Path.home() / ".cache/nudge/peers"))
PYTHON = PEERS / "lerobot/bin/python"
CODEC = 6.0 / 255  # mean error of a small picture
LENGTHS = (60, 45, 90)  # ticks of 10 ms

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not PYTHON.exists(), reason=f"LeRobot is not at {PYTHON}: run tools/peer-env lerobot"
    ),
]


def in_lerobot(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = Path(__file__).parent / "in_lerobot.py"
    quiet = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(home), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [str(PYTHON), str(script), *arguments],
        capture_output=True,
        text=True,
        env=os.environ | quiet,
        timeout=55,
        check=False,
    )


def loaded(root: Path, home: Path) -> dict[str, Any]:
    done = in_lerobot(home, "load", str(root))
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def stamps_of(said: dict[str, Any], episode: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Stamps of one episode's rows, whole to the nanosecond."""
    pairs = zip(said["stamp_ns"], said["episode_index"], strict=True)
    return np.array([stamp for stamp, number in pairs if number == episode], np.int64)


@pytest.mark.parametrize("video", ["h264", "av1"])
def test_lerobot_loads_an_export_whole(tmp_path: Path, video: Literal["h264", "av1"]):
    episodes = [DrawnEpisode(length) for length in LENGTHS]
    export = open_export(tmp_path / "out", ExportOptions(video=video))
    for number, episode in enumerate(episodes):
        export.add(f"episode_{number:05d}", episode)
    said = loaded(export.finish(), tmp_path / "hf")
    rows = [
        np.searchsorted(each.column("stamp_ns"), stamps_of(said, number))
        for number, each in enumerate(episodes)
    ]
    assert said["episodes"] == len(LENGTHS) and said["rows"] == sum(len(each) for each in rows)
    assert said["tasks"] == ["Plug it in."]
    action = np.array(said["action"])  # (N, 3, 14), each row with the two after it
    start = 0
    for episode, picked in zip(episodes, rows, strict=True):
        both = (episode.column("executed_twist"), episode.column("executed_opening")[..., None])
        wanted = np.concatenate(both, axis=-1)[picked].reshape(-1, 14).astype(np.float32)
        end = start + len(picked)
        np.testing.assert_array_equal(action[start:end, 0].astype(np.float32), wanted)
        np.testing.assert_array_equal(action[start : end - 1, 1].astype(np.float32), wanted[1:])
        assert said["action_is_pad"][end - 1] == [False, True, True]
        assert said["next.done"][end - 1] and said["next.success"][end - 1]
        for camera in CAMERAS:
            shape, means = said[f"observation.images.{camera}"]
            assert shape[1:] == [2, 3, 32, 32]
            shown = episode.images(camera, episode.image_rows(camera)[picked].tolist()) / 255
            error = np.array(means)[start:end, 1] - shown.mean(axis=(1, 2, 3))
            assert np.abs(error).max() < CODEC
        start = end
    np.testing.assert_allclose(
        said["stats"]["action"]["mean"], action[:, 0].mean(axis=0), rtol=1e-4
    )
    assert np.shape(said["stats"][f"observation.images.{CAMERAS[0]}"]["q99"]) == (3, 1, 1)


@pytest.mark.parametrize("kind", ["video", "image"])
def test_what_lerobot_recorded_is_read(tmp_path: Path, kind: str):
    done = in_lerobot(tmp_path / "hf", "make", str(tmp_path / "set"), kind)
    assert done.returncode == 0, done.stderr[-3000:]
    episodes = list(open_dataset(tmp_path / "set").episodes())
    assert [episode.success for episode in episodes] == [True, False]
    for number, episode in enumerate(episodes):
        count = (12, 17)[number]
        assert (episode.fps, episode.instruction) == (10.0, f"task {number}")
        state = np.repeat(number + np.arange(count)[:, None] / 100, 7, axis=1)
        np.testing.assert_array_equal(episode.arrays["observation.state"], state.astype("f4"))
        assert episode.arrays["observation.force"].shape == (count, 5, 6)
        assert episode.columns["action"] == tuple(f"j{joint}" for joint in range(7))
        images = list(episode.cameras["top"]())
        assert len(images) == count
        for row, image in enumerate(images):
            assert isinstance(image, np.ndarray) and image.shape == (64, 96, 3)
            assert abs(float(image.mean()) - (20 + 8 * row + number)) < 4


def test_what_lerobot_left_when_it_was_killed_is_refused_with_the_reason(tmp_path: Path):
    in_lerobot(tmp_path / "hf", "kill", str(tmp_path / "set"))
    with pytest.raises(ConversionError, match="not finalized"):
        list(open_dataset(tmp_path / "set").episodes())
