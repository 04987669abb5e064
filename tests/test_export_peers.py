"""Our files read by robomimic 0.3.0 and the way ACT reads, in an environment of their own."""

import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recorder.export import aloha
from recorder.export.export import ExportOptions
from recorder.export.robomimic import open_export
from tests.corrected_episode import CorrectedEpisode
from tests.drawn_episode import DrawnEpisode
from tests.sample_steps import CAMERAS

PEERS = Path(os.environ.get("NUDGE_PEERS", Path.home() / ".cache/nudge/peers"))
PYTHON = PEERS / "robomimic/bin/python"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not PYTHON.exists(), reason=f"robomimic is not at {PYTHON}: run tools/peer-env robomimic"
    ),
]


def run(*arguments: object) -> str:
    done = subprocess.run(
        [str(PYTHON), *map(str, arguments)],
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        timeout=55,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def read(how: str, path: Path, out: Path) -> Any:
    run(Path(__file__).parent / "in_robomimic.py", how, path, out)
    return np.load(out)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    options = ExportOptions(fps=100, linear_speed=10.0, angular_speed=10.0)
    export = open_export(tmp_path / "a.hdf5", options)
    export.add("s-0", CorrectedEpisode())
    export.add("s-1", DrawnEpisode(12))
    return export.finish()


def test_robomimics_dataset_gives_the_recorded_numbers(file: Path, tmp_path: Path):
    found = read("load", file, tmp_path / "found.npz")
    episode = CorrectedEpisode()
    assert (found["rows"], found["corrections"], found["action_size"]) == (42, 30, 14)
    assert found["env_type"] == 2
    first = found["actions"][:30, 0].reshape(30, 2, 7)[:, :, :6] * 10.0
    np.testing.assert_allclose(first, episode.column("executed_twist"), rtol=1e-6)
    np.testing.assert_array_equal(found["actions"][0, 1:], found["actions"][1:10, 0])
    assert found["action_modes"][15, 0] == 1 and found["intv_labels"][5, 0] == -10
    np.testing.assert_allclose(
        found["robot0_eef_pos"][:30], episode.column("position")[:, 0], rtol=1e-6
    )
    np.testing.assert_array_equal(found["next_robot1_tactile"][:29], found["robot1_tactile"][1:30])
    for camera in CAMERAS:
        images = episode.images(camera, episode.image_rows(camera).tolist())
        shown = found[f"{camera}_image"][:30]  # channels first, 0 to 1, or as they are
        if shown.shape[1] == 3:
            shown = shown.transpose(0, 2, 3, 1)
        scale = 255.0 if shown.max() <= 1.0 else 1.0
        np.testing.assert_allclose(shown * scale, images, atol=1e-3)


def test_robomimics_own_check_finds_nothing_wrong(file: Path):
    told = run("-m", "robomimic.scripts.get_dataset_info", "--dataset", file)
    assert "total transitions: 42" in told
    assert "filter key corrections with 1 demos" in told


@pytest.mark.parametrize("raw", [False, True])
def test_act_reads_joints_actions_and_images(tmp_path: Path, raw: bool):
    episode = CorrectedEpisode()
    export = aloha.open_export(tmp_path / "out", ExportOptions(fps=100, raw=raw))
    export.add("s-0", episode)
    found = read("act", export.finish(), tmp_path / "found.npz")
    q = episode.column("q")
    np.testing.assert_array_equal(found["qpos"].reshape(30, 2, 7)[:, :, :6], q)
    first = found["first_actions"].reshape(30, 2, 7)[:, :, :6]
    np.testing.assert_array_equal(first[:-1], q[1:])  # not the joints it has already
    for camera in CAMERAS:
        images = episode.images(camera, episode.image_rows(camera).tolist())
        off = np.abs(found[camera][:, :, :, ::-1].astype(int) - images)
        assert off.max() <= 3  # two JPEG decoders
