"""An export to LeRobot that is killed again and again loses nothing that was done."""

import random
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyarrow", reason="pyarrow is not installed")
pytest.importorskip("av", reason="PyAV is not installed")

from recorder.imports.lerobot import open_dataset
from recorder.reader import EpisodeReader
from recorder.writer import EpisodeWriter
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder
from tests.sample_files import feed, run_python
from tests.sample_steps import opening, plain_step

EPISODES, KILLS = 6, 8
EXPORT = """
import sys
from pathlib import Path
from recorder.export.export import ExportOptions
from recorder.export.lerobot import open_export
from recorder.reader import EpisodeReader
sys.stdout.write("ready\\n")
sys.stdout.flush()
export = open_export(Path(sys.argv[2]), ExportOptions())
for path in sorted(Path(sys.argv[1]).iterdir()):
    if path.is_dir() and path.name not in export.done():
        with EpisodeReader(path) as episode:
            export.add(path.name, episode)
export.finish()
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_at_random_moments_it_goes_on_and_the_dataset_is_whole(tmp_path: Path):
    folder = SessionFolder(tmp_path / "session")
    folder.episodes.mkdir(parents=True)
    for number in range(EPISODES):
        writer = EpisodeWriter(folder, opening(number))
        feed(writer, (plain_step(index) for index in range(60 + 10 * number)))
        writer.close(Outcome.SUCCESS, "inserted", 5)
    target, random_s, kills = tmp_path / "out", random.Random(7), 0
    while kills < KILLS:
        shutil.rmtree(target, ignore_errors=True)
        while not target.exists():
            process = run_python(EXPORT, str(folder.episodes), str(target))
            assert process.stdout is not None
            process.stdout.readline()
            try:
                _, said = process.communicate(timeout=random_s.uniform(0.05, 1.5))
                assert process.returncode == 0, said
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                kills += 1
        compare(target, folder)


def compare(target: Path, folder: SessionFolder) -> None:
    dataset = open_dataset(target)
    assert len(dataset) == EPISODES
    for number, episode in enumerate(dataset.episodes()):
        with EpisodeReader(folder.episodes / f"episode_{number:05d}") as recorded:
            assert episode.stamp_ns is not None
            rows = np.searchsorted(recorded.column("stamp_ns"), episode.stamp_ns)
            twist = episode.arrays["action"].reshape(-1, 2, 7)[..., :6]
            np.testing.assert_array_equal(twist, recorded.column("executed_twist")[rows])
            for camera, images in episode.cameras.items():
                shown = recorded.images(camera, recorded.image_rows(camera)[rows].tolist())
                exported = np.array(list(images()), np.float64)
                assert exported.shape == shown.shape
                assert np.abs(exported - shown).mean() < 6.0
