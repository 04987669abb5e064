"""HDF5 crashes a process that closes a file it could not write: the recorder must outlive that."""

from pathlib import Path

from recorder.reader import EpisodeReader
from recorder.repair import salvage_all
from recorder.schema import State
from teleop.session_folder import SessionFolder
from tests.sample_files import run_python

RECORD = """
import gc, resource, sys
from dataclasses import replace
from pathlib import Path
from recorder.inline import InlineRecorder
from teleop.errors import EpisodeError
from teleop.session_folder import SessionFolder
from tests.sample_steps import DrawnFrames, opening, plain_step
recorder = InlineRecorder(SessionFolder(Path(sys.argv[1])), DrawnFrames())
recorder.opened(opening(4))
for index in range(120):
    recorder.step(replace(plain_step(index), episode=4))
recorder.flush()
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
for index in range(120, 300):
    try:
        recorder.step(replace(plain_step(index), episode=4))
    except EpisodeError as error:
        print(error)
gc.collect()
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
recorder.opened(opening(5))
for index in range(100):
    recorder.step(replace(plain_step(index), episode=5))
recorder.close()
print("unrecorded", recorder.unrecorded_steps)
"""


def test_a_disk_that_refuses_a_write_costs_one_episode_and_not_the_recorder(tmp_path: Path):
    process = run_python(RECORD, str(tmp_path))
    said, errors = process.communicate(timeout=50.0)
    assert process.returncode == 0, errors
    assert said.count("Cannot write") == 1
    assert "File too large" in said
    assert 100 < int(said.split()[-1]) <= 180
    folder = SessionFolder(tmp_path)
    with EpisodeReader(folder.episodes / "episode_00005") as next_one:
        assert len(next_one) == 100
    [salvaged] = salvage_all(folder.episodes)
    assert salvaged.saved is not None, salvaged.text
    with EpisodeReader(Path(salvaged.saved.path)) as episode:
        assert episode.header.state is State.SALVAGED
        assert len(episode) >= 100
