import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from recorder.live.joining import Joining, to_be_joined
from recorder.reader import EpisodeReader
from recorder.schema import WHOLE
from recorder.writer import EpisodeWriter
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder
from tests.sample_steps import opening, plain_step


def in_segments(folder: SessionFolder, episode: int) -> Path:
    writer = EpisodeWriter(folder, opening(episode), segment_s=0.1)
    for index in range(60):
        writer.append(plain_step(index))
    return Path(writer.close(Outcome.SUCCESS, "inserted").path)


def done(joining: Joining) -> None:
    deadline_s = time.monotonic() + 20.0
    while joining.waiting:
        assert time.monotonic() < deadline_s
        joining.round(may_begin=True)
        time.sleep(0.01)


def test_finished_episodes_are_joined_one_after_the_other_beside_the_recording(tmp_path: Path):
    folder = SessionFolder(tmp_path)
    paths = [in_segments(folder, episode) for episode in (4, 5)]
    assert to_be_joined(folder) == tuple(paths)
    joining = Joining()
    joining.add(to_be_joined(folder))
    joining.add(paths)
    assert joining.waiting == 2
    joining.round(may_begin=False)
    assert not any((path / WHOLE).exists() for path in paths)
    done(joining)
    assert to_be_joined(folder) == ()
    for path in paths:
        assert (path / WHOLE).exists()
        with EpisodeReader(path) as reader:
            assert len(reader) == 60
    (tmp_path / "episodes" / "episode_00006").mkdir()
    joining.add([tmp_path / "episodes" / "episode_00006"])  # nothing in it: told, not fatal
    done(joining)
    joining.close()
    joining.close()


PARENT = """
import os, signal, sys, time
from pathlib import Path
from recorder.live.joining import Joining
joining = Joining()
joining.add([Path(sys.argv[1])])
joining.round(may_begin=True)
print(joining._worker.process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.slow
def test_the_process_that_joins_dies_with_a_killed_recorder(tmp_path: Path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "nothing")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()
    deadline_s = time.monotonic() + 20.0
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)
