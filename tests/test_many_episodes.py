"""A long shift: 2,000 episodes in one session."""

import resource
import shutil
import time
from pathlib import Path

import h5py
import pytest

from recorder.catalog import scan
from recorder.listing import ListOptions, episodes_of, table
from recorder.schema import WHOLE
from teleop.session_folder import SessionFolder
from tests.sample_files import written

COUNT = 2000


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_thousand_episodes_are_listed_in_a_second_of_work_and_flat_memory(tmp_path: Path):
    made = written(SessionFolder(tmp_path / "one"), 5)
    folder = SessionFolder(tmp_path / "many")
    for number in range(COUNT):
        path = folder.episodes / f"episode_{number:05d}"
        shutil.copytree(made, path)
        with h5py.File(path / WHOLE, "r+") as file:
            file.attrs["episode"] = number
    told: list[str] = []
    assert sum(1 for _ in scan(folder, told.append)) == COUNT  # writes the caches
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began_s = time.process_time()
    for _ in range(5):
        lines = table(episodes_of(ListOptions((folder.path,))).episodes, coloured=False)
        assert lines.count("\n") == COUNT
    took_s = (time.process_time() - began_s) / 5
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    assert not told
    assert took_s < 1.0
    assert grown_kb < 30_000
